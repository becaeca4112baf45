//! An invitation that an integrator hands to its user: what it says, and whether it still opens. Pure.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::PartnerType,
    history::actor::By,
    ids::{Account, ApplicationId, LinkId, Malformed, RequestId, SellingPartnerId, parsed_text},
    printable::is_printable,
    region::Region,
    secret::{Fingerprint, LinkSecret, random_word},
};

/// How long a link is good for if nothing else is said.
pub const VALID_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// No link is good for longer.
pub const VALID_AT_MOST: SignedDuration = SignedDuration::from_hours(30 * 24);

parsed_text!(
    /// What the page before consent shows as the account.
    Label,
    "1 to 80 printable characters, among them a letter or digit, without a blank at either end",
    |text| is_printable(text, 80) && text.chars().any(char::is_alphanumeric)
);

/// What a link says; none of it changes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuthorizationLink {
    /// Names the link.
    pub link_id: LinkId,
    /// What is to be authorized.
    pub application_id: ApplicationId,
    /// The integrator's user to whom it is handed; none where an unlinked partner is asked to renew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// What the page shows as the account.
    pub label: Label,
    /// Amazon's host at which the partner consents.
    pub central_host: String,
    /// The region of that host.
    pub region: Region,
    /// Who signs in at that host.
    pub partner_type: PartnerType,
    /// The partner who is asked to renew; nobody else may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_partner: Option<SellingPartnerId>,
    /// Where the browser is sent in the end; one of the application's return URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The service that asked for it, as it named itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<By>,
    /// When it was made.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// When it no longer opens.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// The `link` parameter: the link's id and a secret that only its holder knows.
#[derive(Clone, Debug)]
pub struct LinkToken {
    /// Names the link.
    pub link_id: LinkId,
    /// Opens it.
    pub secret: LinkSecret,
}

impl LinkToken {
    /// The parameter's value.
    #[must_use]
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

/// A link as it stands in its row.
#[derive(Clone, Debug, Deserialize)]
pub struct StandingLink {
    pub(crate) secret_hash: Fingerprint,
    #[serde(default)]
    pub(crate) used_by: Option<RequestId>,
    #[serde(flatten)]
    pub(crate) link: AuthorizationLink,
}

/// Why a link does not open a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotOpened {
    /// No such link was made.
    Unknown,
    /// It has opened this request before.
    Used(RequestId),
    /// Its time is over.
    Expired,
}

impl StandingLink {
    /// What the link says, if its holder may open a request with it at `now`. A link that was used says so even when its
    /// time is over: the request it opened may still be on its way.
    pub fn opened_with(&self, secret: &LinkSecret, now: Timestamp) -> Result<&AuthorizationLink, NotOpened> {
        if self.secret_hash != secret.fingerprint() {
            return Err(NotOpened::Unknown);
        }
        match &self.used_by {
            Some(request) => Err(NotOpened::Used(request.clone())),
            None if self.link.expires_at <= now => Err(NotOpened::Expired),
            None => Ok(&self.link),
        }
    }

    /// What the link says, to whoever has shown its secret.
    #[must_use]
    pub fn into_link(self) -> AuthorizationLink {
        self.link
    }
}

/// A new name for a link.
#[must_use]
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

    fn link(secret: &LinkSecret, used_by: Option<RequestId>) -> StandingLink {
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
            created_by: None,
            created_at: noon(),
            expires_at: noon() + VALID_FOR,
        };
        StandingLink { secret_hash: secret.fingerprint(), used_by, link }
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
            "a stranger learns nothing"
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
