//! All messages of the pages for partners.

use lambda_http::http::StatusCode;

use super::{style::Mark, texts::Word};
use crate::{
    browser::query::BadParameter,
    journey::{
        link::NotOpened,
        request::{NotRedeemed, NotSignedIn, Outcome},
    },
};

/// What a page is to its partner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// The partner chooses or confirms.
    Question,
    /// What the partner wanted has happened.
    Done,
    /// Something has yet to happen.
    Waiting,
    /// It has not happened.
    Problem,
}

impl Kind {
    /// Returns the mark of the page and its word. A question has none.
    pub(super) fn mark(self) -> Option<(Mark, Word)> {
        match self {
            Self::Question => None,
            Self::Done => Some((Mark::Done, Word::Done)),
            Self::Waiting => Some((Mark::Waiting, Word::Waiting)),
            Self::Problem => Some((Mark::Problem, Word::Problem)),
        }
    }
}

/// The message of a page.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Message {
    /// The application is connected.
    Authorized,
    /// The application is connected again, but its operators have disabled the connection.
    AuthorizedButDisabled,
    /// The authorization is stored as a conflict. An operator must decide.
    Conflict,
    /// Another request of this journey is exchanging the code. The page refreshes automatically.
    Exchanging,
    /// Several journeys of this browser fit. The partner chooses one.
    ChooseJourney,
    /// Amazon did not say at which of its sites the partner is signed in. The partner chooses one.
    ChooseCentral,
    /// The link is incomplete, damaged, or not from Amazon.
    BadLink,
    /// The Redirect URI got what belongs to the Login URI: at Amazon, the two are mixed up.
    Misdirected,
    /// The link would send the browser to a host that is not Amazon's.
    NotAmazon,
    /// The link names an application that is not registered here.
    UnknownApplication,
    /// `GET /authorize` is switched off.
    StartElsewhere,
    /// The journey is unknown.
    UnknownState,
    /// The journey began in another browser, or the browser rejects cookies.
    OtherBrowser,
    /// The partner that Amazon returned is not the one for which the journey began.
    OtherPartner,
    /// The journey expired.
    Expired,
    /// The journey was interrupted and cannot continue.
    Interrupted,
    /// Amazon did not accept the code.
    CodeRefused,
    /// Amazon did not accept the application.
    ApplicationRefused,
    /// Amazon reported that the partner did not consent, or that the authorization cannot be completed.
    NotConsented,
    /// A service is temporarily unavailable. The same link may work again.
    Unavailable,
    /// An internal error.
    Internal,
    /// Asks the partner to confirm the authorization that the link describes.
    ConfirmLink,
    /// The link has already opened an authorization.
    LinkUsed,
    /// The link has expired.
    LinkExpired,
    /// The page does not exist.
    NotFound,
}

