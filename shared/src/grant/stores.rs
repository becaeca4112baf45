//! Compares the stores that two tokens show. Pure.
//!
//! Only stores in marketplaces of the table are compared: entries outside it change (F§7.3). An empty list proves nothing
//! (F§1.8), and vendors have none, so a comparison with nothing shows nothing.

use std::collections::BTreeSet;

use crate::{
    amazon::marketplace::{Marketplaces, PartnerType, Store},
    grant::{Conflict, Grant},
};

/// What changed in a seller's stores: the ids of marketplaces, sorted. A store under another name is in both lists.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StoreChange {
    /// Where the seller had a store and has none now.
    pub lost: Vec<String>,
    /// Where it has a store now and had none.
    pub gained: Vec<String>,
}

impl StoreChange {
    /// Returns what changed from `before` to `after`, if both are known and something did. A store in which the seller does
    /// not take part counts as none.
    pub fn between(before: &[Store], after: &[Store], marketplaces: &Marketplaces) -> Option<Self> {
        let (had, has) = (known(before, marketplaces), known(after, marketplaces));
        if had.is_empty() || has.is_empty() {
            return None;
        }
        let missing = |of: &[&Store], from: &[&Store]| -> Vec<String> {
            let is_in = |store: &&&Store| !from.iter().any(|other| other == *store);
            let ids = of.iter().filter(is_in).filter(|store| store.participating);
            ids.map(|store| store.marketplace_id.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let change = Self { lost: missing(&had, &has), gained: missing(&has, &had) };
        (change != Self::default()).then_some(change)
    }

    /// Returns what changed in the stores from one row of a grant to the next.
    pub fn of(before: Option<&Grant>, after: &Grant, marketplaces: &Marketplaces) -> Option<Self> {
        Self::between(&before?.stores, &after.stores, marketplaces)
    }
}

/// Returns whether both lists have stores, and no marketplace is in both.
pub fn have_nothing_in_common(one: &[Store], other: &[Store], marketplaces: &Marketplaces) -> bool {
    let (one, other) = (known(one, marketplaces), known(other, marketplaces));
    let is_shared = |store: &&Store| other.iter().any(|same| same.marketplace_id == store.marketplace_id);
    !one.is_empty() && !other.is_empty() && !one.iter().any(is_shared)
}

/// Returns whether both lists have the same stores under the same names. A store without a name shows nothing, because all such
/// stores would be equal.
pub fn are_the_same(one: &[Store], other: &[Store], marketplaces: &Marketplaces) -> bool {
    let named = |stores| -> Option<BTreeSet<(String, String)>> {
        let named = |store: &&Store| {
            let name = Some(store.name.clone()).filter(|name| !name.trim().is_empty())?;
            Some((store.marketplace_id.to_string(), name))
        };
        known(stores, marketplaces).iter().map(named).collect()
    };
    named(one).is_some_and(|one| !one.is_empty() && named(other) == Some(one))
}

fn known<'s>(stores: &'s [Store], marketplaces: &Marketplaces) -> Vec<&'s Store> {
    stores.iter().filter(|store| marketplaces.by_id(&store.marketplace_id).is_some()).collect()
}

impl Grant {
    /// Returns whether the refresher asks Amazon for the stores under the grant's own token, to compare them: with those of a
    /// conflict, or with those of the token before.
    pub fn waits_for_stores(&self) -> bool {
        self.superseded.is_some() || self.conflicts.iter().any(|conflict| self.may_be_settled(conflict))
    }

