//! Which language a page is in, and the way to the others.

use lambda_http::http::HeaderMap;
use maud::{Markup, html};

use super::{
    Language, Page,
    texts::{Word, word},
};
use crate::browser::cookie::chosen_language;

/// The languages that are named for a page, by whom.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wishes {
    /// By the parameter `language` of this request.
    pub(super) asked: Option<Language>,
    /// By an earlier request of this browser with that parameter.
    chosen: Option<Language>,
    /// By the integrator, for the user to whom it gave the link.
    pub(super) of_link: Option<Language>,
    /// By the settings of the browser.
    of_browser: Option<Language>,
    /// By the integrator, for all partners of the application.
    pub(super) of_application: Option<Language>,
}

impl Wishes {
    /// Reads what a browser's headers name.
    pub(super) fn of_browser(headers: &HeaderMap) -> Self {
        Self {
            chosen: chosen_language(headers).and_then(Language::of_tag),
            of_browser: Language::wanted_by(headers),
            ..Self::default()
        }
    }

    /// Returns the language of the page. What the partner chose counts most, then what is known of the partner, then what is known
    /// of all partners.
    pub(super) fn language(self) -> Language {
        let partner = self.asked.or(self.chosen).or(self.of_link).or(self.of_browser);
        partner.or(self.of_application).unwrap_or(Language::English)
    }
}

impl Page<'_> {
    /// Lists the other languages, if the page can be asked for again.
    pub(super) fn other_languages(&self) -> Markup {
        html! { @if let Some(path) = &self.switch { (languages(self.language(), &format!("{path}&"))) } }
    }
}

/// Lists the languages but `current`, each in itself and in the order of these names. `path` is that of the page, up to the parameter that
/// is added.
pub(super) fn languages(current: Language, path: &str) -> Markup {
    let mut others = Language::ALL.to_vec();
    others.retain(|language| *language != current);
    others.sort_by_key(|language| language.name());
    html! {
        nav.languages aria-label=(word(current, Word::Language)) {
            @for language in others {
                @let turned = (language.direction() != current.direction()).then(|| language.direction());
                a lang=(language.tag()) dir=[turned] href={ (path) "language=" (language.tag()) } { (language.name()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partner_counts_more_than_the_link_the_link_more_than_the_browser_and_the_application_least() {
        let mut wishes = Wishes::default();
        assert_eq!(wishes.language(), Language::English);
        wishes.of_application = Some(Language::Polish);
        assert_eq!(wishes.language(), Language::Polish);
        wishes.of_browser = Some(Language::Dutch);
        assert_eq!(wishes.language(), Language::Dutch);
        wishes.of_link = Some(Language::Hindi);
        assert_eq!(wishes.language(), Language::Hindi);
        wishes.chosen = Some(Language::Korean);
        assert_eq!(wishes.language(), Language::Korean);
        wishes.asked = Some(Language::Arabic);
        assert_eq!(wishes.language(), Language::Arabic);
    }
}
