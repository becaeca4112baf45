//! What becomes of a journey that began at our `/authorize` page, if its browser comes by the Login URI (F§1.2, row 4b), or
//! presses the button of its link again. Pure.
//!
//! An arrival at the Login URI names no journey; the browser's cookie does. So a journey that is too old, or that expects
//! another partner, is never taken for none: what it carries (account, label, return URL, expected partner) would be lost.

use jiff::Timestamp;

use super::{
    FIRST_LEG_STORED_FOR, Workflow,
    progress::Progress,
    stage::{End, Stage},
};
use crate::{
    ids::SellingPartnerId,
    secret::{Fingerprint, StateSecret},
};

/// What a website journey is to a partner whom Amazon sends to the Login URI with the journey's browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FirstLeg {
    /// The partner continues it.
    Open,
    /// The partner may continue it, but it began over ten minutes ago. Only the partner can say whether it does.
    Expired,
    /// It carries a link, and is another partner's.
    OtherPartner,
    /// It carries a link, and the link has opened another journey since.
    Superseded,
}

/// Whether a link that has opened a journey opens one again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reuse {
    /// This browser is using the journey, and continues it.
    Continue,
    /// The journey brought no token and brings none any more: the link opens another.
    Again,
    /// The journey has brought a token, or still may.
    InUse,
}

impl Progress {
    /// Returns what this journey is to `partner`, who comes from Amazon in the browser that began the journey.
    pub fn first_leg(&self, partner: &SellingPartnerId, now: Timestamp) -> Option<FirstLeg> {
        let request = &self.request;
        let Stage::Issued { passed_to, closed, superseded, .. } = &self.stage else {
            return None;
        };
        let carries_a_link = request.link_id.is_some();
        let expected = passed_to.as_ref().or(request.expected_partner.as_ref());
        let fits = expected.is_none_or(|expected| expected == partner);
        let since = now.duration_since(request.expires_at);
        if request.workflow != Workflow::Website || since >= FIRST_LEG_STORED_FOR {
            None
        } else if *closed {
            (*superseded && carries_a_link).then_some(FirstLeg::Superseded)
        } else if fits && since.is_negative() {
            Some(FirstLeg::Open)
        } else if !carries_a_link {
            // All that it knows is a marketplace.
            None
        } else if fits {
            Some(FirstLeg::Expired)
        } else {
            Some(FirstLeg::OtherPartner)
        }
    }

    /// Returns whether the link that opened this journey opens one again. In the browser that began, the holder may begin again
    /// at any time before a token was brought. Elsewhere only if no browser can be using the journey any more.
    pub fn reuse(&self, browser: Option<&Fingerprint>, now: Timestamp) -> Reuse {
        let own = browser == Some(&self.browser_hash);
        let expired = self.request.expires_at <= now;
        match &self.stage {
            Stage::Issued { closed: true, .. } | Stage::SigningIn | Stage::Exchanging { .. } => Reuse::InUse,
            Stage::Issued { passed_to: None, .. } if own && !expired => Reuse::Continue,
            Stage::Issued { released: true, .. } => Reuse::Again,
            Stage::Issued { .. } if own => Reuse::Again,
            Stage::Issued { passed_until, .. } => {
                let second_leg_is_over = passed_until.is_none_or(|until| until <= now);
                if expired && second_leg_is_over { Reuse::Again } else { Reuse::InUse }
            }
            Stage::Finished { end: End::Outcome { outcome, .. }, .. } if outcome.brought_a_token() => {
                Reuse::InUse
            }
            Stage::Finished { .. } => Reuse::Again,
        }
    }

    /// Returns whether the link that opened this journey has opened another one since.
    pub fn is_superseded(&self) -> bool {
        matches!(self.stage, Stage::Issued { superseded: true, .. })
    }

    /// Returns the partner with whom the browser came back, if it has.
    pub fn came_back_with(&self) -> Option<&SellingPartnerId> {
        self.stage.partner()
    }

    /// Returns whether the journey is past its time.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.request.expires_at <= now
    }

    /// Returns whether `browser` began the journey.
    pub fn is_of(&self, browser: &Fingerprint) -> bool {
        self.browser_hash == *browser
    }

    /// Returns whether the journey has this state.
    pub fn is_in(&self, state: &StateSecret) -> bool {
        self.state_hash == state.fingerprint()
    }

    /// What the journey asks for.
    pub fn request(&self) -> &super::AuthorizationRequest {
        &self.request
    }
}
