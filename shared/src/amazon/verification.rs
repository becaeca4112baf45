//! Asks SP-API about a token: its region, and its stores, by which a seller is recognised next time (F§7.3).

use crate::{
    amazon::{
        failure::AmazonRequestId,
        marketplace::{Marketplaces, Store},
        sp_api::{Error, Reason, SpApi},
    },
    deadline::{Deadline, Pauses},
    region::Region,
    secret::AccessToken,
};

/// What SP-API answered about a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verification {
    /// These stores, which are in this region.
    Stores(Region, Vec<Store>),
    /// No stores: every region answered, and none has a store. So it is with vendors.
    Nothing,
    /// No answer yet: SP-API answered that there are too many requests. This is the latest such answer.
    Throttled(Error),
    /// No answer yet: SP-API did not answer. This is the latest failure.
    Unanswered(Error),
}

/// What one region answered about a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The region that was asked.
    pub region: Region,
    /// The stores that it listed. `None` if it did not answer, or may answer otherwise later. A refusal counts as an empty
    /// list: SP-API answers a token of another region so, as it does one without the role (F§4.7).
    pub stores: Option<Vec<Store>>,
}

/// What the answers of the regions show together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Listing {
    /// This region lists these stores, and no other region does.
    In(Region, Vec<Store>),
    /// Several regions list stores.
    InSeveral,
    /// Every region answered, and none lists a store.
    Nowhere,
    /// A region that may list stores has not answered.
    Unknown,
}

/// Compares what the regions answered. `known` says whether the table of marketplaces has the store's in the region. Each
/// region may list entries outside the table (F§7.3), so those count only where one region alone lists any: they may be of a
/// country that the table does not know yet.
pub fn listing(answers: &[Answer], known: impl Fn(Region, &Store) -> bool) -> Listing {
    let lists = |counts: &dyn Fn(Region, &Store) -> bool| -> Vec<(Region, Vec<Store>)> {
        let listed = answers.iter().filter_map(|answer| Some((answer.region, answer.stores.clone()?)));
        listed.filter(|(region, stores)| stores.iter().any(|store| counts(*region, store))).collect()
    };
    let complete =
        Region::ALL.iter().all(|region| answers.iter().any(|a| a.region == *region && a.stores.is_some()));
    let (mut in_table, mut any) = (lists(&known), lists(&|_, _| true));
    match (in_table.len(), any.len()) {
        (2.., _) => Listing::InSeveral,
        _ if !complete => Listing::Unknown,
        (1, _) => in_table.pop().map_or(Listing::Nowhere, |(region, stores)| Listing::In(region, stores)),
        (_, 0) => Listing::Nowhere,
        (_, 1) => any.pop().map_or(Listing::Nowhere, |(region, stores)| Listing::In(region, stores)),
        (_, _) => Listing::InSeveral,
    }
}

/// Makes one call if the `expected` region is right. An empty answer may mean the wrong region (F§1.8), so then the
/// other regions are asked too, as they are if no region is expected.
pub async fn verify(
    sp_api: &SpApi,
    marketplaces: &Marketplaces,
    token: &AccessToken,
    expected: Option<Region>,
    deadline: Deadline,
) -> Verification {
    let mut pauses = Pauses::until(deadline);
    let mut unanswered: Vec<Region> = expected.into_iter().collect();
    unanswered.extend(Region::ALL.into_iter().filter(|region| expected != Some(*region)));
    let known = |region, store: &Store| marketplaces.knows(region, store);
    let mut answers = Vec::new();
    loop {
        let mut asked_again = Vec::new();
        let (mut throttled, mut unavailable) = (None, None);
        for region in unanswered {
            let failed = match sp_api.marketplace_participations(token, region).await {
                Ok(stores) if stores.iter().any(|store| known(region, store)) => {
                    return Verification::Stores(region, stores);
                }
                Ok(stores) => {
                    answers.push(Answer { region, stores: Some(stores) });
                    continue;
                }
                Err(failed) => failed,
            };
            match failed.reason {
                Reason::Unavailable(_) => {
                    unavailable = Some(failed);
                    asked_again.push(region);
                }
                // A wait of a minute (F§7.3) is justified only if nothing else determines the region.
                Reason::Throttled { .. } if expected.is_none() => {
                    throttled = Some(failed);
                    asked_again.push(region);
                }
                Reason::Throttled { .. } => return Verification::Throttled(failed),
                // SP-API may also answer so for a token of another region (F§4.7).
                Reason::Refused => {
                    log_refusal(region, &failed);
                    answers.push(Answer { region, stores: Some(Vec::new()) });
                }
            }
            // The most likely region has not answered yet. Do not ask the others before it has.
            if expected == Some(region) && !asked_again.is_empty() {
                break;
            }
        }
        if asked_again.is_empty() {
            return match listing(&answers, known) {
                Listing::In(region, stores) => Verification::Stores(region, stores),
                Listing::InSeveral | Listing::Nowhere | Listing::Unknown => Verification::Nothing,
            };
        }
        if !pauses.pause(None).await {
            // What was asked again has failed in one of these ways.
            let unanswered = unavailable.map(Verification::Unanswered);
            return throttled.map(Verification::Throttled).or(unanswered).unwrap_or(Verification::Nothing);
        }
        unanswered = asked_again;
    }
}

