//! Which version of a grant a token or a failure belongs to. Pure, but for the random word of a new version.

use serde::Serialize;

use super::Grant;
use crate::secret::random_word;

/// A version of a grant, as other tables name it. Two of them are equal or not; none is before the other, because a table
/// that was restored from a backup counts the same numbers a second time.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct VersionId {
    /// The number, or 0 for a token without a grant.
    #[serde(rename = "grant_version")]
    pub number: u64,
    /// The epoch. Rows of earlier releases have none.
    #[serde(rename = "grant_epoch", skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
}

impl Grant {
    /// Returns the version to which tokens that are issued now belong.
    pub fn version_id(&self) -> VersionId {
        VersionId { number: self.version, epoch: self.epoch.clone() }
    }

    /// Draws a new epoch, unless the grant is still in the version of `before`. Call it once for each decision.
    pub fn draw_epoch(&mut self, before: Option<&Self>) {
        self.enter_epoch(before, random_word);
    }

    /// Gives the grant the epoch that `draw` returns, unless it is still in the version of `before`.
    pub(crate) fn enter_epoch(&mut self, before: Option<&Self>, draw: impl FnOnce() -> String) {
        self.epoch = match before {
            Some(before) if before.version == self.version => before.epoch.clone(),
            _ => Some(draw()),
        };
    }
}
