//! Reads a secret as people paste it: with line breaks, quotation marks or its name around it, or encoded for a URL. What is
//! another kind of text is refused before Amazon is asked, and the error says which kind it looks like. It never repeats the
//! text. A text of no known form is Amazon's to judge. Pure.

use shared::{
    error::Error,
    secret::{ClientSecret, RefreshToken},
};

/// The longest secret that is accepted, in bytes. Amazon documents up to 2048 for a token (F§4.4).
const LONGEST: usize = 4096;

/// A secret that a request carries.
struct Kind {
    field: &'static str,
    expected: &'static str,
    /// What it begins with.
    mark: &'static str,
    /// How the names end under which it is pasted, in lower-case letters.
    name: &'static str,
}

const REFRESH_TOKEN: Kind = Kind {
    field: "refreshToken",
    expected: "a refresh token as Amazon gives it, which begins with Atzr|",
    mark: "Atzr|",
    name: "refreshtoken",
};

const CLIENT_SECRET: Kind = Kind {
    field: "secret",
    expected: "a client secret as Amazon shows it, which begins with amzn1.oa2-cs.",
    mark: "amzn1.oa2-cs.",
    name: "clientsecret",
};

/// Texts by their beginnings (F§1.1, F§4.4), and what they look like.
const MARKS: [(&str, &str); 9] = [
    ("Atzr|", "a refresh token"),
    ("Atza|", "an access token, which ends within an hour"),
    ("Atc|", "an access token of the application itself"),
    ("Atz.sprdt|", "a restricted data token"),
    ("amzn1.oa2-cs.", "a client secret"),
    ("amzn1.application-oa2-client.", "a client id"),
    ("amzn1.sp.solution.", "an application id"),
    ("amzn1.sellerapps.app.", "an application id"),
    ("amzn.mws.", "a token of Marketplace Web Service"),
];

/// How the `|` of a token is written by programs that encode it.
const ENCODED: [(&str, &str); 8] = [
    ("\\u007c", "|"),
    ("\\u007C", "|"),
    ("\\|", "|"),
    ("\\/", "/"),
    ("&#124;", "|"),
    ("&#x7c;", "|"),
    ("&#x7C;", "|"),
    ("&vert;", "|"),
];

/// Returns the refresh token of the field `refreshToken`.
pub(crate) fn refresh_token(text: &str) -> Result<RefreshToken, Error> {
    read(text, &REFRESH_TOKEN).map(RefreshToken::new)
}

/// Returns the client secret of the field `secret`.
pub(crate) fn client_secret(text: &str) -> Result<ClientSecret, Error> {
    read(text, &CLIENT_SECRET).map(ClientSecret::new)
}

fn read(text: &str, kind: &Kind) -> Result<String, Error> {
    let secret = unwrapped(text, kind);
    match fault(&secret, kind) {
        None => Ok(secret),
        Some(fault) => {
            let Kind { field, expected, .. } = kind;
            Err(Error::invalid(field, format!("{expected}; the text {fault}")))
        }
    }
}

/// Takes off what is around the secret, one layer after the other.
fn unwrapped(text: &str, kind: &Kind) -> String {
    const MOST_LAYERS: usize = 8;
    let mut text = text.to_owned();
    for _ in 0..MOST_LAYERS {
        let inner = one_layer(&text, kind);
        if inner == text {
            break;
        }
        text = inner;
    }
    text
}

fn one_layer(text: &str, kind: &Kind) -> String {
    let is_name = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        letters.to_ascii_lowercase().ends_with(kind.name)
    };
    let text = text.trim_matches(is_around);
    // An answer of Login with Amazon, or a file with credentials.
    if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text)
        && let Some(secret) = fields.iter().find_map(|(name, value)| value.as_str().filter(|_| is_name(name)))
    {
        return secret.to_owned();
    }
    // A form, a URL, or a file with variables.
    let named = |pair: &str| {
        let (name, secret) = pair.split_once(['=', ':'])?;
        is_name(name).then(|| secret.to_owned())
    };
    if let Some(secret) = text.split(['&', '?', '\n', '\r']).find_map(named) {
        return secret;
    }
    let plain = ENCODED.iter().fold(text.to_owned(), |text, (encoded, plain)| text.replace(encoded, plain));
    let has_encoded_mark = ["%7c", "%257c"].iter().any(|mark| plain.to_ascii_lowercase().contains(mark));
    if has_encoded_mark { percent_decoded(&plain).unwrap_or(plain) } else { plain }
}

