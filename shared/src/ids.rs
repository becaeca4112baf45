//! The ids of things. Each is parsed once, where a request or row is read, and trusted after that.
//!
//! None of them can hold `#`, which separates the parts of a key in our tables.

/// A text that is not the id it should be; says what was expected and never repeats what came.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected {0}")]
pub struct Malformed(pub &'static str);

/// A text that is parsed once: `FromStr`, `Display`, `as_str`, and serde as a string.
macro_rules! parsed_text {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $well_formed:expr) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, serde::Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::Malformed;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let well_formed: fn(&str) -> bool = $well_formed;
                well_formed(text).then(|| Self(text.to_owned())).ok_or($crate::ids::Malformed($expected))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::ids::Malformed;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

pub(crate) use parsed_text;

parsed_text!(
    /// An SP-API application, `amzn1.sp.solution.*` or the older `amzn1.sellerapps.app.*`.
    ApplicationId,
    "an application id such as amzn1.sp.solution.00000000-0000-0000-0000-000000000000",
    |text| ["amzn1.sp.solution.", "amzn1.sellerapps.app."]
        .iter()
        .any(|prefix| text.strip_prefix(prefix).is_some_and(|rest| is_word(rest, 64)))
);

parsed_text!(
    /// An application's OAuth client, `amzn1.application-oa2-client.*`; it never changes.
    ClientId,
    "a client id such as amzn1.application-oa2-client.0123456789abcdef",
    |text| text.strip_prefix("amzn1.application-oa2-client.").is_some_and(|rest| is_word(rest, 64))
);

parsed_text!(
    /// A language of a partner, as its browser or an integrator names it (BCP 47). Pages in it need not exist.
    LanguageTag,
    "a language tag of at most 35 characters, such as de or pt-BR",
    |text| text.len() <= 35
        && text.split('-').enumerate().all(|(at, subtag)| {
            let fits = if at == 0 { 2..=8 } else { 1..=8 };
            let of_tag: fn(u8) -> bool = |b| b.is_ascii_alphanumeric();
            let of_language: fn(u8) -> bool = |b| b.is_ascii_alphabetic();
            fits.contains(&subtag.len()) && subtag.bytes().all(if at == 0 { of_language } else { of_tag })
        })
);

parsed_text!(
    /// A seller's merchant token, or a vendor group's id, which may be `amzn1.vg.` and a number (F§1.5).
    SellingPartnerId,
    "a selling partner id of 1 to 64 letters, digits, dots, - or _",
    |text| is_word(&text.replace('.', "-"), 64)
);

parsed_text!(
    /// The integrator's own name for its user; opaque to us.
    Account,
    "an account of 1 to 128 visible ASCII characters other than #",
    |text| (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
);

parsed_text!(
    /// One journey of a browser, from Login URI or /authorize to the callback.
    RequestId,
    "a request id of 22 URL-safe characters",
    |text| text.len() == 22 && is_word(text, 22)
);

parsed_text!(
    /// An invitation to authorize, which an integrator hands to its user.
    LinkId,
    "a link id of 22 URL-safe characters",
    |text| text.len() == 22 && is_word(text, 22)
);

parsed_text!(
    /// An Amazon marketplace, such as `ATVPDKIKX0DER`. Amazon may answer with ids that are not in our table.
    MarketplaceId,
    "a marketplace id of 1 to 32 letters and digits",
    |text| (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
);

parsed_text!(
    /// A consumer: the Lambda alias by which a role may invoke a function. The form is Lambda's own.
    ConsumerName,
    "a name of 1 to 128 letters, digits, - or _, which is not a number",
    |text| is_word(text, 128) && !text.bytes().all(|b| b.is_ascii_digit())
);

fn is_word(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn application_ids_of_both_ages_are_accepted_and_client_ids_are_not() {
        assert!("amzn1.sp.solution.3f1a-77".parse::<ApplicationId>().is_ok());
        assert!("amzn1.sellerapps.app.3f1a-77".parse::<ApplicationId>().is_ok());
        for wrong in ["amzn1.application-oa2-client.3f1a", "amzn1.sp.solution.", "amzn1.sp.solution.a/b", ""]
        {
            assert!(wrong.parse::<ApplicationId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_id_can_hold_the_separator_of_keys() {
        assert!("A1#na".parse::<SellingPartnerId>().is_err());
        assert!("tenant#1".parse::<Account>().is_err());
    }

    #[test]
    fn a_vendor_groups_id_is_a_selling_partner_id() {
        assert!("amzn1.vg.1234567".parse::<SellingPartnerId>().is_ok());
        assert!("amzn1.vg/1234567".parse::<SellingPartnerId>().is_err());
    }

    #[test]
    fn an_error_does_not_repeat_what_came() {
        let error = "<script>".parse::<SellingPartnerId>().unwrap_err();

        assert!(!error.to_string().contains("script"));
    }
}
