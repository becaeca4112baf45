//! Follows a grant that was moved from the region that a caller names.

use crate::{
    aws::AwsError,
    deadline::{Deadline, retry_until},
    grant::{GrantKey, store::GrantStore},
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
}
