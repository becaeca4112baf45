//! The texts of the pages: a file for each language. A language with a missing text does not compile.
//!
//! The name of an application is inserted unchanged, and stands beside the word for application, which alone is declined and takes
//! articles, prefixes and suffixes: `the application[ {name}]`. What is in brackets is left out where the name is not known.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod hi;
mod it;
mod ja;
mod ko;
mod nl;
mod pl;
mod pt;
mod pt_pt;
mod sv;
#[cfg(test)]
pub(super) mod tests;
mod tr;
mod zh;
mod zh_hant;

use jiff::civil::Date;

use super::{Language, Message};

/// A label, or a sentence that several messages share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Word {
    /// Before the reference.
    Reference,
    /// Before the address for help.
    Support,
    /// Leads back to the integrator's site.
    Home,
    /// The mark of success.
    Done,
    /// The mark of what is still to come.
    Waiting,
    /// The mark of trouble.
    Problem,
    /// Before the id of the partner.
    Partner,
    /// Before the id of the partner who was expected.
    Expected,
    /// Before the integrator's name for its account.
    Account,
    /// Before the stores.
    Stores,
    /// Before the day on which the authorization ends.
    Until,
    /// Before the host of Amazon at which the partner consents.
    SignInAt,
    /// Before the list of Amazon's sites.
    Site,
    /// Leads to Amazon's page of authorized applications.
    Manage,
    /// Connects `{partner}` instead of the expected one.
    OtherAccount,
    /// Says who may authorize at `{central}`.
    WhoMay,
    /// Amazon's name for the site of sellers.
    SellerCentral,
    /// Amazon's name for the site of vendors.
    VendorCentral,
    /// Says which plan a seller needs.
    Plan,
    /// Says what the list of languages is, to screen readers.
    Language,
    /// Leads to the page that explains Amazon's error codes.
    Help,
}

/// The code (ISO 3166) and name of each marketplace's country, in the order in which the language lists them. The names are those of the
/// Unicode CLDR 48; the order is that of its collation, and in Japanese that of the readings.
pub(super) type Countries = [(&'static str, &'static str); 23];

/// What the page of Amazon's error codes says.
pub(super) struct Help {
    /// That nothing was authorized, and what helps with any code.
    pub(super) intro: &'static str,
    /// Before what the operators of the application can do.
    pub(super) operators: &'static str,
    /// What to do about a page of Amazon's that stays blank.
    pub(super) blank: &'static str,
    /// What each code means, what the partner can do, and what the operators of the application can do; empty where there is
    /// nothing to add.
    pub(super) codes: [Explained; 12],
}

/// A meaning, and two pieces of advice.
pub(super) type Explained = (&'static str, &'static str, &'static str);

/// Returns the text of `word`.
pub(super) fn word(language: Language, word: Word) -> &'static str {
    in_language!(language, word(word))
}

/// Returns title and text of `message`. In the text, `{name}`, `{partner}` and `{account}` stand for names, brackets enclose what
/// is left out without the application's name, and a line break separates paragraphs.
pub(super) fn text(language: Language, message: Message) -> (&'static str, &'static str) {
    in_language!(language, text(message))
}

/// Returns the words before the support code.
pub(super) fn support_code(language: Language) -> &'static str {
    in_language!(language, SUPPORT_CODE)
}

/// Returns the label of the button that continues to Amazon.
pub(super) fn go_on(language: Language) -> &'static str {
    in_language!(language, CONTINUE)
}

/// Returns the label of the link that begins the journey again.
pub(super) fn start_again(language: Language) -> &'static str {
    in_language!(language, START_AGAIN)
}

/// Returns the label of the link that loads the page again.
pub(super) fn look_again(language: Language) -> &'static str {
    in_language!(language, LOOK_AGAIN)
}

/// Returns the label of the link that goes on without the link that this browser opened.
pub(super) fn without_link(language: Language) -> &'static str {
    in_language!(language, WITHOUT_LINK)
}

/// Returns how the language writes this day.
pub(super) fn day(language: Language, date: Date) -> String {
    let months: [&str; 12] = in_language!(language, MONTHS);
    let month = months[usize::from(date.month().unsigned_abs()) - 1];
    in_language!(language, DAY)
        .replace("{day}", &date.day().to_string())
        .replace("{month}", month)
        .replace("{year}", &date.year().to_string())
}

/// Returns the countries of the marketplaces.
pub(super) fn countries(language: Language) -> Countries {
    in_language!(language, COUNTRIES)
}

/// Returns the words about Amazon's error codes.
pub(super) fn help(language: Language) -> Help {
    in_language!(language, HELP)
}

/// An item of a language's module. This is the only place that maps a language to its module.
macro_rules! in_language {
    ($language:expr, $item:ident $(($argument:expr))?) => {
        match $language {
            Language::Arabic => ar::$item $(($argument))?,
            Language::Chinese => zh::$item $(($argument))?,
            Language::TraditionalChinese => zh_hant::$item $(($argument))?,
            Language::Dutch => nl::$item $(($argument))?,
            Language::English => en::$item $(($argument))?,
            Language::French => fr::$item $(($argument))?,
            Language::German => de::$item $(($argument))?,
            Language::Hindi => hi::$item $(($argument))?,
            Language::Italian => it::$item $(($argument))?,
            Language::Japanese => ja::$item $(($argument))?,
            Language::Korean => ko::$item $(($argument))?,
            Language::Polish => pl::$item $(($argument))?,
            Language::Portuguese => pt::$item $(($argument))?,
            Language::EuropeanPortuguese => pt_pt::$item $(($argument))?,
            Language::Spanish => es::$item $(($argument))?,
            Language::Swedish => sv::$item $(($argument))?,
            Language::Turkish => tr::$item $(($argument))?,
        }
    };
}
use in_language;
