//! The times of a grant's access token. Nothing else of its row is read.

use std::collections::BTreeMap;

use console::{Grant, moment};
use jiff::Timestamp;
use maud::{Markup, html};
use shared::{access_token::TokenKey, grant::GrantKey};

use crate::{console::Simulation, environment::environment};

/// The times of a grant's access token.
#[derive(Debug)]
pub(super) struct TokenLife {
    stored_until: Option<Timestamp>,
    grant_version: Option<u64>,
    due_at: Option<Timestamp>,
    last_requested_at: Option<Timestamp>,
    refused_since: Option<Timestamp>,
}

impl Simulation {
    /// Reads the times of a grant's access token.
    pub(super) fn token_life(&self, grant: &Grant) -> TokenLife {
        let variables = environment(self.ports);
        let table = variables.iter().find(|(name, _)| *name == "ACCESS_TOKENS_TABLE");
        let table = table.map(|(_, table)| table.as_str()).unwrap_or_default();
        let numbers = key_of(grant).map_or_else(BTreeMap::new, |key| {
            let token_key = TokenKey::of_partner(&key);
            self.aws.numbers(table, ("token_key", token_key.as_str()), &ATTRIBUTES)
        });
        let at = |name: &str| Timestamp::from_second(*numbers.get(name)?).ok();
        TokenLife {
            stored_until: at("expires_at"),
            grant_version: numbers.get("grant_version").and_then(|version| u64::try_from(*version).ok()),
            due_at: at("due_at"),
            last_requested_at: at("last_requested_at"),
            refused_since: at("refused_since"),
        }
    }
}

impl TokenLife {
    /// A cell of a table: the time until which a token is stored.
    pub(super) fn short(&self, version: u64, now: Timestamp) -> Markup {
        let evicted = self.is_evicted(version);
        html! {
            @match self.stored_until {
                Some(until) if evicted || until <= now => span.quiet { "none stored" },
                Some(until) => { "until " (moment(until, now)) },
                None => span.quiet { "none stored" },
            }
            @if let Some(since) = self.refused_since { br; "refused since " (moment(since, now)) }
        }
    }

    /// All times.
    pub(super) fn long(&self, version: u64, now: Timestamp) -> Markup {
        let rows = [
            ("Stored until", self.stored_until),
            ("Next refresh due", self.due_at),
            ("Last requested", self.last_requested_at),
            ("Refused by Amazon since", self.refused_since),
        ];
        html! {
            dl.facts {
                @for (name, at) in rows {
                    div {
                        dt { (name) }
                        dd { @match at { Some(at) => (moment(at, now)), None => span.quiet { "-" } } }
                    }
                }
            }
            @if self.is_evicted(version) {
                p.quiet { "The stored token is older than the last change of the grant, so it is not vended." }
            }
        }
    }

    fn is_evicted(&self, version: u64) -> bool {
        self.grant_version.is_some_and(|grant_version| grant_version != version)
    }
}

fn key_of(grant: &Grant) -> Option<GrantKey> {
    Some(GrantKey {
        application_id: grant.application_id.parse().ok()?,
        region: grant.region.parse().ok()?,
        selling_partner_id: grant.selling_partner_id.parse().ok()?,
    })
}

const ATTRIBUTES: [&str; 5] = ["due_at", "expires_at", "grant_version", "last_requested_at", "refused_since"];
