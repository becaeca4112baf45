//! Which grant a caller means. The indexes find keys and may lag behind, the rows decide, and [`chosen`] says whether they
//! leave exactly one.

use super::{Grant, GrantKey, Status, store::GrantStore};
use crate::{
    deadline::{Deadline, retry_until},
    error::Error,
    ids::{Account, ApplicationId, SellingPartnerId},
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

/// What a caller says of the grant it means.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The application to which the grant was given.
    pub application_id: ApplicationId,
    /// Whose grant.
    pub whose: Whose,
    /// In which region; may be left out where one grant fits.
    pub region: Option<Region>,
    /// Whether a removed grant fits too, which has nothing but its history.
    pub even_removed: bool,
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

impl Meant {
    /// Whether the key may be that of the grant: all that an index shows.
    fn may_be(&self, key: &GrantKey) -> bool {
        key.application_id == self.application_id && self.region.is_none_or(|region| key.region == region)
    }

    /// Whether the grant is one that the caller can mean.
    fn fits(&self, grant: &Grant) -> bool {
        self.may_be(&grant.key())
            && self.whose.fits(grant)
            && grant.points_to().is_none()
            && (self.even_removed || grant.status != Status::Removed)
    }
}

/// The one grant among the candidates that fits; otherwise an error that says which field would decide. Pure.
pub fn chosen(candidates: Vec<Grant>, meant: &Meant) -> Result<Grant, Error> {
    let mut fitting: Vec<_> = candidates.into_iter().filter(|grant| meant.fits(grant)).collect();
    let Some(last) = fitting.pop() else {
        return Err(Error::UnknownSellingPartner);
    };
    if fitting.is_empty() {
        Ok(last)
    } else if fitting.iter().all(|other| other.region == last.region) {
        Err(Error::AmbiguousSellingPartner("sellingPartnerId"))
    } else {
        Err(Error::AmbiguousSellingPartner("region"))
    }
}

impl GrantStore {
    /// The grant that the caller means, as stored at this moment: a query unless the request names the whole key, and one
    /// batch read.
    pub async fn meant(&self, meant: &Meant, deadline: Deadline) -> Result<Grant, Error> {
        match self.meant_here(meant, deadline).await {
            Err(Error::UnknownSellingPartner) => match self.region_moved_to(meant, deadline).await? {
                Some(region) => {
                    self.meant_here(&Meant { region: Some(region), ..meant.clone() }, deadline).await
                }
                None => Err(Error::UnknownSellingPartner),
            },
            found => found,
        }
    }

    async fn meant_here(&self, meant: &Meant, deadline: Deadline) -> Result<Grant, Error> {
        let keys = self.candidates(meant, deadline).await?;
        chosen(self.read(&keys, deadline).await?, meant)
    }

    /// The key of the grant that the caller means. A single candidate costs no read: the row, which the caller has yet to
    /// read, decides whether the grant is there and whose it is.
    pub async fn key_meant(&self, meant: &Meant, deadline: Deadline) -> Result<GrantKey, Error> {
        let mut keys = self.candidates(meant, deadline).await?;
        match keys.pop() {
            Some(only) if keys.is_empty() => Ok(only),
            Some(last) => {
                keys.push(last);
                Ok(chosen(self.read(&keys, deadline).await?, meant)?.key())
            }
            None => Err(Error::UnknownSellingPartner),
        }
    }

    /// At most 100, which is as many as one batch read takes.
    async fn candidates(&self, meant: &Meant, deadline: Deadline) -> Result<Vec<GrantKey>, Error> {
        let mut keys = match (&meant.whose, meant.region) {
            (Whose::Partner(partner), Some(region)) => vec![GrantKey {
                application_id: meant.application_id.clone(),
                region,
                selling_partner_id: partner.clone(),
            }],
            (Whose::Partner(partner), None) => {
                retry_until(deadline, || self.keys_of_partner(partner)).await?
            }
            (Whose::Account(account), _) => retry_until(deadline, || self.keys_of_account(account)).await?,
        };
        keys.retain(|key| meant.may_be(key));
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn meant(whose: &str, region: Option<Region>) -> Meant {
        let whose = match whose.strip_prefix('@') {
            Some(account) => Whose::Account(account.parse().unwrap()),
            None => Whose::Partner(whose.parse().unwrap()),
        };
        let application_id = "amzn1.sp.solution.1".parse().unwrap();
        Meant { application_id, whose, region, even_removed: false }
    }

    fn grant(partner: &str, region: &str, account: &str, status: &str) -> Grant {
        serde_json::from_value(json!({
            "application_id": "amzn1.sp.solution.1", "region": region, "selling_partner_id": partner, "version": 1,
            "revision": 1, "status": status, "kind": "oauth", "draft": false, "account": account,
            "authorized_at": 0, "renewal_due_at": 0, "fingerprint": "x",
        }))
        .unwrap()
    }

    fn seller_in_two_regions() -> Vec<Grant> {
        vec![
            grant("A1", "na", "tenant-1", "active"),
            grant("A1", "eu", "tenant-2", "disabled"),
            grant("A2", "eu", "tenant-2", "active"),
            grant("A2", "fe", "tenant-1", "removed"),
        ]
    }

    #[test]
    fn the_one_that_fits_is_chosen_by_its_row() {
        for (whose, region, partner) in
            [("A1", Some(Region::Eu), "A1"), ("@tenant-1", None, "A1"), ("A2", None, "A2")]
        {
            let found = chosen(seller_in_two_regions(), &meant(whose, region)).unwrap();
            assert_eq!(found.selling_partner_id.as_str(), partner, "{whose}");
        }
    }

    #[test]
    fn of_several_the_error_names_the_field_that_would_decide() {
        for (whose, region, error) in [
            ("A1", None, "several authorizations fit; add region"),
            ("@tenant-2", None, "several authorizations fit; add sellingPartnerId"),
            ("A2", Some(Region::Fe), "this selling partner has not authorized the application"),
            ("@tenant-3", None, "this selling partner has not authorized the application"),
        ] {
            let refused = chosen(seller_in_two_regions(), &meant(whose, region)).unwrap_err().to_string();
            assert!(refused.starts_with(error), "{whose}: {refused}");
        }
    }

    #[test]
    fn a_removed_grant_and_a_grant_of_another_application_fit_only_where_they_are_asked_for() {
        let wanted = Meant { even_removed: true, ..meant("A2", Some(Region::Fe)) };
        assert_eq!(chosen(seller_in_two_regions(), &wanted).unwrap().status, Status::Removed);

        let other =
            Meant { application_id: "amzn1.sp.solution.2".parse().unwrap(), ..meant("@tenant-1", None) };
        assert!(matches!(chosen(seller_in_two_regions(), &other), Err(Error::UnknownSellingPartner)));
    }

    #[test]
    fn a_request_names_a_partner_or_an_account() {
        let (partner, account) = ("A1".parse().unwrap(), "tenant-1".parse().unwrap());
        assert!(Whose::of(None, None).unwrap().is_none());
        assert!(Whose::of(Some(partner), Some(account)).unwrap_err().to_string().starts_with("account: "));
    }
}
