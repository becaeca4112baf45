//! Which grant a caller means. The indexes find keys and may lag behind, the rows decide, and [`chosen`] says whether they
//! leave exactly one.

use std::{slice, time::Duration};

use super::{Grant, GrantKey, Status, store::GrantStore};
use crate::{
    amazon::marketplace::{Marketplaces, PartnerType},
    deadline::{Deadline, retry_until},
    error::Error,
    ids::{Account, ApplicationId, MarketplaceId, SellingPartnerId},
    region::Region,
};

/// How long a look-up by account pauses before each further query: the index shows a row that was just linked some
/// moments later. An account without a grant costs four queries and 1.2 s.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(150), Duration::from_millis(350), Duration::from_millis(700)];

/// A partner's keys in the three regions are known, so the second look needs neither an index nor a pause.
const NO_PAUSE: [Duration; 1] = [Duration::ZERO];

/// Whose grant a caller means.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The partner's that has this id at Amazon.
    Partner(SellingPartnerId),
    /// The partner's that the integrator has linked to this account.
    Account(Account),
}

/// What a caller says of the grant it means.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The application to which the grant was given.
    pub application_id: ApplicationId,
    /// Whose grant.
    pub whose: Whose,
    /// In which region; may be left out where one grant fits.
    pub region: Option<Region>,
    /// The marketplace that the grant covers, if the caller names one.
    pub marketplace: Option<MarketplaceMeant>,
    /// Whether the grant is a seller's or a vendor's, if the caller says so.
    pub partner_type: Option<PartnerType>,
    /// Whether a removed grant fits too, which has nothing but its history.
    pub even_removed: bool,
}

/// A marketplace that a caller names.
#[derive(Clone, Debug)]
pub struct MarketplaceMeant {
    /// The marketplace.
    pub id: MarketplaceId,
    /// Whether it is in the table of marketplaces. Another one counts only if a grant lists it.
    pub is_known: bool,
}

/// Whether a look-up is the first one, or follows one that found nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Look {
    /// By the index.
    First,
    /// An index may have lagged behind.
    Again,
}

/// The looks at the tables before a grant is unknown.
#[derive(Debug)]
pub struct Looks {
    look: Look,
    pauses: slice::Iter<'static, Duration>,
    deadline: Deadline,
}

impl Looks {
    /// Returns which look is next.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// Returns whether to look again after this error, after a pause: the grant was not found, an index may lag behind,
    /// and time remains.
    pub async fn again(&mut self, error: Option<&Error>) -> bool {
        let may_lag = matches!(
            error,
            Some(Error::UnknownSellingPartner | Error::InvalidRequest { field: "marketplaceId", .. })
        );
        let pause = self.pauses.next().filter(|pause| may_lag && self.deadline.remaining() > **pause);
        if let Some(pause) = pause {
            tokio::time::sleep(*pause).await;
            self.look = Look::Again;
        }
        pause.is_some()
    }
}

impl Whose {
    /// The one that a request names, if it names one. To name both is an error.
    pub fn of(partner: Option<SellingPartnerId>, account: Option<Account>) -> Result<Option<Self>, Error> {
        match (partner, account) {
            (Some(partner), None) => Ok(Some(Self::Partner(partner))),
            (None, Some(account)) => Ok(Some(Self::Account(account))),
            (None, None) => Ok(None),
            (Some(_), Some(_)) => {
                Err(Error::invalid("account", "either account or sellingPartnerId, not both"))
            }
        }
    }

    /// Whether the grant is of the partner or account that was named.
    #[must_use]
    pub fn fits(&self, grant: &Grant) -> bool {
        match self {
            Self::Partner(partner) => grant.selling_partner_id == *partner,
            Self::Account(account) => grant.account.as_ref() == Some(account),
        }
    }
}

impl Meant {
    /// The grant of this partner or account, wherever and of whichever kind it is.
    #[must_use]
    pub fn of(application_id: ApplicationId, whose: Whose) -> Self {
        Self {
            application_id,
            whose,
            region: None,
            marketplace: None,
            partner_type: None,
            even_removed: false,
        }
    }