/// Asks the regions once each, `own` first. The others are asked only if that answered and its answer leaves a question:
/// `is_assumed` says that an empty one does.
pub async fn ask_once(
    sp_api: &SpApi,
    marketplaces: &Marketplaces,
    token: &AccessToken,
    (own, is_assumed): (Region, bool),
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for region in [own].into_iter().chain(Region::ALL.into_iter().filter(|region| *region != own)) {
        let stores = match sp_api.marketplace_participations(token, region).await {
            Ok(stores) => Some(stores),
            Err(failed) if failed.reason == Reason::Refused => {
                log_refusal(region, &failed);
                Some(Vec::new())
            }
            Err(_) => None,
        };
        let is_clear = match &stores {
            None => true,
            Some(stores) if stores.is_empty() => !is_assumed,
            Some(stores) => stores.iter().any(|store| marketplaces.knows(region, store)),
        };
        answers.push(Answer { region, stores });
        if region == own && is_clear {
            break;
        }
    }
    answers
}

fn log_refusal(region: Region, failed: &Error) {
    let request_id = failed.request_id.as_ref().map(AmazonRequestId::as_str);
    tracing::warn!(%region, amazon.requestId = request_id, "SP-API names no stores in {region}: {failed}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(id: &str) -> Store {
        Store { marketplace_id: id.parse().unwrap(), name: "Watches".to_owned(), participating: true }
    }

    fn answers(listed: [Option<&[&str]>; 3]) -> Vec<Answer> {
        let of = |(region, ids): (Region, Option<&[&str]>)| Answer {
            region,
            stores: ids.map(|ids| ids.iter().map(|id| store(id)).collect()),
        };
        Region::ALL.into_iter().zip(listed).map(of).collect()
    }

    fn shown(listed: [Option<&[&str]>; 3]) -> Listing {
        let marketplaces = Marketplaces::default();
        listing(&answers(listed), |region, store| marketplaces.knows(region, store))
    }

    #[test]
    fn a_region_is_found_only_where_it_alone_lists_stores() {
        let (us, de, new): (&[&str], &[&str], &[&str]) =
            (&["ATVPDKIKX0DER"], &["A1PA6795UKMFR9"], &["A0NEWCOUNTRY00"]);
        let none: &[&str] = &[];
        let is_in =
            |region| move |listing: Listing| matches!(listing, Listing::In(found, _) if found == region);

        assert!(is_in(Region::Eu)(shown([Some(none), Some(de), Some(none)])));
        assert!(is_in(Region::Eu)(shown([Some(none), Some(new), Some(none)])), "a country outside the table");
        assert!(is_in(Region::Eu)(shown([Some(new), Some(de), Some(new)])), "the table decides");
        assert!(
            is_in(Region::Fe)(shown([Some(de), Some(none), Some(&["A1VC38T7YXB528"])])),
            "a store elsewhere"
        );
        assert_eq!(shown([Some(us), Some(de), Some(none)]), Listing::InSeveral);
        assert_eq!(shown([Some(new), Some(new), Some(none)]), Listing::InSeveral);
        assert_eq!(shown([Some(none), Some(none), Some(none)]), Listing::Nowhere);
        assert_eq!(shown([None, Some(de), Some(none)]), Listing::Unknown);
        assert_eq!(shown([Some(none), Some(de), None]), Listing::Unknown);
    }
}
