//! The short name of a journey on a page and in the log, so that support finds the journey with one search.

use aws_lc_rs::digest;
use jiff::Timestamp;

/// 32 letters and digits that are not taken for one another (Crockford's Base32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A reference and the time of its page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    name: String,
    at: Timestamp,
}

impl Reference {
    /// Returns the reference of what has this id. A page that is loaded again has the same one.
    pub fn of(id: &str, at: Timestamp) -> Self {
        let hash = digest::digest(&digest::SHA256, id.as_bytes());
        let letters = hash.as_ref().iter().take(8).map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        let mut name: String = letters.collect();
        name.insert(4, '-');
        Self { name, at }
    }

    /// Returns eight letters and digits, with a hyphen in the middle.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Returns the time in UTC, to the minute.
    pub fn time(&self) -> String {
        self.at.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_the_same_for_one_id_and_easy_to_read_aloud() {
        let at: Timestamp = "2026-11-29T16:50:59.9Z".parse().unwrap();
        let [one, other] =
            ["TkifMCCnTkifMCCnTkifMC", "TkifMCCnTkifMCCnTkifMD"].map(|id| Reference::of(id, at));

        assert_eq!(one, Reference::of("TkifMCCnTkifMCCnTkifMC", at));
        assert_ne!(one.as_str(), other.as_str());
        assert_eq!(one.time(), "2026-11-29 16:50 UTC");
        let (first, second) = one.as_str().split_once('-').unwrap();
        assert!(
            [first, second].iter().all(|half| half.len() == 4 && half.bytes().all(|b| ALPHABET.contains(&b)))
        );
    }
}