    /// The same, in this region and marketplace. A marketplace of the table determines the region.
    pub fn located(
        self,
        region: Option<Region>,
        marketplace: Option<MarketplaceId>,
        marketplaces: &Marketplaces,
    ) -> Result<Self, Error> {
        let Some(id) = marketplace else {
            return Ok(Self { region, ..self });
        };
        let known = marketplaces.by_id(&id).map(|known| known.region);
        if let (Some(region), Some(known)) = (region, known)
            && region != known
        {
            return Err(Error::invalid("region", format!("{known}, which is the marketplace's region")));
        }
        let marketplace = Some(MarketplaceMeant { id, is_known: known.is_some() });
        Ok(Self { region: region.or(known), marketplace, ..self })
    }

    /// Returns the looks at the tables that this costs at most.
    #[must_use]
    pub fn looks(&self, deadline: Deadline) -> Looks {
        let pauses = match (&self.whose, self.region) {
            (Whose::Partner(_), Some(_)) => [].iter(),
            (Whose::Partner(_), None) => NO_PAUSE.iter(),
            (Whose::Account(_), _) => PAUSES.iter(),
        };
        Looks { look: Look::First, pauses, deadline }
    }

    /// Whether the key may be that of the grant: all that an index shows.
    fn may_be(&self, key: &GrantKey) -> bool {
        key.application_id == self.application_id && self.region.is_none_or(|region| key.region == region)
    }

    /// Whether the key alone says that the grant is meant, if it is the only one; the caller compares the marketplace
    /// when it reads the row.
    fn is_decided_by_key(&self) -> bool {
        self.partner_type.is_none() && self.marketplace.as_ref().is_none_or(|named| named.is_known)
    }

    /// Whether the grant is one that the caller can mean.
    fn fits(&self, grant: &Grant) -> bool {
        self.may_be(&grant.key())
            && self.whose.fits(grant)
            && (self.even_removed || grant.status != Status::Removed)
            && self.partner_type.is_none_or(|meant| grant.partner_type.is_none_or(|is| is == meant))
    }

    /// Leaves the grants that cover the marketplace that was named: those that list it. If no active one does, an
    /// unverified grant counts too, whose stores are not known.
    fn leave_those_of_the_marketplace(&self, fitting: &mut Vec<Grant>) -> Result<(), Error> {
        let Some(MarketplaceMeant { id, is_known }) = &self.marketplace else {
            return Ok(());
        };
        let lists = |grant: &Grant| grant.stores.iter().any(|store| store.marketplace_id == *id);
        let may_cover = |grant: &Grant| *is_known && grant.stores.is_empty();
        let is_listed = fitting.iter().any(lists);
        if fitting.iter().any(|grant| lists(grant) && grant.status == Status::Active) {
            fitting.retain(lists);
        } else if is_listed {
            // A vendor never has stores, so it does not take the place of a seller that is no longer active.
            let is_vendor = |grant: &Grant| grant.partner_type == Some(PartnerType::Vendor);
            fitting.retain(|grant| lists(grant) || may_cover(grant) && !is_vendor(grant));
        } else {
            fitting.retain(may_cover);
        }
        match (fitting.is_empty(), *is_known) {
            (false, _) => Ok(()),
            (true, true) => {
                Err(Error::invalid("marketplaceId", "a marketplace that the selling partner takes part in"))
            }
            (true, false) => Err(Error::invalid("marketplaceId", "the id of a marketplace of Amazon")),
        }
    }
}

/// The one grant among the candidates that fits; otherwise an error that says which field would decide. Pure.
///
/// Of several, those that cover the marketplace are left; of those in one region, the active one, if only one is; and
/// then the one that sells in the marketplace, if only one does. Anything else is ambiguous: two active grants, or
/// two of which neither is active.
pub fn chosen(candidates: Vec<Grant>, meant: &Meant) -> Result<Grant, Error> {
    let mut fitting: Vec<_> = candidates.into_iter().filter(|grant| meant.fits(grant)).collect();
    if fitting.is_empty() {
        return Err(Error::UnknownSellingPartner);
    }
    meant.leave_those_of_the_marketplace(&mut fitting)?;
    if fitting.iter().any(|grant| grant.region != fitting[0].region) {
        return Err(Error::AmbiguousSellingPartner("add region"));
    }
    leave_the_only(&mut fitting, |grant| meant.partner_type.is_some() && grant.partner_type == meant.partner_type);
    leave_the_only(&mut fitting, |grant| grant.status == Status::Active);
    leave_the_only(&mut fitting, |grant| {
        let named = meant.marketplace.as_ref();
        let sells = |id: &MarketplaceId| grant.stores.iter().any(|store| store.marketplace_id == *id && store.participating);
        named.is_some_and(|named| sells(&named.id))
    });
    match fitting.pop() {
        Some(only) if fitting.is_empty() => Ok(only),
        Some(last) => {
            fitting.push(last);
            Err(Error::AmbiguousSellingPartner(what_decides(&fitting, meant)))
        }
        None => Err(Error::UnknownSellingPartner),
    }
}

