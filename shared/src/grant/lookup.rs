//! Which grant a caller means. The indexes find keys and may lag behind, the rows decide, and [`chosen`] says whether they
//! leave exactly one.

mod choice;
mod looks;

pub use self::{
    choice::chosen,
    looks::{Look, Looks},
};

use super::{Grant, GrantKey, store::GrantStore};
use crate::{
    amazon::marketplace::{Marketplaces, PartnerType},
    consumer::{Reach, not_covered},
    deadline::{Deadline, retry_until},
    error::Error,
    ids::{Account, ApplicationId, MarketplaceId, SellingPartnerId},
    region::Region,
};

/// Whose grant a caller means.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The partner's that has this id at Amazon.
    Partner(SellingPartnerId),
    /// The partner's that the integrator has linked to this account.
    Account(Account),
}

/// Where the grant is that a caller means. Both may be left out where one grant fits.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// The region.
    pub region: Option<Region>,
    /// A marketplace that the grant covers.
    pub marketplace: Option<MarketplaceMeant>,
}

/// A marketplace that a caller names.
#[derive(Clone, Debug)]
pub struct MarketplaceMeant {
    /// The marketplace.
    pub id: MarketplaceId,
    /// Whether it is in the table of marketplaces. Another one counts only if a grant lists it.
    pub is_known: bool,
}

/// What a caller says of the grant it means.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The application to which the grant was given.
    pub application_id: ApplicationId,
    /// Whose grant.
    pub whose: Whose,
    /// Where.
    pub location: Location,
    /// Whether the grant is a seller's or a vendor's, if the caller says so.
    pub partner_type: Option<PartnerType>,
    /// Whether a removed grant fits too, which has nothing but its history.
    pub even_removed: bool,
    /// What the caller may have. A grant that it does not cover is treated as one that does not exist.
    pub reach: Reach,
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
    pub fn fits(&self, grant: &Grant) -> bool {
        match self {
            Self::Partner(partner) => grant.selling_partner_id == *partner,
            Self::Account(account) => grant.account.as_ref() == Some(account),
        }
    }
}

impl Location {
    /// The region and the marketplace that a request names. A marketplace of the table determines the region; it is an
    /// error to name another region beside it.
    pub fn of(
        region: Option<Region>,
        marketplace: Option<MarketplaceId>,
        marketplaces: &Marketplaces,
    ) -> Result<Self, Error> {
        let Some(id) = marketplace else {
            return Ok(Self { region, marketplace: None });
        };
        let known = marketplaces.by_id(&id).map(|known| known.region);
        match (region, known) {
            (Some(region), Some(known)) if region != known => {
                Err(Error::invalid("region", format!("{known}, which is the marketplace's region")))
            }
            _ => Ok(Self {
                region: region.or(known),
                marketplace: Some(MarketplaceMeant { id, is_known: known.is_some() }),
            }),
        }
    }
}

impl MarketplaceMeant {
    /// The error of a request that names a marketplace that neither the table nor a grant lists.
    #[must_use]
    pub fn unknown() -> Error {
        Error::invalid("marketplaceId", "the id of a marketplace of Amazon, or of one of the grant's stores")
    }

    /// Whether the grant has a store there.
    fn is_listed(&self, grant: &Grant) -> bool {
        grant.stores.iter().any(|store| store.marketplace_id == self.id)
    }

    /// Whether the grant's partner sells there.
    fn is_sold_in(&self, grant: &Grant) -> bool {
        grant.stores.iter().any(|store| store.marketplace_id == self.id && store.participating)
    }
}

impl Meant {
    /// Refuses what the caller may not have, whatever the tables hold.
    pub fn check(&self) -> Result<(), Error> {
        let may_be = |names_partners: bool, names_accounts: bool| match &self.whose {
            Whose::Partner(_) => names_accounts,
            Whose::Account(_) => names_partners,
        };
        self.reach.allows(|policy| {
            policy.covers_place(&self.application_id, self.location.region)
                && (self.is_named() || may_be(policy.names_partners(), policy.names_accounts()))
        })
    }

    /// Returns the error of a request whose grant was not found. It says that there is none only of a partner or an
    /// account that the caller may have. Any other looks the same, whether it exists or not.
    #[must_use]
    pub fn not_found(&self) -> Error {
        if self.is_named() { Error::UnknownSellingPartner } else { not_covered() }
    }

