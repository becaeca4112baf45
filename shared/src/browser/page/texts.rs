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
mod tests;
mod tr;
mod zh;
mod zh_hant;

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
