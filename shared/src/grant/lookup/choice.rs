//! Chooses the grant that is meant among those that were found. Pure.

use super::{Location, MarketplaceMeant, Meant, Whose};
use crate::{
    amazon::marketplace::{Marketplaces, PartnerType},
    error::Error,
    grant::{Grant, Status},
    ids::MarketplaceId,
    region::Region,
};

/// The one grant among the candidates that fits; otherwise an error that says what to add.
///
/// Of several, those that cover the marketplace are left; of those in one region, the one of exactly the partner type
/// that was named, if only one is; else the active one, if only one is; and else the one that sells in the marketplace,
/// if only one does. Anything else is ambiguous: two active grants, or two of which neither is active.
pub fn chosen(candidates: Vec<Grant>, meant: &Meant) -> Result<Grant, Error> {
    let mut fitting = narrowed(candidates, meant)?;
    match fitting.pop() {
        Some(only) if fitting.is_empty() => Ok(only),
        Some(last) => {
            fitting.push(last);
            Err(Error::AmbiguousSellingPartner(what_decides(&fitting, meant)))
        }
        None => Err(Error::UnknownSellingPartner),
    }
}

/// Returns the candidates of one region that what the caller says leaves.
fn narrowed(mut candidates: Vec<Grant>, meant: &Meant) -> Result<Vec<Grant>, Error> {
    leave_those_of_the_region(&mut candidates, meant);
    let mut fitting: Vec<_> = candidates.into_iter().filter(|grant| meant.fits(grant)).collect();
    if fitting.is_empty() {
        return Err(Error::UnknownSellingPartner);
    }
    let marketplace = meant.location.marketplace.as_ref();
    if let Some(named) = marketplace {
        named.leave_those_that_cover_it(&mut fitting)?;
    }
    if fitting.iter().any(|grant| grant.region != fitting[0].region) {
        return Err(Error::AmbiguousSellingPartner("add region"));
    }
    leave_the_only(&mut fitting, |grant| {
        meant.partner_type.is_some() && grant.partner_type == meant.partner_type
    });
    leave_the_only(&mut fitting, |grant| grant.status == Status::Active);
    leave_the_only(&mut fitting, |grant| marketplace.is_some_and(|named| named.is_sold_in(grant)));
    Ok(fitting)
}

/// Leaves the grants of the region that was named; if none of them fits, those that were moved from there.
fn leave_those_of_the_region(candidates: &mut Vec<Grant>, meant: &Meant) {
    let Some(named) = meant.location.region else { return };
    if candidates.iter().any(|grant| grant.region == named && meant.fits(grant)) {
        return candidates.retain(|grant| grant.region == named);
    }
    match meant.whose {
        Whose::Partner(_) => {
            let now = moved_to(candidates, named);
            candidates.retain(|grant| grant.region == now);
        }
        // A pointer has no account; the grant itself says where it came from.
        Whose::Account(_) => candidates.retain(|grant| grant.moved_from == Some(named)),
    }
}

/// Returns where the pointers lead that moves of one partner's grant have left, from the region `from`.
fn moved_to(rows: &[Grant], from: Region) -> Region {
    let mut region = from;
    // A pointer leads to another region, and the last of them is no pointer.
    for _ in Region::ALL {
        let row = rows.iter().find(|row| row.region == region);
        match row.and_then(Grant::points_to) {
            Some(next) => region = next.region,
            None => break,
        }
    }
    region
}

/// Leaves the grant that `is_meant`, if exactly one is.
fn leave_the_only(fitting: &mut Vec<Grant>, is_meant: impl Fn(&Grant) -> bool) {
    if fitting.iter().filter(|grant| is_meant(grant)).count() == 1 {
        fitting.retain(is_meant);
    }
}

/// Returns what a caller can add so that one of these grants of one region is chosen.
fn what_decides(fitting: &[Grant], meant: &Meant) -> &'static str {
    let decides = |more: &Meant| narrowed(fitting.to_vec(), more).is_ok_and(|left| left.len() == 1);
    let decides_as = |named| decides(&Meant { partner_type: Some(named), ..meant.clone() });
    let is = |partner_type| fitting.iter().any(|grant| grant.partner_type == Some(partner_type));
    let both = [PartnerType::Seller, PartnerType::Vendor];
    if meant.partner_type.is_none() && both.into_iter().all(is) && both.into_iter().any(decides_as) {
        return "add partnerType";
    }
    // A marketplace of another region would lead there. One outside the table decides at least as well as one within.
    let table = Marketplaces::default();
    let decides_in = |id: &MarketplaceId| {
        let marketplace = Some(MarketplaceMeant { id: id.clone(), is_known: true });
        let location = Location { marketplace, ..meant.location.clone() };
        table.by_id(id).is_none_or(|known| known.region == fitting[0].region)
            && decides(&Meant { location, ..meant.clone() })
    };
    let mut stores = fitting.iter().flat_map(|grant| &grant.stores);
    if meant.location.marketplace.is_none() && stores.any(|store| decides_in(&store.marketplace_id)) {
        return "add marketplaceId";
    }
    "name sellingPartnerId in place of account"
}

impl Meant {
    /// Whether the grant is one that the caller can mean, in whatever region.
    fn fits(&self, grant: &Grant) -> bool {
        grant.application_id == self.application_id
            && self.is_of(grant)
            && grant.points_to().is_none()
            && (self.even_removed || grant.status != Status::Removed)
            && self.partner_type.is_none_or(|meant| grant.partner_type.is_none_or(|is| is == meant))
    }
}

impl MarketplaceMeant {
    /// Leaves the grants that cover the marketplace: those that list it. If no active one does, an unverified grant counts
    /// too, whose stores are not known.
    fn leave_those_that_cover_it(&self, fitting: &mut Vec<Grant>) -> Result<(), Error> {
        let may_cover = |grant: &Grant| self.is_known && grant.stores.is_empty();
        let is_vendor = |grant: &Grant| grant.partner_type == Some(PartnerType::Vendor);
        if fitting.iter().any(|grant| self.is_listed(grant) && grant.status == Status::Active) {
            fitting.retain(|grant| self.is_listed(grant));
        } else if fitting.iter().any(|grant| self.is_listed(grant)) {
            // A vendor never has stores, so it does not take the place of a seller that is no longer active.
            fitting.retain(|grant| self.is_listed(grant) || may_cover(grant) && !is_vendor(grant));
        } else {
            fitting.retain(may_cover);
        }
        match (fitting.is_empty(), self.is_known) {
            (false, _) => Ok(()),
            (true, true) => {
                Err(Error::invalid("marketplaceId", "a marketplace that the selling partner takes part in"))
            }
            (true, false) => Err(Self::unknown()),
        }
    }
}