/// Returns whether a character at an end of the text is not a part of the secret: blanks, also invisible ones, quotation
/// marks of any country, and what separates it from the next value.
fn is_around(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}".contains(c)
        || "\"'`´‘’‚‛“”„‟‹›«»「」『』＂＇,;".contains(c)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let hex = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Returns what is wrong with the text, as the end of a sentence that begins with "the text".
fn fault(text: &str, kind: &Kind) -> Option<String> {
    let others = || MARKS.iter().filter(|(mark, _)| *mark != kind.mark && text.contains(mark));
    let own = text.matches(kind.mark).count();
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if own > 1 || is_doubled(text) {
        return Some("has it more than once: it looks as if it was pasted twice".to_owned());
    }
    if own > 0 && others().next().is_some() {
        return Some("has other secrets or ids too".to_owned());
    }
    if let Some((_, looks_like)) = others().next() {
        return Some(format!("looks like {looks_like}"));
    }
    if text.contains("spapi_oauth_code") || is_code(text) {
        return Some("looks like an authorization code, which only a callback can use".to_owned());
    }
    if text.chars().any(char::is_whitespace) {
        return Some("has blanks or line breaks inside; copy it in one piece".to_owned());
    }
    if ["...", "…", "***", "•••"].iter().any(|gap| text.contains(gap)) {
        return Some("was shortened; copy all of it".to_owned());
    }
    if text == kind.mark {
        return Some("is its beginning alone".to_owned());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("has characters that no secret of Amazon's has".to_owned());
    }
    (text.len() > LONGEST).then(|| format!("is longer than {LONGEST} bytes"))
}

/// Returns whether the text is the same long text twice.
fn is_doubled(text: &str) -> bool {
    const SHORTEST: usize = 20;
    let (middle, uneven) = (text.len() / 2, text.len() % 2);
    middle >= SHORTEST && uneven == 0 && text.as_bytes()[..middle] == text.as_bytes()[middle..]
}

