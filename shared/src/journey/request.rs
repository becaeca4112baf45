//! One journey of a browser: what is remembered of it, and what a callback that names it comes to. Pure.

mod handles;
mod progress;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::PartnerType,
    ids::{Account, ApplicationId, LinkId, RequestId, SellingPartnerId},
    journey::link::{AuthorizationLink, Label},
    region::Region,
    secret::{Fingerprint, random_word},
};

pub(crate) use self::progress::Stage;
pub use self::{
    handles::{ResultHandle, State},
    progress::{Finished, NotCompleted, NotRedeemed, Presented, Progress},
};

/// The whole journey should be finished within ten minutes (F§1.4).
pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// How long a callback may be at work before it counts as dead. It outlives the function (90 s), so that no two ever
/// work on one request.
pub const EXCHANGING_FOR: SignedDuration = SignedDuration::from_secs(100);

/// After a callback died, the same code may be tried once more: Amazon decides whether it is still good.
pub const ATTEMPTS: u32 = 2;

/// How long a finished journey can be looked at again.
pub const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How long an integrator has to complete an authorization whose browser has come back to it.
pub const RESULT_VALID_FOR: SignedDuration = SignedDuration::from_mins(5);

/// How the journey began, as far as the first request tells.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Workflow {
    /// At our `/authorize`.
    Website,
    /// At Amazon, which opened our Login URI: Appstore, re-authorization, or the website workflow's second leg.
    LoginUri,
}

/// What a journey is about; all of it is known when it begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuthorizationRequest {
    /// Names the journey.
    pub request_id: RequestId,
    /// How it began.
    pub workflow: Workflow,
    /// What is to be authorized.
    pub application_id: ApplicationId,
    /// Whether consent is to the draft.
    pub draft: bool,
    /// Amazon's host at which the partner consents, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_host: Option<String>,
    /// The region of that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Who signs in at that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// The partner Amazon named at the Login URI; only that one may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_partner: Option<SellingPartnerId>,
    /// The integrator's user for whom it was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// What our page showed as that account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The link that opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// Where the integrator wants the browser in the end, to complete the authorization itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The journey of the same browser whose second leg this is (F§1.2, row 4b).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continues: Option<RequestId>,
    /// What Amazon sent with the browser, kept while the partner signs in at the integrator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// Where Amazon sends the browser back; the exchange must name the same (F§4.2).
    pub redirect_uri: String,
    /// When it began.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// When it can no longer be redeemed.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl AuthorizationRequest {
    /// A journey that begins now, of which nothing more is known.
    #[must_use]
    pub fn begun(
        workflow: Workflow,
        application_id: ApplicationId,
        draft: bool,
        redirect_uri: String,
        now: Timestamp,
    ) -> Self {
        Self {
            request_id: new_request_id(),
            workflow,
            application_id,
            draft,
            central_host: None,
            region: None,
            partner_type: None,
            expected_partner: None,
            account: None,
            label: None,
            link_id: None,
            return_url: None,
            continues: None,
            arrival: None,
            redirect_uri,
            created_at: now,
            expires_at: now + VALID_FOR,
        }
    }

    /// Places the journey at a host of Amazon's.
    #[must_use]
    pub fn at(self, central_host: &str, region: Region, partner_type: PartnerType) -> Self {
        Self {
            central_host: Some(central_host.to_owned()),
            region: Some(region),
            partner_type: Some(partner_type),
            ..self
        }
    }

    /// The account for which the person in the browser stands, as far as that is proved when Amazon sends it back. With a
    /// return URL it is not: the integrator says who came back, by completing the authorization.
    #[must_use]
    pub fn proved_account(&self) -> Option<&Account> {
        self.account.as_ref().filter(|_| self.return_url.is_none())
    }

    /// Carries on with what a link says.
    #[must_use]
    pub fn opened_by(self, link: &AuthorizationLink) -> Self {
        Self {
            account: link.account.clone(),
            label: Some(link.label.clone()),
            link_id: Some(link.link_id.clone()),
            return_url: link.return_url.clone(),
            expected_partner: link.expected_partner.clone(),
            ..self
        }
    }

    /// Carries on what `first` began: account, label, link and return URL.
    #[must_use]
    pub fn continuing(self, first: &Self) -> Self {
        Self {
            account: first.account.clone(),
            label: first.label.clone(),
            link_id: first.link_id.clone(),
            return_url: first.return_url.clone(),
            continues: Some(first.request_id.clone()),
            ..self
        }
    }
}

/// What Amazon sent with a browser to the Login URI, checked, and kept as it came.
#[derive(Clone, Deserialize, Serialize)]
pub struct Arrival {
    /// Where Amazon wants the browser back, written by us.
    pub target: String,
    /// Amazon's own state, percent-encoded as it was received.
    pub amazon_state: String,
    /// Amazon's `version`, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Arrival(not shown)")
    }
}

/// How a journey ended; shown again when the page is reloaded.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The grant is there, new or renewed.
    Authorized,
    /// The grant's token was replaced, and it stays disabled.
    AuthorizedButDisabled,
    /// The authorization came and waits for an operator: it may be somebody else's.
    Conflict,
    /// Amazon did not accept the code.
    CodeRefused,
    /// Amazon did not accept the application's credentials, or the request.
    ApplicationRefused,
}

impl Outcome {
    /// The `status` that a return URL gets.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::AuthorizedButDisabled => "authorized_but_disabled",
            Self::Conflict => "conflict",
            Self::CodeRefused => "code_refused",
            Self::ApplicationRefused => "application_refused",
        }
    }

    /// Whether a token came of it that an integrator can complete.
    #[must_use]
    pub fn brought_a_token(self) -> bool {
        match self {
            Self::Authorized | Self::AuthorizedButDisabled | Self::Conflict => true,
            Self::CodeRefused | Self::ApplicationRefused => false,
        }
    }
}

/// What a finished journey brought, for the integrator to complete.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Brought {
    /// The region of the grant it was saved under.
    pub region: Region,
    /// The refresh token that came of it.
    pub fingerprint: Fingerprint,
    /// When it was saved; the grant bears the same time while it is this journey's.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// A new name for a journey.
#[must_use]
pub(crate) fn new_request_id() -> RequestId {
    random_word().parse().expect("a random word has the form of a request id")
}
