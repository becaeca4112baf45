//! Texts from elsewhere, such as a store's name, as a terminal may safely show them.

use std::fmt::Write;

use serde_json::Value;

/// The text with every character that could move the cursor, colour the screen or reorder the line written as `\u{..}`.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmful(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The value on one line, with the same characters escaped as JSON escapes them.
pub(crate) fn json(value: &Value) -> String {
    let text = value.to_string();
    if !text.chars().any(is_harmful) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_harmful(character) {
            // All of them are in the first plane of Unicode, and inside a string: JSON itself is ASCII.
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters (C0, DEL, C1), line and paragraph separators, what reverses the direction of writing, and what is not
/// seen at all.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_from_elsewhere_reaches_the_terminal_as_an_order() {
        assert_eq!(harmless("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(harmless("line\nbreak\ttab\u{7f}\u{9b}2J"), "line\\u{a}break\\u{9}tab\\u{7f}\\u{9b}2J");
        assert_eq!(harmless("\u{202e}txt.exe"), "\\u{202e}txt.exe");
        assert_eq!(harmless("Käse & 書店 👩‍💻"), "Käse & 書店 👩‍💻");
    }

    #[test]
    fn json_stays_the_same_document() {
        let value = json!({"name": "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\"\\ 書店"});

        let text = terminal_json_is_plain(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    fn terminal_json_is_plain(value: &Value) -> String {
        let text = super::json(value);
        assert!(!text.chars().any(is_harmful), "{text:?}");
        text
    }
}