/// Leaves the grant that `is_meant`, if exactly one is.
fn leave_the_only(fitting: &mut Vec<Grant>, is_meant: impl Fn(&Grant) -> bool) {
    if fitting.iter().filter(|grant| is_meant(grant)).count() == 1 {
        fitting.retain(is_meant);
    }
}

/// Returns what a caller can add to distinguish these grants of one region.
fn what_decides(fitting: &[Grant], meant: &Meant) -> &'static str {
    let is = |partner_type| fitting.iter().any(|grant| grant.partner_type == Some(partner_type));
    if meant.partner_type.is_none() && is(PartnerType::Seller) && is(PartnerType::Vendor) {
        return "add partnerType";
    }
    let listing = |id: &MarketplaceId| {
        let lists = |grant: &&Grant| grant.stores.iter().any(|store| store.marketplace_id == *id);
        fitting.iter().filter(lists).count()
    };
    let stores = fitting.iter().flat_map(|grant| &grant.stores);
    if meant.marketplace.is_none() && stores.clone().any(|store| listing(&store.marketplace_id) == 1) {
        return "add marketplaceId";
    }
    "name sellingPartnerId in place of account"
}

impl GrantStore {
    /// The grant that the caller means, as stored at this moment: a query unless the request names the whole key, and one
    /// batch read; again for a moment if there is none and the index may lag behind.
    pub async fn meant(&self, meant: &Meant, deadline: Deadline) -> Result<Grant, Error> {
        let mut looks = meant.looks(deadline);
        loop {
            let keys = self.candidates(meant, looks.look(), deadline).await?;
            let found = chosen(self.read(&keys, deadline).await?, meant);
            if !looks.again(found.as_ref().err()).await {
                return found;
            }
        }
    }

    /// The key of the grant that the caller means. A single candidate costs no read: the row, which the caller has yet to
    /// read, decides whether the grant is there and whose it is. The caller looks again if it is not.
    pub async fn key_meant(&self, meant: &Meant, look: Look, deadline: Deadline) -> Result<GrantKey, Error> {
        let mut keys = self.candidates(meant, look, deadline).await?;
        match keys.pop() {
            Some(only) if keys.is_empty() && meant.is_decided_by_key() => Ok(only),
            Some(last) => {
                keys.push(last);
                Ok(chosen(self.read(&keys, deadline).await?, meant)?.key())
            }
            None => Err(Error::UnknownSellingPartner),
        }
    }

    /// At most 100, which is as many as one batch read takes.
    async fn candidates(
        &self,
        meant: &Meant,
        look: Look,
        deadline: Deadline,
    ) -> Result<Vec<GrantKey>, Error> {
        let key = |partner: &SellingPartnerId, region| GrantKey {
            application_id: meant.application_id.clone(),
            region,
            selling_partner_id: partner.clone(),
        };
        let mut keys = match (&meant.whose, meant.region, look) {
            (Whose::Partner(partner), Some(region), _) => vec![key(partner, region)],
            (Whose::Partner(partner), None, Look::First) => {
                retry_until(deadline, || self.keys_of_partner(partner)).await?
            }
            (Whose::Partner(partner), None, Look::Again) => {
                Region::ALL.into_iter().map(|region| key(partner, region)).collect()
            }
            (Whose::Account(account), ..) => {
                retry_until(deadline, || self.keys_of_account(account)).await?
            }
        };
        keys.retain(|key| meant.may_be(key));
        Ok(keys)
    }
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;
