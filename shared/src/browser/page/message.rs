//! Everything a page can say to a partner.

use lambda_http::http::StatusCode;

use crate::{
    browser::query::MalformedQuery,
    journey::{
        link::NotOpened,
        request::{NotRedeemed, NotSignedIn, Outcome},
    },
};

/// What a page says.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Message {
    /// The application is connected.
    Authorized,
    /// The application is connected again, but its operators have disabled the connection.
    AuthorizedButDisabled,
    /// The authorization waits for an operator's look.
    Conflict,
    /// Another copy of this page is at work; it looks again by itself.
    Exchanging,
    /// Several journeys of this browser fit: which one is this?
    ChooseJourney,
    /// The link is incomplete, damaged, or not from Amazon.
    BadLink,
    /// The link would send the browser to somebody who is not Amazon.
    NotAmazon,
    /// Amazon left out where to return to, and nothing else tells.
    ReturnUnknown,
    /// The link names an application that is not served here.
    UnknownApplication,
    /// Starting here is switched off.
    StartElsewhere,
    /// Nothing is known of this journey.
    UnknownState,
    /// The journey began in another browser, or without cookies.
    OtherBrowser,
    /// Another partner came back than set out.
    OtherPartner,
    /// The journey took too long.
    Expired,
    /// The journey broke off and cannot be taken up.
    Interrupted,
    /// Amazon did not accept the code.
    CodeRefused,
    /// Amazon did not accept the application.
    ApplicationRefused,
    /// Amazon said that the partner did not consent, or that it cannot go on.
    NotConsented,
    /// Something does not answer at the moment; the same link may work again.
    Unavailable,
    /// Something is wrong with us.
    Internal,
    /// This is what the link is about: go on?
    ConfirmLink,
    /// The link has opened an authorization before.
    LinkUsed,
    /// The link's time is over.
    LinkExpired,
    /// There is no such page.
    NotFound,
}

impl Message {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Authorized
            | Self::AuthorizedButDisabled
            | Self::Conflict
            | Self::Exchanging
            | Self::ChooseJourney
            | Self::ConfirmLink => StatusCode::OK,
            Self::BadLink
            | Self::NotAmazon
            | Self::ReturnUnknown
            | Self::CodeRefused
            | Self::NotConsented => StatusCode::BAD_REQUEST,
            Self::OtherBrowser | Self::OtherPartner | Self::StartElsewhere => StatusCode::FORBIDDEN,
            Self::UnknownApplication | Self::UnknownState | Self::NotFound => StatusCode::NOT_FOUND,
            Self::Expired | Self::Interrupted | Self::LinkUsed | Self::LinkExpired => StatusCode::GONE,
            Self::ApplicationRefused | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What a partner may read out to support; nothing where all is well.
    #[must_use]
    pub fn support_code(self) -> Option<&'static str> {
        match self {
            Self::Authorized | Self::Exchanging | Self::ChooseJourney | Self::ConfirmLink => None,
            Self::AuthorizedButDisabled => Some("AUTHORIZATION_DISABLED"),
            Self::Conflict => Some("AUTHORIZATION_CONFLICT"),
            Self::BadLink => Some("BAD_LINK"),
            Self::NotAmazon => Some("NOT_AMAZON"),
            Self::ReturnUnknown => Some("RETURN_UNKNOWN"),
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

    /// After how many seconds the page loads itself again.
    #[must_use]
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

impl From<MalformedQuery> for Message {
    fn from(unreadable: MalformedQuery) -> Self {
        match unreadable {
            MalformedQuery::TooLong | MalformedQuery::Repeated | MalformedQuery::Garbled => Self::BadLink,
        }
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
