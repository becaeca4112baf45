//! The life of a grant's access token: times alone, since nothing else of the row is read.

use jiff::Timestamp;
use maud::{Markup, html};
use shared::{access_token::TokenKey, grant::GrantKey};

use crate::{
    console::{Console, moment::moment},
    environment::environment,
};

/// When things happen to a grant's access token.
#[derive(Debug)]
pub(super) struct TokenLife {
    kept_until: Option<Timestamp>,
    minted_under: Option<u64>,
    due_at: Option<Timestamp>,
    last_asked_for: Option<Timestamp>,
    refused_since: Option<Timestamp>,
}

impl Console {
    /// The life of the token with which a grant is used.
    pub(super) fn token_life(&self, key: &GrantKey) -> TokenLife {
        let variables = environment(self.ports);
        let table = variables.iter().find(|(name, _)| *name == "ACCESS_TOKENS_TABLE");
        let table = table.map(|(_, table)| table.as_str()).unwrap_or_default();
        let token_key = TokenKey::of_partner(key);
        let numbers = self.aws.numbers(table, ("token_key", token_key.as_str()), &ATTRIBUTES);
        let at = |name: &str| Timestamp::from_second(*numbers.get(name)?).ok();
        TokenLife {
            kept_until: at("expires_at"),
            minted_under: numbers.get("grant_version").and_then(|version| u64::try_from(*version).ok()),
            due_at: at("due_at"),
            last_asked_for: at("last_requested_at"),
            refused_since: at("refused_since"),
        }
    }
}

impl TokenLife {
    /// In a cell: until when there is a token to hand out.
    pub(super) fn short(&self, version: u64, now: Timestamp) -> Markup {
        let evicted = self.is_evicted(version);
        html! {
            @match self.kept_until {
                Some(until) if evicted || until <= now => span.quiet { "none kept" },
                Some(until) => { "until " (moment(until, now)) },
                None => span.quiet { "none kept" },
            }
            @if let Some(since) = self.refused_since { br; "refused since " (moment(since, now)) }
        }
    }

    /// In full.
    pub(super) fn long(&self, version: u64, now: Timestamp) -> Markup {
        let rows = [
            ("Kept until", self.kept_until),
            ("The refresher looks at it", self.due_at),
            ("Last asked for", self.last_asked_for),
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
                p.quiet { "The kept token is from before the grant's last change, and is not handed out." }
            }
        }
    }

    fn is_evicted(&self, version: u64) -> bool {
        self.minted_under.is_some_and(|minted_under| minted_under != version)
    }
}

const ATTRIBUTES: [&str; 5] = ["due_at", "expires_at", "grant_version", "last_requested_at", "refused_since"];