impl Message {
    /// Returns the status code of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Authorized
            | Self::AuthorizedButDisabled
            | Self::Conflict
            | Self::Exchanging
            | Self::ChooseJourney
            | Self::ChooseCentral
            | Self::ConfirmLink => StatusCode::OK,
            Self::BadLink | Self::Misdirected | Self::NotAmazon | Self::CodeRefused | Self::NotConsented => {
                StatusCode::BAD_REQUEST
            }
            Self::OtherBrowser | Self::OtherPartner | Self::StartElsewhere => StatusCode::FORBIDDEN,
            Self::UnknownApplication | Self::UnknownState | Self::NotFound => StatusCode::NOT_FOUND,
            Self::Expired | Self::Interrupted | Self::LinkUsed | Self::LinkExpired => StatusCode::GONE,
            Self::ApplicationRefused | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the code that a partner can give to support, or `None` if nothing is wrong.
    pub fn support_code(self) -> Option<&'static str> {
        match self {
            Self::Authorized
            | Self::Exchanging
            | Self::ChooseJourney
            | Self::ChooseCentral
            | Self::ConfirmLink => None,
            Self::AuthorizedButDisabled => Some("AUTHORIZATION_DISABLED"),
            Self::Conflict => Some("AUTHORIZATION_CONFLICT"),
            Self::BadLink => Some("BAD_LINK"),
            Self::NotAmazon => Some("NOT_AMAZON"),
            Self::Misdirected => Some("MISDIRECTED"),
            Self::UnknownApplication => Some("UNKNOWN_APPLICATION"),
            Self::StartElsewhere => Some("START_ELSEWHERE"),
            Self::UnknownState => Some("UNKNOWN_STATE"),
            Self::OtherBrowser => Some("OTHER_BROWSER"),
            Self::OtherPartner => Some("OTHER_PARTNER"),
            Self::Expired => Some("EXPIRED"),
            Self::Interrupted => Some("INTERRUPTED"),
            Self::CodeRefused => Some("CODE_REFUSED"),
            Self::ApplicationRefused => Some("APPLICATION_REFUSED"),
            Self::NotConsented => Some("NOT_CONSENTED"),
            Self::Unavailable => Some("UNAVAILABLE"),
            Self::Internal => Some("INTERNAL"),
            Self::LinkUsed => Some("LINK_USED"),
            Self::LinkExpired => Some("LINK_EXPIRED"),
            Self::NotFound => Some("NOT_FOUND"),
        }
    }

    /// Returns the `status` with which a partner goes back to the integrator's return URL from this page, if the page ends a journey of
    /// the partner's own browser.
    pub fn return_status(self) -> Option<&'static str> {
        match self {
            Self::NotConsented => Some("not_consented"),
            Self::OtherPartner => Some("other_partner"),
            Self::BadLink
            | Self::Expired
            | Self::Interrupted
            | Self::CodeRefused
            | Self::ApplicationRefused => Some("failed"),
            _ => None,
        }
    }

    /// Returns what the page is to its partner.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::ChooseJourney | Self::ChooseCentral | Self::ConfirmLink => Kind::Question,
            Self::Authorized => Kind::Done,
            Self::AuthorizedButDisabled | Self::Conflict | Self::Exchanging => Kind::Waiting,
            Self::BadLink
            | Self::Misdirected
            | Self::NotAmazon
            | Self::UnknownApplication
            | Self::StartElsewhere
            | Self::UnknownState
            | Self::OtherBrowser
            | Self::OtherPartner
            | Self::Expired
            | Self::Interrupted
            | Self::CodeRefused
            | Self::ApplicationRefused
            | Self::NotConsented
            | Self::Unavailable
            | Self::Internal
            | Self::LinkUsed
            | Self::LinkExpired
            | Self::NotFound => Kind::Problem,
        }
    }

    /// Returns after how many seconds the page reloads, if it does.
    pub fn reload_after_seconds(self) -> Option<u32> {
        (self == Self::Exchanging).then_some(3)
    }
}

impl From<Outcome> for Message {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Authorized => Self::Authorized,
            Outcome::AuthorizedButDisabled => Self::AuthorizedButDisabled,
            Outcome::Conflict => Self::Conflict,
            Outcome::CodeRefused => Self::CodeRefused,
            Outcome::ApplicationRefused => Self::ApplicationRefused,
        }
    }
}

impl From<NotRedeemed> for Message {
    fn from(reason: NotRedeemed) -> Self {
        match reason {
            NotRedeemed::Unknown => Self::UnknownState,
            NotRedeemed::OtherBrowser => Self::OtherBrowser,
            NotRedeemed::OtherPartner => Self::OtherPartner,
            NotRedeemed::Expired => Self::Expired,
            NotRedeemed::Exchanging => Self::Exchanging,
            NotRedeemed::Interrupted => Self::Interrupted,
            NotRedeemed::Finished { outcome, .. } => outcome.into(),
        }
    }
}

impl From<BadParameter> for Message {
    fn from(_: BadParameter) -> Self {
        Self::BadLink
    }
}

impl From<NotOpened> for Message {
    fn from(reason: NotOpened) -> Self {
        match reason {
            NotOpened::Unknown => Self::BadLink,
            NotOpened::Used(_) => Self::LinkUsed,
            NotOpened::Expired => Self::LinkExpired,
        }
    }
}

impl From<NotSignedIn> for Message {
    fn from(reason: NotSignedIn) -> Self {
        match reason {
            NotSignedIn::Unknown => Self::UnknownState,
            NotSignedIn::OtherBrowser => Self::OtherBrowser,
            NotSignedIn::OtherAccount | NotSignedIn::Used => Self::Interrupted,
            NotSignedIn::Expired => Self::Expired,
        }
    }
}
