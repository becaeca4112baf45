//! What partners see of an application beside its name: who offers it, where to ask and where to go, and its logo.

use serde::{Deserialize, Deserializer, Serialize};

use super::Logo;
use crate::ids::LanguageTag;

/// Every part is optional.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Branding {
    /// The company that offers the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Where a partner gets help: an https address, or `mailto:` and an e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_url: Option<String>,
    /// The integrator's page to which a partner goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_url: Option<String>,
    /// The language of the pages for browsers that ask for none in which there are pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The logo. One that this version does not accept is left out, so that no page fails because of it.
    #[serde(default, deserialize_with = "accepted", skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Branding {
    /// Returns whether no part is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn accepted<'de, D: Deserializer<'de>>(row: D) -> Result<Option<Logo>, D::Error> {
    let text = Option::<String>::deserialize(row)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_logo_that_is_not_accepted_takes_nothing_else_with_it() {
        let row = json!({"company": "Clocks", "logo": "R0lGODlhAQABAAAAACw="});

        let branding: Branding = serde_json::from_value(row).unwrap();

        assert_eq!((branding.company.as_deref(), branding.logo), (Some("Clocks"), None));
        assert!(serde_json::from_value::<Branding>(json!({})).unwrap().is_empty());
    }
}
