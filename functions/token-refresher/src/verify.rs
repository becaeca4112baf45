//! Asks SP-API again about a grant whose stores or region were not known when it was saved.

use jiff::Timestamp;
use shared::{
    access_token::store::GrantAndToken,
    amazon::{
        marketplace::{PartnerType, Store},
        verification::ask_once,
    },
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Grant, Status,
        relocation::{
            Evidence,
            search::{CONFIRMED_AFTER, Finding, Sighting, found},
        },
        version::VersionId,
    },
    grant_change::Decision,
    history::{Event, actor::Who},
    region::Region,
    secret::AccessToken,
    vending::Relocated,
};

use crate::TokenRefresher;

impl TokenRefresher {
    /// Calls SP-API for a grant that is not verified, or whose stores are wanted for a comparison, with the access token that was
    /// just fetched: once for each region whose answer can show something. Vendors cannot be verified (F§7.3).
    pub(crate) async fn verify(
        &self,
        grant: &Grant,
        found_with: &GrantAndToken,
        (token, version): (&AccessToken, &VersionId),
        clock: Clock,
    ) -> Result<(), Error> {
        let is_known = !grant.stores.is_empty() && !grant.is_region_assumed();
        let is_wanted = !is_known || found_with.waits_for_stores;
        if !is_wanted || grant.partner_type == Some(PartnerType::Vendor) {
            return Ok(());
        }
        // The refresh that brought the access token may have replaced the refresh token.
        let key = grant.key();
        let current = retry_until(clock.deadline(), || self.grants.find(&key)).await?;
        let current = current.filter(|current| current.version_id() == *version);
        let grant = current.as_ref().unwrap_or(grant);
        let last_requested_at = found_with.row.last_requested_at;
        let marketplaces = self.amazon.marketplaces();
        let question = (grant.region, grant.is_region_assumed());
        let answers = ask_once(&self.sp_api, marketplaces, token, question).await;
        let now = clock.now();
        match found(grant, &answers, |region, store| marketplaces.knows(region, store), now) {
            Finding::Nothing => Ok(()),
            Finding::Here(stores) => {
                if !is_known {
                    self.verified(grant, &stores, clock).await?;
                }
                if found_with.waits_for_stores { self.settle(grant, &stores, clock).await } else { Ok(()) }
            }
            Finding::First(sighting) => {
                let (key, region) = (grant.key(), sighting.region);
                tracing::warn!(
                    grant.key = %key,
                    %region,
                    "SP-API lists stores of grant {key} in {region} alone; the grant is moved if it does so again"
                );
                self.note(grant, Some(&sighting), clock).await
            }
            Finding::Contradicted => self.note(grant, None, clock).await,
            Finding::Elsewhere(region, stores) => {
                self.relocate(grant, (region, stores), last_requested_at, clock).await
            }
        }
    }

    async fn verified(&self, grant: &Grant, stores: &[Store], clock: Clock) -> Result<(), Error> {
        let decide = |current: Option<&Grant>| {
            let unchanged = |current: &&Grant| {
                current.fingerprint == grant.fingerprint
                    && (current.stores.is_empty() || current.is_region_assumed())
                    && current.status != Status::Removed
            };
            Ok(match current.filter(unchanged) {
                Some(current) => Decision::to(
                    Grant {
                        stores: stores.to_vec(),
                        partner_type: Some(PartnerType::Seller),
                        region_assumed: Some(false),
                        sighting: None,
                        ..current.clone()
                    },
                    Event::AuthorizationVerified,
                    "Amazon returned the stores of a seller that could not be verified before",
                ),
                None => Decision::Stays,
            })
        };
        self.changes.make(&grant.key(), decide, &Who::schedule(), clock).await.map(|_| ())
    }

    /// Moves the grant. Where the partner already has a grant in the other region, that one stays as it is, and the token
    /// becomes a conflict of it, once.
    async fn relocate(
        &self,
        grant: &Grant,
        (region, stores): (Region, Vec<Store>),
        last_requested_at: Option<Timestamp>,
        clock: Clock,
    ) -> Result<(), Error> {
        let now = clock.now();
        let decide = |current: &Grant| {
            let seen_first =
                |first: &Sighting| first.region == region && now.duration_since(first.at) >= CONFIRMED_AFTER;
            let unchanged = current.fingerprint == grant.fingerprint
                && current.is_region_assumed()
                && current.sighting.as_ref().is_some_and(seen_first);
            unchanged.then(|| Evidence::Stores(stores.clone()))
        };
        let (key, who) = (grant.key(), Who::schedule());
        match self.vending.relocate(&key, region, decide, last_requested_at, (&who, clock)).await? {
            Relocated::Moved(_) | Relocated::Stays => Ok(()),
            Relocated::Taken => match &grant.sighting {
                Some(first) if !first.reported => {
                    self.vending.dispute(grant, region, &stores, &who, clock).await?;
                    tracing::warn!(
                        grant.key = %key,
                        %region,
                        "Grant {key} was not moved to {region}: the partner already has a grant there; \
                         hint: resolve the conflict of that grant, then remove the one that is wrong"
                    );
                    self.note(grant, Some(&Sighting { reported: true, ..first.clone() }), clock).await
                }
                _ => Ok(()),
            },
        }
    }

    async fn note(&self, grant: &Grant, sighting: Option<&Sighting>, clock: Clock) -> Result<(), Error> {
        Ok(retry_until(clock.deadline(), || self.grants.note_sighting(grant, sighting)).await?)
    }
}
