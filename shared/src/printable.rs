//! The one rule for text that callers write and people read: names, reasons, labels.
//!
//! Such text is compared by eye, on a page before consent and in a history. So two texts that look alike must be equal,
//! and no text may change how its neighbours are displayed.

/// Whether `text` has 1 to `longest` characters, all of them visible, and no blank at either end. Blanks are refused and
/// not trimmed: what is stored is what the caller sent.
pub fn is_printable(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(|c| c.is_control() || is_invisible(c))
}

/// What Unicode calls `Default_Ignorable_Code_Point`, which includes joiners (U+200B to U+200D), direction marks and the
/// byte order mark; line separators, direction overrides, the blank Braille pattern, private use and noncharacters. A
/// sequence of emoji with a joiner, and a word with a non-joiner, are refused too: without them they remain readable.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_any_script_is_printable() {
        for good in
            ["A", "Clocks & Söhne GmbH (#7)", "株式会社時計", "ساعات", "o'Neill <x>", "👑 King 1", "a  b"]
        {
            assert!(is_printable(good, 80), "{good}");
        }
        assert!(is_printable(&"é".repeat(80), 80), "characters count, not bytes");
    }

    #[test]
    fn an_invisible_character_is_refused_at_every_position() {
        for unseen in [
            '\0',
            '\n',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{2800}',
            '\u{3164}',
            '\u{e000}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{e0001}',
        ] {
            for text in [format!("{unseen}a"), format!("a{unseen}b"), format!("a{unseen}")] {
                assert!(!is_printable(&text, 80), "{text:?}");
            }
        }
        for refused in ["", " ", " a", "a ", "\u{a0}a", "a\u{3000}", &"x".repeat(81)] {
            assert!(!is_printable(refused, 80), "{refused:?}");
        }
    }
}
