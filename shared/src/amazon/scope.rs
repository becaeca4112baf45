//! The scopes of grantless operations (F§4.3). Amazon may add others, so a scope is not refused because it is unknown. One
//! that is nearly a known one is more likely a mistake, and is questioned. Pure.

/// The scope for requesting a new client secret.
pub const ROTATION: &str = "sellingpartnerapi::client_credential:rotation";

/// The scopes that Amazon documents.
pub const KNOWN: [&str; 3] =
    ["sellingpartnerapi::notifications", ROTATION, "sellingpartnerapi::shipments:track"];

/// What a scope begins with.
const PREFIX: &str = "sellingpartnerapi::";

/// Longer texts are no scopes, and are compared with none.
const LONGEST: usize = 128;

/// Returns whether the text has the form of a scope of SP-API.
pub fn is_scope(text: &str) -> bool {
    text.len() <= LONGEST
        && text.strip_prefix(PREFIX).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b":_-.".contains(&b))
        })
}

/// Returns the known scope that was probably meant by a text that is none: written in other letters or without its
/// beginning, or with up to two letters too many, too few or wrong.
pub fn nearest(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST || KNOWN.contains(&text) {
        return None;
    }
    let (whole, last) = (letters(text), letters(text.rsplit("::").next().unwrap_or_default()));
    KNOWN.into_iter().find(|known| {
        let (known_whole, known_last) =
            (letters(known), letters(known.strip_prefix(PREFIX).unwrap_or(known)));
        distance(&whole, &known_whole) <= 3
            || [&whole, &last].into_iter().any(|written| {
                distance(written, &known_last) <= 2 || written.len() >= 5 && known_last.ends_with(written)
            })
    })
}

/// Returns the question that names the known scope, or nothing if the text is near none.
pub fn did_you_mean(text: &str) -> Option<String> {
    nearest(text).map(|known| format!("did you mean {known}?"))
}

pub(super) fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns how many letters must be added, removed or replaced to make one text the other (Levenshtein).
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other = other.as_bytes();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, a) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_is_nearly_a_known_one_is_taken_for_it() {
        let [notifications, rotation, track] = KNOWN;
        for (written, meant) in [
            ("sellingpartnerapi::notification", notifications),
            ("sellingpartnerapi::Notifications", notifications),
            ("SellingPartnerAPI::notifications", notifications),
            ("sellingpartnerapi:notifications", notifications),
            ("sellingpartnerapi/notifications", notifications),
            ("sellingpartnerapi::notfications", notifications),
            ("sellingpartnerapi::notificatiosn", notifications),
            ("sellingpartner::notifications", notifications),
            ("sp-api::notifications", notifications),
            ("notifications", notifications),
            ("notification", notifications),
            ("sellingpartnerapi::client_credentials:rotation", rotation),
            ("sellingpartnerapi::client_credential::rotation", rotation),
            ("client_credential:rotation", rotation),
            ("rotation", rotation),
            ("sellingpartnerapi::shipment:track", track),
            ("sellingpartnerapi::shipments.track", track),
            ("sellingpartnerapi::track", track),
        ] {
            assert_eq!(nearest(written), Some(meant), "{written}");
        }
        for other in [
            "sellingpartnerapi::migration",
            "sellingpartnerapi::orders",
            "profile",
            "",
            "n",
            "sellingpartnerapi::",
        ] {
            assert_eq!(nearest(other), None, "{other}");
        }
        assert!(KNOWN.iter().all(|known| is_scope(known) && nearest(known).is_none()));
        assert_eq!(nearest(&"n".repeat(100_000)), None);
    }

    #[test]
    fn a_scope_of_another_form_is_none() {
        for wrong in [
            "profile",
            "sellingpartnerapi::",
            "sellingpartnerapi::a b",
            &format!("{PREFIX}{}", "x".repeat(128)),
        ] {
            assert!(!is_scope(wrong), "{wrong}");
        }
        assert!(is_scope("sellingpartnerapi::a:later.one-2"));
    }
}
