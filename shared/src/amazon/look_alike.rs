//! What a text in the place of a token or a client secret is instead, by its form. One rule for Amazon's answers and for
//! what people paste. Pure.
//!
//! [`fault`] finds what is surely no such secret: that is never stored. Amazon decides about a text of an unknown form, since
//! it may be of a later form than Amazon documents today (F§4.4, F§5.3): where nothing else exists, refusing it would
//! stop every partner, and storing it costs one grant that has to be authorized again. [`unfit_to_replace`] is stricter,
//! because there a refresh token exists that works.

/// What a refresh token begins with (F§4.4).
pub const REFRESH_TOKEN: &str = "Atzr|";

/// What a client secret begins with (F§5.3).
pub const CLIENT_SECRET: &str = "amzn1.oa2-cs.";

/// What access tokens begin with: a partner's, an application's own, and a restricted one (F§4.4).
const ACCESS_TOKENS: [&str; 3] = ["Atza|", "Atc|", "Atz.sprdt|"];

/// Attackers must not guess a token with a probability above 2^-128 (RFC 6749 section 10.10), so it has 22 characters of
/// Base64 or more.
const SHORTEST_TOKEN: usize = 22;

/// Texts by their beginnings (F§1.1, F§4.4), and what they look like.
const MARKS: [(&str, &str); 13] = [
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
    ("://", "a URL"),
];

/// Words for no value, and those that stand where a value belongs, in lower-case letters without what separates them.
const PLACEHOLDERS: [&str; 22] = [
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
    "accesstoken",
    "redacted",
    "masked",
    "filtered",
    "hidden",
    "removed",
    "sanitized",
    "expired",
    "revoked",
    "invalid",
];

/// How encoded texts of a refresh token begin: in Base64 and in hexadecimal digits.
const ENCODED_TOKENS: [(&str, &str); 2] =
    [("QXR6cn", "a refresh token in Base64"), ("41747a727c", "a refresh token in hexadecimal digits")];

/// Returns which secret of Amazon's a text holds, by the beginning of one. Each text of each request comes here, so nothing is allocated.
pub fn secret_in(text: &str) -> Option<&'static str> {
    let is_secret = |mark: &str| mark.starts_with("At") || mark == CLIENT_SECRET || mark == "amzn.mws.";
    // Each of these marks begins with the letter A.
    let letters = text.bytes().enumerate().filter(|(_, byte)| byte.eq_ignore_ascii_case(&b'a'));
    let mut rests = letters.map(|(at, _)| &text.as_bytes()[at..]);
    rests.find_map(|rest| {
        let begins = |mark: &str| {
            rest.get(..mark.len()).is_some_and(|part| part.eq_ignore_ascii_case(mark.as_bytes()))
        };
        MARKS.into_iter().find(|(mark, _)| is_secret(mark) && begins(mark)).map(|(_, what)| what)
    })
}

/// Returns what the beginnings of other texts than a secret that begins with `own` look like, where the text has any.
pub fn others_in(text: &str, own: &str) -> impl Iterator<Item = &'static str> {
    let text = text.to_ascii_lowercase();
    // A client secret begins like the ids.
    let is_own = move |mark: &str| own.starts_with(mark);
    let is_there = move |mark: &str| text.contains(&mark.to_ascii_lowercase());
    MARKS.into_iter().filter(move |(mark, _)| !is_own(mark) && is_there(mark)).map(|(_, what)| what)
}

