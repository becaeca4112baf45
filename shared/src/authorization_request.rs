//! One journey of a browser: what is remembered of it, and what a callback that names it comes to. Pure.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    authorization_link::{AuthorizationLink, Label},
    ids::{Account, ApplicationId, LinkId, Malformed, RequestId, SellingPartnerId},
    marketplace::PartnerType,
    region::Region,
    secret::{Fingerprint, ResultSecret, StateSecret, random_word},
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

/// The `result` parameter of a return URL: the request's id and a secret that only its browser got.
#[derive(Clone, Debug)]
pub struct ResultHandle {
    /// Names the request.
    pub request_id: RequestId,
    /// Completes it.
    pub secret: ResultSecret,
}

impl ResultHandle {
    /// The parameter's value, for the return URL.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}.{}", self.request_id, self.secret.expose())
    }
}

impl FromStr for ResultHandle {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("the result that a browser brought to the return URL");
        let (request_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of a request id.
        secret.parse::<RequestId>().map_err(|_| EXPECTED)?;
        let request_id = request_id.parse().map_err(|_| EXPECTED)?;
        Ok(Self { request_id, secret: ResultSecret::new(secret.to_owned()) })
    }
}

/// The `state` parameter: the request's id and a secret that only its browser's journey knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Names the request.
    pub request_id: RequestId,
    /// Proves that the callback belongs to it.
    pub secret: StateSecret,
}

impl State {
    /// The parameter's value, for the URL in which Amazon requires it.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}.{}", self.request_id, self.secret.expose())
    }
}

impl FromStr for State {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("a state that we issued");
        let (request_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of a request id.
        let well_formed = secret.parse::<RequestId>().is_ok();
        let request_id = request_id.parse().map_err(|_| EXPECTED)?;
        well_formed.then(|| Self { request_id, secret: StateSecret::new(secret.to_owned()) }).ok_or(EXPECTED)
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

/// Where a journey stands, as its row tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    pub(crate) state_hash: Fingerprint,
    pub(crate) browser_hash: Fingerprint,
    pub(crate) stage: Stage,
    #[serde(default)]
    pub(crate) partner: Option<SellingPartnerId>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) exchanging_until: Option<Timestamp>,
    #[serde(default)]
    pub(crate) outcome: Option<Outcome>,
    /// The partner with whom Amazon sent this browser to the Login URI on this journey.
    #[serde(default)]
    pub(crate) passed_to: Option<SellingPartnerId>,
    /// The journey's second leg has come to its end.
    #[serde(default)]
    pub(crate) closed: bool,
    #[serde(default)]
    pub(crate) result_hash: Option<Fingerprint>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) result_until: Option<Timestamp>,
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub(crate) completed_at: Option<Timestamp>,
    #[serde(default)]
    pub(crate) brought: Option<Brought>,
    #[serde(flatten)]
    pub(crate) request: AuthorizationRequest,
}

/// The stages, in their order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    SigningIn,
    Issued,
    Exchanging,
    Finished,
}

/// What a callback presents.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The state's secret, hashed.
    pub state: Fingerprint,
    /// The browser's cookie, hashed.
    pub browser: Fingerprint,
    /// Who Amazon says came back.
    pub partner: SellingPartnerId,
    /// The code, hashed.
    pub code: Fingerprint,
}

/// Why a callback that could not redeem its request could not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotRedeemed {
    /// Nothing is known under this state.
    Unknown,
    /// Another browser began.
    OtherBrowser,
    /// Another partner was expected, or came back first.
    OtherPartner,
    /// It came too late.
    Expired,
    /// Another callback is at work on it.
    Exchanging,
    /// It was redeemed and nothing came of it, twice.
    Interrupted,
    /// It ended before.
    Finished {
        /// How.
        outcome: Outcome,
        /// What was to be authorized.
        application_id: ApplicationId,
        /// Where the browser goes again, while the integrator can still complete it.
        return_url: Option<String>,
    },
}

impl Progress {
    /// Why `presented` did not redeem the request whose row this is.
    #[must_use]
    pub fn refuses(&self, presented: &Presented, now: Timestamp) -> NotRedeemed {
        if self.state_hash != presented.state {
            return NotRedeemed::Unknown;
        }
        if self.browser_hash != presented.browser {
            return NotRedeemed::OtherBrowser;
        }
        let came_back = self.partner.as_ref().or(self.request.expected_partner.as_ref());
        if came_back.is_some_and(|partner| *partner != presented.partner) {
            return NotRedeemed::OtherPartner;
        }
        match (self.stage, self.outcome) {
            // Its second leg came to its end.
            (Stage::Issued, _) if self.closed => NotRedeemed::Interrupted,
            // Nobody has the state of a request before its partner has signed in.
            (Stage::SigningIn | Stage::Issued, _) => NotRedeemed::Expired,
            (Stage::Exchanging, _) if self.exchanging_until.is_some_and(|until| until > now) => {
                NotRedeemed::Exchanging
            }
            // It died twice, or came back with another code: whichever is right, this journey is spoilt.
            (Stage::Exchanging, _) | (Stage::Finished, None) => NotRedeemed::Interrupted,
            (Stage::Finished, Some(outcome)) => {
                let fresh = self.completed_at.is_none() && self.result_until.is_some_and(|until| until > now);
                NotRedeemed::Finished {
                    outcome,
                    application_id: self.request.application_id.clone(),
                    return_url: self.request.return_url.clone().filter(|_| fresh),
                }
            }
        }
    }

    /// Whether `browser` may still go to Amazon with it.
    pub(crate) fn is_open(&self, browser: &Fingerprint, now: Timestamp) -> bool {
        self.stage == Stage::Issued
            && !self.closed
            && self.browser_hash == *browser
            && self.request.expires_at > now
    }

    /// What is to be completed by whoever presents `result`, or why there is nothing.
    pub fn completed_with(
        &self,
        result: &ResultSecret,
        now: Timestamp,
    ) -> Result<Finished<'_>, NotCompleted> {
        if self.result_hash.as_ref() != Some(&result.fingerprint()) {
            return Err(NotCompleted::Unknown);
        }
        match (&self.brought, self.outcome, &self.partner) {
            _ if self.completed_at.is_some() => Err(NotCompleted::Used),
            _ if self.result_until.is_none_or(|until| until <= now) => Err(NotCompleted::Expired),
            (Some(brought), Some(outcome), Some(partner)) => {
                Ok(Finished { request: &self.request, outcome, partner, brought })
            }
            _ => Err(NotCompleted::Unknown),
        }
    }
}

/// A journey that came to its end and waits for the integrator's word.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'p> {
    /// What it was about.
    pub request: &'p AuthorizationRequest,
    /// How it ended.
    pub outcome: Outcome,
    /// Who Amazon says came back.
    pub partner: &'p SellingPartnerId,
    /// What it brought.
    pub brought: &'p Brought,
}

/// Why a result completes nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotCompleted {
    /// No journey gave this result.
    Unknown,
    /// It completed its authorization before.
    Used,
    /// Its five minutes are over.
    Expired,
}

/// A new name for a journey.
#[must_use]
pub fn new_request_id() -> RequestId {
    random_word().parse().expect("a random word has the form of a request id")
}