/// Returns whether the text has the form of the codes in Login with Amazon's documentation: `AN` and some 18 letters and
/// digits. A refresh token is much longer.
fn is_code(text: &str) -> bool {
    (18..=64).contains(&text.len())
        && text.starts_with("AN")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "Atzr|IwEBIhunter2-_x4";

    #[test]
    fn a_refresh_token_is_taken_out_of_whatever_it_was_pasted_in() {
        for pasted in [
            "Atzr|IwEBIhunter2-_x4",
            "Atzr|IwEBIhunter2-_x4\n",
            "\r\n  Atzr|IwEBIhunter2-_x4\r\n",
            "\u{feff}Atzr|IwEBIhunter2-_x4\u{a0}\u{200b}",
            "'Atzr|IwEBIhunter2-_x4'",
            "\"Atzr|IwEBIhunter2-_x4\"",
            "“Atzr|IwEBIhunter2-_x4”",
            "„Atzr|IwEBIhunter2-_x4“",
            "«Atzr|IwEBIhunter2-_x4»",
            " ‘“Atzr|IwEBIhunter2-_x4”’, ",
            "`Atzr|IwEBIhunter2-_x4`;",
            "Atzr%7CIwEBIhunter2-_x4",
            "Atzr%7cIwEBIhunter2%2D_x4",
            "Atzr%257CIwEBIhunter2-_x4",
            "\"Atzr\\u007cIwEBIhunter2-_x4\"",
            "Atzr\\|IwEBIhunter2-_x4",
            "Atzr&#124;IwEBIhunter2-_x4",
            "refresh_token=Atzr|IwEBIhunter2-_x4",
            "refresh_token = 'Atzr|IwEBIhunter2-_x4'",
            "export SP_API_REFRESH_TOKEN=\"Atzr|IwEBIhunter2-_x4\"",
            "refreshToken: Atzr|IwEBIhunter2-_x4",
            "\"refresh_token\" : \"Atzr|IwEBIhunter2-_x4\",",
            "grant_type=refresh_token&refresh_token=Atzr%7CIwEBIhunter2-_x4&client_id=amzn1.application-oa2-client.1",
            "LWA_APP_ID=amzn1.application-oa2-client.1\nREFRESH_TOKEN=Atzr|IwEBIhunter2-_x4\nCLIENT_SECRET=amzn1.oa2-cs.v1.1\n",
            "{\"access_token\": \"Atza|1\", \"refresh_token\": \"Atzr|IwEBIhunter2-_x4\", \"expires_in\": 3600}",
        ] {
            let token = refresh_token(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!(token.expose(), TOKEN, "{pasted}");
        }
    }

    #[test]
    fn what_is_no_refresh_token_is_refused_with_what_it_looks_like_and_never_repeated() {
        for (pasted, said) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("\"\"", "is empty"),
            ("Atza|hunter2", "looks like an access token"),
            ("access_token=Atza%7Chunter2", "looks like an access token"),
            ("Bearer Atza|hunter2", "looks like an access token"),
            ("Atc|hunter2", "looks like an access token of the application itself"),
            ("Atz.sprdt|hunter2", "looks like a restricted data token"),
            ("'amzn1.oa2-cs.v1.hunter2'", "looks like a client secret"),
            ("amzn1.application-oa2-client.hunter2", "looks like a client id"),
            ("amzn1.sp.solution.hunter2", "looks like an application id"),
            ("amzn1.sellerapps.app.hunter2", "looks like an application id"),
            ("amzn.mws.hunter2", "looks like a token of Marketplace Web Service"),
            ("ANBhunter2mNCTeAszag", "looks like an authorization code"),
            (
                "https://app.example.com/callback?state=hunter2&spapi_oauth_code=hunter2",
                "looks like an authorization code",
            ),
            ("Atzr|hunter2Atzr|hunter2", "pasted twice"),
            ("Atzr|hunter2\nAtzr|hunter2", "pasted twice"),
            ("hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2", "pasted twice"),
            ("Atzr|hunter2 amzn1.oa2-cs.v1.hunter2", "has other secrets or ids too"),
            ("Atzr|hun ter2", "has blanks or line breaks inside"),
            ("Atzr|hun\r\nter2", "has blanks or line breaks inside"),
            ("Atzr|hunter2…", "was shortened"),
            ("Atzr|hunter2***", "was shortened"),
            ("Atzr|", "is its beginning alone"),
            ("Atzr|hüntér2", "has characters"),
        ] {
            let error = refresh_token(pasted).unwrap_err().to_string();
            assert!(error.starts_with("refreshToken: expected a refresh token"), "{pasted}: {error}");
            assert!(error.contains(said), "{pasted}: {error}");
            assert!(!error.contains("hunter2") && !error.contains("nter2"), "{error}");
        }
        let long =
            format!("Atzr|{}", (0..1000).map(|n| n.to_string()).collect::<String>()) + &"x".repeat(2000);
        assert!(refresh_token(&long).unwrap_err().to_string().contains("longer than 4096 bytes"));
    }

    #[test]
    fn a_text_of_no_known_form_is_amazons_to_judge() {
        for unknown in ["hunter2", "Atzs|a-later-form", "0123456789abcdef0123456789abcdef", "100%"] {
            assert_eq!(refresh_token(unknown).unwrap().expose(), unknown);
        }
    }

    #[test]
    fn a_client_secret_is_read_in_the_same_way() {
        for pasted in ["amzn1.oa2-cs.v1.1\n", "“amzn1.oa2-cs.v1.1”", "CLIENT_SECRET=amzn1.oa2-cs.v1.1"] {
            assert_eq!(client_secret(pasted).unwrap().expose(), "amzn1.oa2-cs.v1.1");
        }
        let error = client_secret("Atzr|hunter2").unwrap_err().to_string();
        assert!(error.starts_with("secret: expected a client secret"), "{error}");
        assert!(error.ends_with("the text looks like a refresh token"), "{error}");
    }
}
