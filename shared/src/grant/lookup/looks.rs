//! Looking again: an index shows a row some moments after it was written, so a look-up that finds nothing is repeated
//! before it says that there is no grant.

use std::{slice, time::Duration};

use crate::{deadline::Deadline, error::Error};

/// How long a look-up by account pauses before each further query. An account without a grant costs four queries and
/// 1.2 s.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(150), Duration::from_millis(350), Duration::from_millis(700)];

/// A partner's keys in the three regions are known, so its second look needs neither an index nor a pause.
const NO_PAUSE: [Duration; 1] = [Duration::ZERO];

/// Whether a look-up is the first one, or follows one that found nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Look {
    /// By the index, or by the key that the caller names.
    First,
    /// The index lagged behind, or the grant is elsewhere.
    Again,
}

/// The looks at the tables before a grant is unknown.
#[derive(Debug)]
pub struct Looks {
    next: Look,
    pauses: slice::Iter<'static, Duration>,
    by_index: bool,
    deadline: Deadline,
}

impl Looks {
    /// Two looks: by the index or by the key, and then a consistent read of the keys in all regions.
    pub(super) fn of_partner(names_region: bool, deadline: Deadline) -> Self {
        Self { next: Look::First, pauses: NO_PAUSE.iter(), by_index: !names_region, deadline }
    }

    /// Four looks by the index.
    pub(super) fn of_account(deadline: Deadline) -> Self {
        Self { next: Look::First, pauses: PAUSES.iter(), by_index: true, deadline }
    }

    /// Returns which look is next.
    #[must_use]
    pub fn next(&self) -> Look {
        self.next
    }

    /// Returns whether to look again after this error, after a pause: another look may find the grant, and time remains.
    pub async fn again(&mut self, error: Option<&Error>) -> bool {
        let may_be_there = match error {
            Some(Error::UnknownSellingPartner) => true,
            // The index showed only grants that do not cover the marketplace.
            Some(Error::InvalidRequest { field: "marketplaceId", .. }) => self.by_index,
            _ => false,
        };
        let pause = self.pauses.next().filter(|pause| may_be_there && self.deadline.remaining() > **pause);
        if let Some(pause) = pause {
            tokio::time::sleep(*pause).await;
            self.next = Look::Again;
        }
        pause.is_some()
    }
}
