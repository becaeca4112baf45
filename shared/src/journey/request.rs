//! One journey of a browser: its request, its stages, and what each of its secrets allows. Pure.

mod first_leg;
mod handles;
mod progress;
mod stage;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::PartnerType,
    ids::{Account, ApplicationId, LanguageTag, LinkId, RequestId, SellingPartnerId},
    journey::link::{AuthorizationLink, Label},
    region::Region,
    secret::{Fingerprint, random_word},
};

pub use self::{
    first_leg::{FirstLeg, Reuse},
    handles::{ResultHandle, State},
    progress::{Finished, NotCompleted, NotRedeemed, NotSignedIn, Presented, Progress},
};

/// How long a journey may take from its beginning to its redemption (F§1.4).
pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// How long a callback may take before it counts as dead. It is longer than the function's time limit (90 s), so that no
/// two callbacks ever exchange a code for one request.
pub const EXCHANGING_FOR: SignedDuration = SignedDuration::from_secs(100);

/// How often a code may be tried. After a callback died, the same code is tried once more, and Amazon decides whether it
/// is still valid.
pub const ATTEMPTS: u32 = 2;

/// How long a journey is stored after it has expired or ended, so that a reload of the page shows the same again.
pub const STORED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How long the journey of a link is stored after it has expired, and how long a browser keeps our cookie: a partner who gives
/// its consent days later is still asked whether it belongs to the link.
pub const FIRST_LEG_STORED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a link's journey is in use once Amazon has sent its browser on to the Login URI: the second leg is valid for ten
/// minutes, its code for five more, and one callback may exchange it.
pub const IN_USE_FOR: SignedDuration = SignedDuration::from_secs(600 + 300 + 100);

/// How long an integrator has to complete an authorization whose browser has come back to it.
pub const RESULT_VALID_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Where the journey began.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Workflow {
    /// At our `/authorize` page.
    Website,
    /// At Amazon, which opened our Login URI: Appstore, re-authorization, or the website workflow's second leg.
    LoginUri,
}

/// What a journey asks for. It does not change, except for the account of a partner that signs in.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AuthorizationRequest {
    /// The journey's id.
    pub request_id: RequestId,
    /// Where it began.
    pub workflow: Workflow,
    /// The application that is to be authorized.
    pub application_id: ApplicationId,
    /// Whether the partner consents to the application's draft version.
    pub draft: bool,
    /// Amazon's host at which the partner consents, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_host: Option<String>,
    /// The region of that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The type of partner that signs in at that host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// The partner that Amazon named at the Login URI, or that a link invites. No other may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_partner: Option<SellingPartnerId>,
    /// The integrator's account for which the journey began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The label that our page showed for that account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The link that opened the journey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
    /// Where the browser is sent in the end. The integrator then completes the authorization itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The language that the link names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The journey of the same browser, if this one is its second leg (F§1.2, row 4b).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continues: Option<RequestId>,
    /// What Amazon sent with the browser, stored while the partner signs in at the integrator's site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// Where Amazon sends the browser back. The exchange of the code must name the same URI (F§4.2).
    pub redirect_uri: String,
    /// When the journey began.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// When the journey can no longer be redeemed.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl AuthorizationRequest {
    /// Returns a journey that begins now. Everything else about it is unknown.
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
            language: None,
            continues: None,
            arrival: None,
            redirect_uri,
            created_at: now,
            expires_at: now + VALID_FOR,
        }
    }

    /// Adds Amazon's host at which the partner consents.
    #[must_use]
    pub fn at(self, central_host: &str, region: Region, partner_type: PartnerType) -> Self {
        Self {
            central_host: Some(central_host.to_owned()),
            region: Some(region),
            partner_type: Some(partner_type),
            ..self
        }
    }

    /// The account of the user in the browser, if it is certain when Amazon sends the browser back. With a return URL it is
    /// not: the integrator confirms the account when it completes the authorization.
    pub fn proved_account(&self) -> Option<&Account> {
        self.account.as_ref().filter(|_| self.return_url.is_none())
    }

    /// Adds what `link` says.
    #[must_use]
    pub fn opened_by(self, link: &AuthorizationLink) -> Self {
        Self {
            account: link.account.clone(),
            label: Some(link.label.clone()),
            link_id: Some(link.link_id.clone()),
            return_url: link.return_url.clone(),
            language: link.language.clone(),
            expected_partner: link.expected_partner.clone(),
            ..self
        }
    }

    /// Adds what the first leg `first` says: account, label, link, return URL and language.
    #[must_use]
    pub fn continuing(self, first: &Self) -> Self {
        Self {
            account: first.account.clone(),
            label: first.label.clone(),
            link_id: first.link_id.clone(),
            return_url: first.return_url.clone(),
            language: first.language.clone(),
            continues: Some(first.request_id.clone()),
            ..self
        }
    }
}

/// What Amazon sent with a browser to the Login URI, checked and unchanged.
#[derive(Clone, Deserialize, Serialize)]
pub struct Arrival {
    /// Where Amazon wants the browser back. We built this URL from the checked parts of Amazon's.
    pub target: String,
    /// Amazon's own state, percent-encoded as it was received.
    pub amazon_state: String,
    /// Amazon's `version`, as it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Arrival(not shown)")
    }
}

/// How a journey ended. The page shows it again after a reload.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The grant is active, new or renewed.
    Authorized,
    /// The grant's token was replaced, and the grant stays disabled.
    AuthorizedButDisabled,
    /// The new token waits for an operator's decision: it may be another partner's.
    Conflict,
    /// Amazon did not accept the code.
    CodeRefused,
    /// Amazon did not accept the application's credentials, or the request.
    ApplicationRefused,
}

impl Outcome {
    /// The `status` parameter of the return URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::AuthorizedButDisabled => "authorized_but_disabled",
            Self::Conflict => "conflict",
            Self::CodeRefused => "code_refused",
            Self::ApplicationRefused => "application_refused",
        }
    }

    /// Whether the journey brought a token, so that the integrator can complete the authorization.
    pub fn brought_a_token(self) -> bool {
        match self {
            Self::Authorized | Self::AuthorizedButDisabled | Self::Conflict => true,
            Self::CodeRefused | Self::ApplicationRefused => false,
        }
    }
}

/// The token that a finished journey brought. The integrator completes its authorization.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Brought {
    /// The region of the grant that the token was saved in.
    pub region: Region,
    /// The fingerprint of the refresh token.
    pub fingerprint: Fingerprint,
    /// When the token was saved. It equals the grant's `authorized_at` until a newer authorization.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// Returns a new random id for a journey.
pub(crate) fn new_request_id() -> RequestId {
    random_word().parse().expect("a random word has the form of a request id")
}