    /// Whether the grant is one that the caller means and may have, by its current row.
    pub fn is_of(&self, grant: &Grant) -> bool {
        self.whose.fits(grant) && self.may_have(grant)
    }

    /// Whether what the caller may have lists the partner or the account itself.
    fn is_named(&self) -> bool {
        self.reach.covers(|policy| match &self.whose {
            Whose::Partner(partner) => policy.partners.covers(partner),
            Whose::Account(account) => policy.accounts.covers(Some(account)),
        })
    }

    fn may_have(&self, grant: &Grant) -> bool {
        self.reach.covers(|policy| {
            let Grant { application_id, region, selling_partner_id, account, .. } = grant;
            policy.covers(application_id, *region, selling_partner_id, account.as_ref())
        })
    }

    fn may_have_key(&self, key: &GrantKey) -> bool {
        let GrantKey { application_id, region, selling_partner_id } = key;
        self.reach.covers(|policy| policy.may_cover(application_id, *region, selling_partner_id))
    }

    /// Returns what there may be of looks at the tables.
    #[must_use]
    pub fn looks(&self, deadline: Deadline) -> Looks {
        match self.whose {
            Whose::Partner(_) => Looks::of_partner(self.location.region.is_some(), deadline),
            Whose::Account(_) => Looks::of_account(deadline),
        }
    }

    /// Whether the key alone says that the grant is meant, if it is the only one in its region; the caller compares the
    /// marketplace when it reads the row.
    fn is_decided_by_key(&self) -> bool {
        self.partner_type.is_none() && self.location.marketplace.as_ref().is_none_or(|named| named.is_known)
    }
}

impl GrantStore {
    /// The grant that the caller means, as stored at this moment. A look costs a query, unless the request names the whole
    /// key, and one batch read; there are further ones if there is none, because the index may lag behind, or because
    /// the grant was moved from the region that the request names.
    pub async fn meant(&self, meant: &Meant, deadline: Deadline) -> Result<Grant, Error> {
        meant.check()?;
        let mut looks = meant.looks(deadline);
        loop {
            let keys = self.candidates(meant, looks.next(), deadline).await?;
            let found = chosen(self.read(&keys, deadline).await?.all()?, meant);
            if !looks.again(found.as_ref().err()).await {
                return match found {
                    Err(Error::UnknownSellingPartner) => Err(meant.not_found()),
                    found => found,
                };
            }
        }
    }

    /// The key of the grant that the caller means. A single candidate of the first look costs no read: the row, which the
    /// caller has yet to read, decides whether the grant is there and whose it is. If it is not, the caller looks
    /// again.
    pub async fn key_meant(&self, meant: &Meant, look: Look, deadline: Deadline) -> Result<GrantKey, Error> {
        let keys = self.candidates(meant, look, deadline).await?;
        if look == Look::First && meant.is_decided_by_key() {
            let region = meant.location.region;
            let mut here = keys
                .iter()
                .filter(|key| region.is_none_or(|region| key.region == region) && meant.may_have_key(key));
            if let (Some(only), None) = (here.next(), here.next()) {
                return Ok(only.clone());
            }
        }
        Ok(chosen(self.read(&keys, deadline).await?.all()?, meant)?.key())
    }

    /// The keys of the grants that may be meant, in any region if the named one turns out not to have it. At most 100,
    /// which is as many as one batch read takes.
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
        let mut keys = match (&meant.whose, meant.location.region, look) {
            (Whose::Partner(partner), Some(region), Look::First) => vec![key(partner, region)],
            // Where an account decides, the index would make the request of a partner that exists cost a call more.
            (Whose::Partner(partner), None, Look::First) if meant.is_named() => {
                retry_until(deadline, || self.keys_of_partner(partner)).await?
            }
            (Whose::Partner(partner), ..) => {
                Region::ALL.into_iter().map(|region| key(partner, region)).collect()
            }
            (Whose::Account(account), ..) => retry_until(deadline, || self.keys_of_account(account)).await?,
        };
        keys.retain(|key| key.application_id == meant.application_id);
        Ok(keys)
    }
}

#[cfg(test)]
mod tests;
