//! An authorization link that an integrator gives to its user: what it says, and whether it still opens a request. Pure.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::PartnerType,
    history::actor::By,
    ids::{Account, ApplicationId, LanguageTag, LinkId, Malformed, RequestId, SellingPartnerId, parsed_text},
    printable::is_printable,
    region::Region,
    secret::{Fingerprint, LinkSecret, random_word},
};

/// How long a link is valid by default.
pub const VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a link is valid at most.
pub const VALID_AT_MOST: SignedDuration = SignedDuration::from_hours(30 * 24);

parsed_text!(
    /// The name that the page before consent shows for the account.
    Label,
    "1 to 80 printable characters, among them a letter or digit, without a blank at either end",
    |text| is_printable(text, 80) && text.chars().any(char::is_alphanumeric)
);

/// What a link says. It never changes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuthorizationLink {
    /// The link's id.
    pub link_id: LinkId,
    /// The application that is to be authorized.
    pub application_id: ApplicationId,
    /// The integrator's account that the link is for. A link that asks an unlinked partner to renew has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The name that the page shows for the account.
    pub label: Label,
    /// Amazon's host at which the partner consents.
    pub central_host: String,
    /// The region of that host.
    pub region: Region,
    /// The type of partner that signs in at that host.
    pub partner_type: PartnerType,
    /// The partner that is asked to renew. No other may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_partner: Option<SellingPartnerId>,
    /// Where the browser is sent in the end: one of the application's return URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The language of the integrator's user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The `by` of the request that created the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<By>,
    /// When the link was created.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// When the link no longer opens a request.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// The `link` parameter: the link's id and a secret that only the link's holder has.
#[derive(Clone, Debug)]
pub struct LinkToken {
    /// The link's id.
    pub link_id: LinkId,
    /// Allows its holder to open the link.
    pub secret: LinkSecret,
}

impl LinkToken {
    /// Returns the parameter's value.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.link_id, self.secret.expose())
    }
}

impl FromStr for LinkToken {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("a link that we made");
        let (link_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of an id.
        secret.parse::<LinkId>().map_err(|_| EXPECTED)?;
        let link_id = link_id.parse().map_err(|_| EXPECTED)?;
        Ok(Self { link_id, secret: LinkSecret::new(secret.to_owned()) })
    }
}

/// A link as stored in its row.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredLink {
    pub(crate) secret_hash: Fingerprint,
    #[serde(default)]
    pub(crate) used_by: Option<RequestId>,
    #[serde(flatten)]
    pub(crate) link: AuthorizationLink,
}

/// Why a link does not open a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotOpened {
    /// No link has this id and secret.
    Unknown,
    /// The link has opened this request already.
    Used(RequestId),
    /// The link has expired.
    Expired,
}

impl StoredLink {
    /// Returns what the link says, if its holder may open a request with it at `now`. A link that was used and has expired
    /// counts as used: the request that it opened may still be open.
    pub fn opened_with(&self, secret: &LinkSecret, now: Timestamp) -> Result<&AuthorizationLink, NotOpened> {
        if self.secret_hash != secret.fingerprint() {
            return Err(NotOpened::Unknown);
        }
        match &self.used_by {
            Some(request) => Err(NotOpened::Used(request.clone())),
            None if self.is_expired(now) => Err(NotOpened::Expired),
            None => Ok(&self.link),
        }
    }

    /// Returns the request that the link has opened, if it has.
    pub fn used_by(&self) -> Option<&RequestId> {
        self.used_by.as_ref()
    }

    /// Returns whether the link is past its time.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.link.expires_at <= now
    }

    /// Returns what the link says. The caller has checked its secret, or that this browser has opened it.
    pub fn into_link(self) -> AuthorizationLink {
        self.link
    }
}

/// Returns a new random id for a link.
pub fn new_link_id() -> LinkId {
    random_word().parse().expect("a random word has the form of a link id")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::request::new_request_id;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn link(secret: &LinkSecret, used_by: Option<RequestId>) -> StoredLink {
        let link = AuthorizationLink {
            link_id: new_link_id(),
            application_id: "amzn1.sp.solution.1".parse().unwrap(),
            account: Some("tenant-1".parse().unwrap()),
            label: "Clocks Ltd".parse().unwrap(),
            central_host: "sellercentral.amazon.com".to_owned(),
            region: Region::Na,
            partner_type: PartnerType::Seller,
            expected_partner: None,
            return_url: None,
            language: None,
            created_by: None,
            created_at: noon(),
            expires_at: noon() + VALID_FOR,
        };
        StoredLink { secret_hash: secret.fingerprint(), used_by, link }
    }

    #[test]
    fn a_link_opens_for_its_secret_for_its_time_and_once() {
        let (secret, other, request) = (LinkSecret::random(), LinkSecret::random(), new_request_id());
        let (fresh, used) = (link(&secret, None), link(&secret, Some(request.clone())));
        let end = noon() + VALID_FOR;
        let second = SignedDuration::from_secs(1);

        assert!(fresh.opened_with(&secret, end - second).is_ok());
        assert_eq!(fresh.opened_with(&secret, end).unwrap_err(), NotOpened::Expired);
        assert_eq!(fresh.opened_with(&other, noon()).unwrap_err(), NotOpened::Unknown);
        assert_eq!(used.opened_with(&secret, noon()).unwrap_err(), NotOpened::Used(request.clone()));
        assert_eq!(used.opened_with(&secret, end).unwrap_err(), NotOpened::Used(request));
        assert_eq!(
            used.opened_with(&other, noon()).unwrap_err(),
            NotOpened::Unknown,
            "another secret learns nothing of the link"
        );
    }

    #[test]
    fn a_label_is_seen_as_it_is() {
        assert_eq!("Clocks & Söhne GmbH (#7)".parse::<Label>().unwrap().as_str(), "Clocks & Söhne GmbH (#7)");
        for bad in ["", "x ", "x\u{202e}y", "...", "👑", &"x".repeat(81)] {
            assert!(bad.parse::<Label>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_link_is_read_back_and_does_not_print_its_secret() {
        let token = LinkToken { link_id: new_link_id(), secret: LinkSecret::random() };

        let read: LinkToken = token.expose().parse().unwrap();

        assert_eq!(read.expose(), token.expose());
        assert!(!format!("{read:?}").contains(token.secret.expose()));
        for bad in [
            "",
            ".",
            "a.b",
            token.link_id.as_str(),
            &format!("{}x", token.expose()),
            &format!("{}.x", token.expose()),
        ] {
            assert!(bad.parse::<LinkToken>().is_err(), "{bad}");
        }
    }
}
