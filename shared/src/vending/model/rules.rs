//! The product's rules, and rules of which it is known that they are wrong.

use crate::access_token::store::RowUpdate;

/// What the model does as the product does, or otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Each version has an epoch.
    pub(super) has_epochs: bool,
    /// The lease compares versions by their order, as an earlier release did, and no row is read again.
    pub(super) takes_by_order: bool,
    /// A grant is written on condition of its revision.
    pub(super) checks_revision: bool,
}

impl Rules {
    pub(super) const OURS: Self = Self { has_epochs: true, takes_by_order: false, checks_revision: true };

    /// Those of an earlier release: by order at the lease, by the number alone at the hand-out.
    pub(super) const EARLIER: Self = Self { has_epochs: false, takes_by_order: true, ..Self::OURS };

    /// Returns the update that takes the lease, under these rules.
    pub(super) fn taking(self, update: RowUpdate) -> RowUpdate {
        if self.takes_by_order { by_order(update) } else { update }
    }
}

/// The old condition: the row's token is of no later version.
fn by_order(update: RowUpdate) -> RowUpdate {
    let last = " AND (attribute_not_exists(fingerprint) OR fingerprint = :seen";
    let (others, _) =
        update.condition.split_once(last).expect("the condition of a lease ends with its version");
    let condition =
        format!("{others} AND (attribute_not_exists(grant_version) OR grant_version <= :version)");
    RowUpdate { condition, ..update }
}