    /// Returns whether the stores under the grant's own token can show that a conflict is the same seller's. They cannot for
    /// another account's or a vendor's, or for one that is older than the grant's own authorization.
    pub fn may_be_settled(&self, conflict: &Conflict) -> bool {
        let same_account = match (&self.account, &conflict.account) {
            (Some(own), Some(brought)) => own == brought,
            (None, _) | (_, None) => true,
        };
        same_account
            && self.partner_type != Some(PartnerType::Vendor)
            && !conflict.stores.is_empty()
            && conflict.at >= self.authorized_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DE: (&str, &str) = ("A1PA6795UKMFR9", "Uhren");
    const FR: (&str, &str) = ("A13V1IB3VIYZZH", "Montres");
    const OUTSIDE: (&str, &str) = ("A38D8NSA03LJTC", "Non-Amazon");

    fn stores(names: &[(&str, &str)]) -> Vec<Store> {
        let store = |(id, name): &(&str, &str)| Store {
            marketplace_id: id.parse().unwrap(),
            name: (*name).to_owned(),
            participating: true,
        };
        names.iter().map(store).collect()
    }

    fn between(before: &[(&str, &str)], after: &[(&str, &str)]) -> Option<(Vec<String>, Vec<String>)> {
        let change = StoreChange::between(&stores(before), &stores(after), &Marketplaces::default());
        change.map(|StoreChange { lost, gained }| (lost, gained))
    }

    #[test]
    fn what_is_lost_and_gained_is_named_and_what_is_unknown_is_not() {
        let ids = |stores: &[(&str, &str)]| -> Vec<String> {
            stores.iter().map(|(id, _)| (*id).to_owned()).collect()
        };
        assert_eq!(between(&[DE], &[DE, FR]), Some((vec![], ids(&[FR]))));
        assert_eq!(between(&[DE, FR], &[FR]), Some((ids(&[DE]), vec![])));
        assert_eq!(between(&[DE], &[FR]), Some((ids(&[DE]), ids(&[FR]))));
        assert_eq!(between(&[DE], &[(DE.0, "Clocks")]), Some((ids(&[DE]), ids(&[DE]))), "renamed");
        assert_eq!(
            between(&[FR, DE], &[DE, FR, OUTSIDE]),
            None,
            "in another order, and one outside the table"
        );
        for unknown in [&[][..], &[OUTSIDE]] {
            assert_eq!((between(unknown, &[DE]), between(&[DE], unknown)), (None, None), "{unknown:?}");
        }
    }

    #[test]
    fn a_seller_that_leaves_a_marketplace_and_stays_in_the_list_has_lost_its_store() {
        let (before, mut after) = (stores(&[DE, FR]), stores(&[DE, FR]));
        after[1].participating = false;
        let change = |before: &[Store], after: &[Store]| {
            StoreChange::between(before, after, &Marketplaces::default()).unwrap_or_default()
        };

        assert_eq!(change(&before, &after), StoreChange { lost: vec![FR.0.to_owned()], gained: vec![] });
        assert_eq!(change(&after, &before), StoreChange { lost: vec![], gained: vec![FR.0.to_owned()] });
    }

    #[test]
    fn only_known_lists_have_nothing_in_common() {
        let apart = |one: &[(&str, &str)], other: &[(&str, &str)]| {
            have_nothing_in_common(&stores(one), &stores(other), &Marketplaces::default())
        };
        assert!(apart(&[DE], &[FR]) && apart(&[DE, OUTSIDE], &[FR, OUTSIDE]));
        assert!(!apart(&[DE], &[DE, FR]) && !apart(&[DE], &[(DE.0, "Clocks")]));
        assert!(!apart(&[], &[DE]) && !apart(&[DE], &[]) && !apart(&[DE], &[OUTSIDE]) && !apart(&[], &[]));
    }

    #[test]
    fn the_same_stores_have_the_same_names_and_are_all_there() {
        let same = |one: &[(&str, &str)], other: &[(&str, &str)]| {
            are_the_same(&stores(one), &stores(other), &Marketplaces::default())
        };
        assert!(same(&[DE, FR], &[FR, DE]) && same(&[DE, OUTSIDE], &[DE]));
        assert!(!same(&[DE], &[DE, FR]) && !same(&[DE, FR], &[DE]) && !same(&[DE], &[(DE.0, "Clocks")]));
        assert!(!same(&[], &[]) && !same(&[OUTSIDE], &[OUTSIDE]) && !same(&[(DE.0, " ")], &[(DE.0, " ")]));
    }
}
