//! Puts names into the texts of a page.

use maud::{Markup, html};

use super::Page;

impl Page<'_> {
    /// Returns `text` as markup, with its placeholders replaced. Each name keeps its own writing direction.
    pub(super) fn named(&self, text: &str) -> Markup {
        let text = self.with_or_without_name(text);
        let mut rest = text.as_str();
        let mut markup = html! {};
        while let Some((before, name, after)) = self.next_name(rest) {
            markup = html! { (markup) (before) bdi { (name) } };
            rest = after;
        }
        html! { (markup) (rest) }
    }

    /// Returns `text` with what is in brackets if the name of the application is known, and else without it. A paragraph begins with a
    /// capital letter even if the name that it would begin with is not known.
    fn with_or_without_name(&self, text: &str) -> String {
        let mut chosen = String::new();
        let mut rest = text;
        while let Some((before, (inside, after))) =
            rest.split_once('[').and_then(|(before, rest)| Some((before, rest.split_once(']')?)))
        {
            chosen += before;
            if self.name().is_some() {
                chosen += inside;
            }
            rest = after;
        }
        capitalized(&(chosen + rest))
    }

    fn next_name<'t>(&'t self, text: &'t str) -> Option<(&'t str, &'t str, &'t str)> {
        let (before, rest) = text.split_once('{')?;
        let (placeholder, after) = rest.split_once('}')?;
        let name = match placeholder {
            "name" => self.name(),
            "account" => self.account,
            _ => self.partner,
        };
        Some((before, name.unwrap_or("?"), after))
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