/// Returns why the text is surely no secret that begins with `own`, as the end of a sentence that begins with "the text". It
/// repeats nothing of the text.
pub fn fault(text: &str, own: &str, longest: usize) -> Option<String> {
    let looks_like = |what: &str| Some(format!("looks like {what}"));
    let lower = text.to_ascii_lowercase();
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if text.eq_ignore_ascii_case(own) {
        return Some("is its beginning alone".to_owned());
    }
    if let Some(what) = others_in(text, own).next() {
        return looks_like(what);
    }
    if lower.matches(&own.to_ascii_lowercase()).count() > 1 {
        return Some("has it more than once: it looks as if it was pasted twice".to_owned());
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
    if ["%7c", "%25", "\\u007c", "\\|", "&#124;", "&#x7c;", "&vert;"].iter().any(|mark| lower.contains(mark))
    {
        return Some("is encoded, for a URL or a page; copy it as Amazon shows it".to_owned());
    }
    if let Some((_, what)) = ENCODED_TOKENS.iter().find(|(mark, _)| text.starts_with(mark)) {
        return looks_like(what);
    }
    // What is around a token in a form, a file or a page is in no token of any server that is known.
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !br#"%&'",;<>()\^`?"#.contains(&byte)) {
        return Some("has characters that no secret of Amazon's has".to_owned());
    }
    form_fault(text, own)
        .or_else(|| (text.len() > longest).then(|| format!("is longer than {longest} bytes")))
}

/// Returns what is wrong with a text of the characters of a token, by its beginning.
fn form_fault(text: &str, own: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix(own) {
        return inner.contains('|').then(|| "has its beginning, and no token behind it".to_owned());
    }
    let beginning = own.trim_end_matches('|').to_ascii_lowercase();
    let rest = text.to_ascii_lowercase();
    // Such as ATZR|, and a mark that another program has put in place of the line.
    if rest
        .strip_prefix(&beginning)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    {
        return Some(format!("begins nearly as {own}, and was changed on its way"));
    }
    if rest.contains(&own.to_ascii_lowercase()) {
        return Some("has something in front of it".to_owned());
    }
    // Older client secrets than F§5.3 describes may have any length.
    (own != CLIENT_SECRET && text.len() < SHORTEST_TOKEN)
        .then(|| format!("is shorter than {SHORTEST_TOKEN} characters, and so no token"))
}

/// Returns why the text is surely no access token, in the words of [`fault`]. Which of the three kinds it is, is not looked at.
pub fn access_token_fault(text: &str, longest: usize) -> Option<String> {
    let own = ACCESS_TOKENS.into_iter().find(|own| text.starts_with(own)).unwrap_or(ACCESS_TOKENS[0]);
    fault(text, own, longest)
}

/// Returns why the text may not replace the refresh token `sent`, which works, in the words of [`fault`]. Amazon has only been
/// seen to send the same one back (F§4.4), and a client goes on with the one that it has unless it gets another (RFC 6749
/// section 6). So a text replaces it only if it has the documented form, or begins as the token that was sent; a
/// text of an unknown form is reported and not taken, because a wrong one destroys an authorization that works.
pub fn unfit_to_replace(sent: &str, text: &str, longest: usize) -> Option<String> {
    if text == sent {
        return None;
    }
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let of_sent = sent.split_once('|').map_or("", |(mark, _)| mark);
    let inner = |text: &str, mark: &str| Some(text.strip_prefix(mark)?.strip_prefix('|')?.to_owned());
    fault(text, REFRESH_TOKEN, longest).or_else(|| {
        match inner(text, "Atzr").or_else(|| inner(text, of_sent).filter(|_| !of_sent.is_empty())) {
            None => Some("has another form than a refresh token of Amazon's".to_owned()),
            Some(inner) if inner.len() < SHORTEST_TOKEN => Some("is shorter than a refresh token".to_owned()),
            Some(inner) if !inner.bytes().all(is_inner) => {
                Some("has characters that no refresh token of Amazon's has".to_owned())
            }
            Some(_) => None,
        }
    })
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
    let is_spoken = words.starts_with("redacted")
        || (["your", "my", "insert", "paste"].iter().any(|word| words.starts_with(word))
            || words.ends_with("here"))
            && (words.contains("token") || words.contains("secret"));
    let is_crossed_out = inner.len() > 2 && inner.bytes().all(|byte| b"xX*.-_#0".contains(&byte));
    inner.len() <= LONGEST_WORDS && (PLACEHOLDERS.contains(&words.as_str()) || is_spoken || is_crossed_out)
}

#[cfg(test)]
mod tests;
