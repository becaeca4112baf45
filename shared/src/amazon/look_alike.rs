//! What a text in the place of a refresh token or a client secret is instead, by its form. One rule for Amazon's answers and for
//! what people paste. Pure.
//!
//! A text of no known form is Amazon's to judge: it may be of a later form than Amazon documents today (F§4.4, F§5.3).

/// What a refresh token begins with (F§4.4).
pub const REFRESH_TOKEN: &str = "Atzr|";

/// What a client secret begins with (F§5.3).
pub const CLIENT_SECRET: &str = "amzn1.oa2-cs.";

/// Texts by their beginnings (F§1.1, F§4.4), and what they look like.
const MARKS: [(&str, &str); 12] = [
    (REFRESH_TOKEN, "a refresh token"),
    ("Atza|", "an access token, which ends within an hour"),
    ("Atc|", "an access token of the application itself"),
    ("Atz.sprdt|", "a restricted data token"),
    (CLIENT_SECRET, "a client secret"),
    ("amzn1.application-oa2-client.", "a client id"),
    ("amzn1.sp.solution.", "an application id"),
    ("amzn1.sellerapps.app.", "an application id"),
    ("amzn1.application.", "an application id"),
    ("amzn.mws.", "a token of Marketplace Web Service"),
    ("amzn1.", "an id of Amazon's"),
    ("arn:aws", "an ARN of AWS"),
];

/// Words for no value, and those that stand where a value belongs, in lower-case letters without what separates them.
const PLACEHOLDERS: [&str; 12] = [
    "null",
    "none",
    "nil",
    "undefined",
    "token",
    "refreshtoken",
    "secret",
    "clientsecret",
    "placeholder",
    "changeme",
    "todo",
    "example",
];

/// Returns what the beginnings of other texts than a secret that begins with `own` look like, where the text has any.
pub fn others_in(text: &str, own: &str) -> impl Iterator<Item = &'static str> {
    let text = text.to_ascii_lowercase();
    // A client secret begins like the ids.
    let is_own = move |mark: &str| own.starts_with(mark);
    let is_there = move |mark: &str| text.contains(&mark.to_ascii_lowercase());
    MARKS.into_iter().filter(move |(mark, _)| !is_own(mark) && is_there(mark)).map(|(_, what)| what)
}

/// Returns why the text is no secret that begins with `own`, as the end of a sentence that begins with "the text". It
/// repeats nothing of the text.
pub fn fault(text: &str, own: &str, longest: usize) -> Option<String> {
    let looks_like = |what: &str| Some(format!("looks like {what}"));
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if text.eq_ignore_ascii_case(own) {
        return Some("is its beginning alone".to_owned());
    }
    if let Some(what) = others_in(text, own).next() {
        return looks_like(what);
    }
    if text.contains('"') {
        return looks_like("JSON, or a part of it");
    }
    if is_placeholder(text, own) {
        return Some("is a placeholder, which stands where the secret belongs".to_owned());
    }
    if text.contains(['{', '}', '[', ']']) {
        return looks_like("JSON, or a part of it");
    }
    if text.chars().any(char::is_whitespace) {
        return Some("has blanks or line breaks inside; copy it in one piece".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Some("has control characters, which do not show; copy it again".to_owned());
    }
    if ["%7c", "%25"].iter().any(|encoded| text.to_ascii_lowercase().contains(encoded)) {
        return Some("is encoded for a URL; copy it as Amazon shows it".to_owned());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("has characters that no secret of Amazon's has".to_owned());
    }
    (text.len() > longest).then(|| format!("is longer than {longest} bytes"))
}

/// Returns whether the text says where a secret belongs: in brackets, as a variable, or in words.
fn is_placeholder(text: &str, own: &str) -> bool {
    const LONGEST_WORDS: usize = 64;
    let inner = text.strip_prefix(own).unwrap_or(text);
    let is_variable = inner.starts_with(['$', '{', '[']) || inner.starts_with('%') && inner.ends_with('%');
    if inner.contains(['<', '>']) || is_variable {
        return true;
    }
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words = letters(inner).to_ascii_lowercase();
    let is_spoken = (["your", "my", "insert", "paste"].iter().any(|word| words.starts_with(word))
        || words.ends_with("here"))
        && (words.contains("token") || words.contains("secret"));
    let is_crossed_out =
        inner.len() > 2 && inner.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.'));
    inner.len() <= LONGEST_WORDS && (PLACEHOLDERS.contains(&words.as_str()) || is_spoken || is_crossed_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_refresh_token_is_named() {
        for (text, said) in [
            ("", "is empty"),
            ("Atzr|", "is its beginning alone"),
            ("atzr|", "is its beginning alone"),
            ("Atza|1", "looks like an access token"),
            ("ATZA|1", "looks like an access token"),
            ("amzn1.sp.solution.1", "looks like an application id"),
            ("AMZN1.SP.SOLUTION.1", "looks like an application id"),
            ("amzn1.account.1", "looks like an id of Amazon's"),
            ("arn:aws:sqs:eu-west-1:1:q", "looks like an ARN"),
            ("{\"a\": 1}", "looks like JSON"),
            ("Atzr|x}", "looks like JSON"),
            ("null", "is a placeholder"),
            ("undefined", "is a placeholder"),
            ("<token>", "is a placeholder"),
            ("<your refresh token>", "is a placeholder"),
            ("Atzr|<token>", "is a placeholder"),
            ("YOUR_REFRESH_TOKEN", "is a placeholder"),
            ("your-refresh-token-here", "is a placeholder"),
            ("Paste the token here", "is a placeholder"),
            ("REFRESH_TOKEN", "is a placeholder"),
            ("$REFRESH_TOKEN", "is a placeholder"),
            ("${REFRESH_TOKEN}", "is a placeholder"),
            ("{{ refresh_token }}", "is a placeholder"),
            ("%REFRESH_TOKEN%", "is a placeholder"),
            ("[token]", "is a placeholder"),
            ("changeme", "is a placeholder"),
            ("Atzr|xxxxxxxx", "is a placeholder"),
            ("Atzr|***", "is a placeholder"),
            ("Atzr|a b", "has blanks"),
            (" Atzr|a", "has blanks"),
            ("Atzr|a\u{a0}", "has blanks"),
            ("Atzr|a\0", "has control characters"),
            ("\u{7f}Atzr|a", "has control characters"),
            ("Atzr%7Ca", "is encoded"),
            ("Atzr%257Ca", "is encoded"),
            ("Atzr|\u{e9}", "has characters"),
            ("Atzr|a\u{200b}", "has characters"),
            ("Atzr|0123456789", "is longer than 12 bytes"),
        ] {
            let fault = fault(text, REFRESH_TOKEN, 12).unwrap_or_else(|| panic!("{text:?}"));
            assert!(fault.contains(said), "{text:?}: {fault}");
        }
    }

    #[test]
    fn a_text_of_a_later_form_is_amazons_to_judge() {
        for text in [
            "Atzr|x",
            "Atzr|IwEBI-_x4==",
            "Atzs|a-later-form",
            "eyJhbGciOiJub25lIn0.e30.x",
            "0123456789abcdef0123456789abcdef01234567",
            "100%",
            "Atzr|yourself",
            "Atzr|tokens-and-secrets",
        ] {
            assert_eq!(fault(text, REFRESH_TOKEN, 100), None, "{text}");
        }
        assert_eq!(fault("amzn1.oa2-cs.v1.1", CLIENT_SECRET, 100), None);
        assert_eq!(fault("Atzr|1", CLIENT_SECRET, 100).as_deref(), Some("looks like a refresh token"));
    }
}
