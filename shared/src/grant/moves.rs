//! Follows a grant that was moved from the region that a caller names.

use super::{
    GrantKey,
    lookup::{Meant, Whose},
    store::GrantStore,
};
use crate::{
    aws::AwsError,
    deadline::{Deadline, retry_until},
    region::Region,
};

impl GrantStore {
    /// Returns the key under which the grant is now: the same one, unless it was moved.
    pub async fn current_key(&self, key: &GrantKey, deadline: Deadline) -> Result<GrantKey, AwsError> {
        let mut key = key.clone();
        // A pointer leads to another region, and the last of them is no pointer.
        for _ in Region::ALL {
            let row = retry_until(deadline, || self.find(&key)).await?;
            match row.and_then(|grant| grant.points_to()) {
                Some(next) => key = next,
                None => break,
            }
        }
        Ok(key)
    }

    /// Returns the region to which the grant that the caller means was moved from the region that it names, if it was.
    pub async fn region_moved_to(
        &self,
        meant: &Meant,
        deadline: Deadline,
    ) -> Result<Option<Region>, AwsError> {
        let Some(region) = meant.region else { return Ok(None) };
        match &meant.whose {
            Whose::Partner(partner) => {
                let key = GrantKey {
                    application_id: meant.application_id.clone(),
                    region,
                    selling_partner_id: partner.clone(),
                };
                let now = self.current_key(&key, deadline).await?.region;
                Ok((now != region).then_some(now))
            }
            // A pointer has no account; the grant itself says where it came from.
            Whose::Account(account) => {
                let mut keys = retry_until(deadline, || self.keys_of_account(account)).await?;
                keys.retain(|key| key.application_id == meant.application_id);
                let grants = self.read(&keys, deadline).await?;
                let moved =
                    |grant: &&super::Grant| meant.whose.fits(grant) && grant.moved_from == Some(region);
                Ok(grants.iter().find(moved).map(|grant| grant.region))
            }
        }
    }
}
