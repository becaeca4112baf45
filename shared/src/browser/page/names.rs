//! Puts names into the texts of a page.

use maud::{Markup, html};

use super::{Page, texts};

impl Page<'_> {
    /// Returns `text` as markup, with its placeholders replaced. Each name keeps its own writing direction.
    pub(super) fn named(&self, text: &'static str) -> Markup {
        let mut rest = text;
        let mut markup = html! {};
        while let Some((before, name, after)) = self.next_name(rest) {
            // A paragraph that begins with "the application" begins with a capital letter.
            let name =
                if markup.0.is_empty() && before.is_empty() { capitalized(name) } else { name.to_owned() };
            markup = html! { (markup) (before) bdi { (name) } };
            rest = after;
        }
        html! { (markup) (rest) }
    }

    /// Returns `text` with its placeholders replaced, for a title.
    pub(super) fn plain(&self, text: &'static str) -> String {
        let mut rest = text;
        let mut plain = String::new();
        while let Some((before, name, after)) = self.next_name(rest) {
            plain = plain + before + name;
            rest = after;
        }
        capitalized(&(plain + rest))
    }

    fn next_name(&self, text: &'static str) -> Option<(&'static str, &str, &'static str)> {
        let (start, end) = (text.find('{')?, text.find('}')?);
        let name = match &text[start..=end] {
            "{application}" => self.name().unwrap_or(texts::the_application(self.language)),
            // The text says "application" itself.
            "{name}" => self.name().unwrap_or_default(),
            "{account}" => self.account.unwrap_or("?"),
            _ => self.partner.unwrap_or("?"),
        };
        Some((&text[..start], name, &text[end + 1..]))
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
