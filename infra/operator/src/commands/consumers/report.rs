//! How the policies of consumers and the aliases of the functions differ.

use std::collections::BTreeSet;

use super::{All, INVOKED, all};
use crate::{failure::Failure, functions::Function, session::Session};

/// How policies and aliases differ.
pub(in crate::commands) struct Report {
    /// The number of policies that can be read.
    pub(in crate::commands) consumers: usize,
    /// The consumers whose policy cannot be read.
    pub(in crate::commands) unreadable: Vec<String>,
    /// The aliases that a policy lacks.
    pub(in crate::commands) missing: Vec<(Function, String)>,
    /// The aliases that have no policy.
    pub(in crate::commands) stray: Vec<(Function, String)>,
}

impl Report {
    pub(in crate::commands) async fn read(session: &Session) -> Result<Self, Failure> {
        let All { consumers, unreadable } = all(session).await?;
        let names: BTreeSet<String> =
            consumers.iter().filter_map(|consumer| Some(consumer["consumer"].as_str()?.to_owned())).collect();
        let (mut missing, mut stray) = (Vec::new(), Vec::new());
        for function in INVOKED {
            let aliases: BTreeSet<String> = session.functions.aliases(function).await?.into_keys().collect();
            missing.extend(names.difference(&aliases).map(|name| (function, name.clone())));
            let without = aliases.difference(&names).filter(|name| !unreadable.contains(name));
            stray.extend(without.map(|name| (function, name.clone())));
        }
        Ok(Self { consumers: consumers.len(), unreadable, missing, stray })
    }
}
