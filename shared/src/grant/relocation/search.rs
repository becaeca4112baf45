//! Finds out the region of a grant whose region is assumed, by what the regions of SP-API answer to its access token.
//! Pure.
//!
//! An empty answer proves nothing: an endpoint of the wrong region gives one (F§1.8). So a grant moves only if another
//! region alone lists stores, twice, with time between the two answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::{
        marketplace::Store,
        verification::{Answer, Listing, listing},
    },
    grant::Grant,
    region::Region,
};

/// The shortest time between the two answers.
pub const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The first answer that showed a partner in another region alone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sighting {
    /// The region that listed stores.
    pub region: Region,
    /// When it did.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
    /// Whether the partner already has a grant there, and this was recorded as a conflict of that grant.
    #[serde(default)]
    pub reported: bool,
}

/// What the answers show.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// Nothing that changes anything.
    Nothing,
    /// The grant's own region lists these stores.
    Here(Vec<Store>),
    /// Another region alone lists stores. It has to do so once more, later.
    First(Sighting),
    /// The first answer no longer holds.
    Contradicted,
    /// Another region alone lists these stores, for the second time.
    Elsewhere(Region, Vec<Store>),
}

/// Returns what `answers` show about a grant.
pub fn found(
    grant: &Grant,
    answers: &[Answer],
    known: impl Fn(Region, &Store) -> bool,
    now: Timestamp,
) -> Finding {
    let own = answers.iter().find(|answer| answer.region == grant.region);
    let own = own.and_then(|answer| answer.stores.clone()).unwrap_or_default();
    if own.iter().any(|store| known(grant.region, store)) {
        return Finding::Here(own);
    }
    let first = grant.sighting.as_ref();
    match listing(answers, known) {
        Listing::In(region, stores) if region == grant.region => Finding::Here(stores),
        _ if !grant.is_region_assumed() => Finding::Nothing,
        Listing::In(region, stores) => match first.filter(|first| first.region == region) {
            Some(first) if now.duration_since(first.at) >= CONFIRMED_AFTER => {
                Finding::Elsewhere(region, stores)
            }
            Some(_) => Finding::Nothing,
            None => Finding::First(Sighting { region, at: now, reported: false }),
        },
        Listing::InSeveral if first.is_some() => Finding::Contradicted,
        Listing::InSeveral | Listing::Nowhere | Listing::Unknown => Finding::Nothing,
    }
}

#[cfg(test)]
mod tests;
