//! Escapes text from outside, such as a store's name, so that it cannot control the terminal.

use std::fmt::Write;

use serde_json::Value;

/// The text, with every character that could move the cursor, colour the screen or reorder the line written as `\u{..}`.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The value on one line of JSON, with the same characters escaped as `\uXXXX`.
pub(crate) fn json(value: &Value) -> String {
    json_text(value.to_string())
}

/// The same for a line of JSON.
pub(crate) fn json_text(text: String) -> String {
    if !text.chars().any(is_unsafe) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            // They stand only in strings, and each is in the first plane of Unicode.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether it is a control character (C0, DEL, C1), a line or paragraph separator, invisible, or changes the direction of text.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_from_outside_cannot_control_the_terminal() {
        assert_eq!(escaped("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escaped("line\nbreak\ttab\u{7f}\u{9b}2J"), "line\\u{a}break\\u{9}tab\\u{7f}\\u{9b}2J");
        assert_eq!(escaped("\u{202e}txt.exe"), "\\u{202e}txt.exe");
        assert_eq!(escaped("Käse & 書店 👩‍💻"), "Käse & 書店 👩‍💻");
    }

    #[test]
    fn escaped_json_is_the_same_document() {
        let value = json!({"name": "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\"\\ 書店"});

        let text = safe_json(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    fn safe_json(value: &Value) -> String {
        let text = super::json(value);
        assert!(!text.chars().any(is_unsafe), "{text:?}");
        text
    }
}
