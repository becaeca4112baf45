//! The texts of the pages: a file for each language. A language with a missing text does not compile.
//!
//! The name of an application is inserted unchanged. So a text has it only where a name without declension reads
//! well, and where `THE_APPLICATION` does too.

#![expect(clippy::too_many_lines, reason = "one message after another is a list, however long")]

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod nl;
mod pl;
mod pt;
mod sv;
mod tr;
mod zh;

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
    /// Says which plan a seller needs.
    Plan,
    /// Leads to the page that explains Amazon's error codes.
    Help,
}

/// Returns the text of `word`.
pub(super) fn word(language: Language, word: Word) -> &'static str {
    in_language!(language, word(word))
}

/// Returns title and text of `message`. In both, `{application}` stands for a name or `THE_APPLICATION`, and `{name}`
/// for a name alone; in the text, `{partner}` and
/// `{account}` do too, and a line break separates paragraphs.
pub(super) fn text(language: Language, message: Message) -> (&'static str, &'static str) {
    in_language!(language, text(message))
}

/// Returns the words for an application whose name is not known.
pub(super) fn the_application(language: Language) -> &'static str {
    in_language!(language, THE_APPLICATION)
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
            Language::Dutch => nl::$item $(($argument))?,
            Language::English => en::$item $(($argument))?,
            Language::French => fr::$item $(($argument))?,
            Language::German => de::$item $(($argument))?,
            Language::Italian => it::$item $(($argument))?,
            Language::Japanese => ja::$item $(($argument))?,
            Language::Polish => pl::$item $(($argument))?,
            Language::Portuguese => pt::$item $(($argument))?,
            Language::Spanish => es::$item $(($argument))?,
            Language::Swedish => sv::$item $(($argument))?,
            Language::Turkish => tr::$item $(($argument))?,
        }
    };
}
use in_language;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const EVERY_MESSAGE: [Message; 25] = [
        Message::Authorized,
        Message::AuthorizedButDisabled,
        Message::Conflict,
        Message::Exchanging,
        Message::ChooseJourney,
        Message::ChooseCentral,
        Message::BadLink,
        Message::NotAmazon,
        Message::Misdirected,
        Message::UnknownApplication,
        Message::StartElsewhere,
        Message::UnknownState,
        Message::OtherBrowser,
        Message::OtherPartner,
        Message::Expired,
        Message::Interrupted,
        Message::CodeRefused,
        Message::ApplicationRefused,
        Message::NotConsented,
        Message::Unavailable,
        Message::Internal,
        Message::ConfirmLink,
        Message::LinkUsed,
        Message::LinkExpired,
        Message::NotFound,
    ];

    const EVERY_WORD: [Word; 17] = [
        Word::Reference,
        Word::Support,
        Word::Home,
        Word::Done,
        Word::Waiting,
        Word::Problem,
        Word::Partner,
        Word::Expected,
        Word::Account,
        Word::Stores,
        Word::Until,
        Word::SignInAt,
        Word::Manage,
        Word::OtherAccount,
        Word::WhoMay,
        Word::Plan,
        Word::Help,
    ];

    #[test]
    fn every_message_has_a_title_and_paragraphs_in_every_language() {
        for (language, message) in every_text() {
            let (title, text) = super::text(language, message);
            let paragraphs = |text: &str| text.split('\n').count();
            assert!(!title.trim().is_empty() && !title.contains('\n'), "{language:?} {message:?}");
            assert!(text.split('\n').all(|paragraph| !paragraph.is_empty()), "{language:?} {message:?}");
            assert!(
                text.split('\n').all(|paragraph| paragraph.trim() == paragraph),
                "{language:?} {message:?}"
            );
            let english = super::text(Language::English, message).1;
            assert_eq!(paragraphs(text), paragraphs(english), "{language:?} {message:?}");
        }
    }

    #[test]
    fn every_language_names_what_english_names() {
        for (language, message) in every_text() {
            let (title, text) = super::text(language, message);
            let english = super::text(Language::English, message);
            assert_eq!(placeholders(title), placeholders(english.0), "title, {language:?} {message:?}");
            assert_eq!(placeholders(text), placeholders(english.1), "text, {language:?} {message:?}");
        }
    }

    #[test]
    fn every_word_exists_in_every_language_and_names_what_it_names_in_english() {
        for language in Language::ALL {
            for each in EVERY_WORD {
                let (text, english) = (word(language, each), word(Language::English, each));
                assert!(!text.is_empty() && text.trim() == text, "{language:?} {each:?}");
                assert_eq!(placeholders(text), placeholders(english), "{language:?} {each:?}");
            }
        }
        for each in EVERY_WORD.map(|each| word(Language::French, each)) {
            assert!(!each.contains(" :"), "French has no break before a colon: {each}");
        }
    }

    #[test]
    fn every_language_has_its_own_words() {
        let authorized: HashSet<_> = Language::ALL.map(|language| text(language, Message::Authorized)).into();
        let applications: HashSet<_> = Language::ALL.map(the_application).into();
        let support_codes: HashSet<_> = Language::ALL.map(support_code).into();
        let again: HashSet<_> = Language::ALL.map(start_again).into();
        let looks: HashSet<_> = Language::ALL.map(look_again).into();
        let without: HashSet<_> = Language::ALL.map(without_link).into();
        for distinct in [
            authorized.len(),
            applications.len(),
            support_codes.len(),
            again.len(),
            looks.len(),
            without.len(),
        ] {
            assert_eq!(distinct, Language::ALL.len());
        }
    }

    fn every_text() -> impl Iterator<Item = (Language, Message)> {
        Language::ALL.into_iter().flat_map(|language| EVERY_MESSAGE.map(|message| (language, message)))
    }

    /// Returns the placeholders in alphabetical order, because a translation may order them differently.
    fn placeholders(text: &str) -> Vec<&str> {
        let mut found: Vec<_> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        found.sort_unstable();
        found
    }
}
