//! Remembers which applications get no tokens from Amazon at the moment. A run then tries one token of such an application
//! and leaves the others due, so that an outage costs few calls however long it lasts, and the first answer ends it for
//! all tokens. Pure.
//!
//! An environment remembers it from run to run. A new environment finds out again.

use std::collections::BTreeMap;

use shared::ids::ApplicationId;

/// An application gets no tokens after this many failures in a row without an answer between them.
const DOWN_AFTER: u32 = 12;

/// The applications with failures, and how many they had in a row.
#[derive(Debug, Default)]
pub(crate) struct Outages(BTreeMap<ApplicationId, u32>);

impl Outages {
    /// Begins a run: one failure more ends it for an application that was down, and twelve for any other. Returns whether
    /// one was down, so that the run begins with one call.
    pub(crate) fn begin(&mut self) -> bool {
        self.0.retain(|_, failures| *failures >= DOWN_AFTER);
        self.0.values_mut().for_each(|failures| *failures = DOWN_AFTER - 1);
        !self.0.is_empty()
    }

    /// Returns whether no further token of the application is tried in this run.
    pub(crate) fn is_down(&self, application: &ApplicationId) -> bool {
        self.0.get(application).is_some_and(|failures| *failures >= DOWN_AFTER)
    }

    /// Returns whether every application gets tokens, as far as this environment knows.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Records that Amazon issued a token of the application, or refused one grant.
    pub(crate) fn answered(&mut self, application: &ApplicationId) {
        self.0.remove(application);
    }

    /// Records that Amazon throttled a call or did not answer.
    pub(crate) fn failed(&mut self, application: &ApplicationId) {
        let failures = self.0.entry(application.clone()).or_default();
        *failures = failures.saturating_add(1);
    }

    /// Records that the application gets no tokens, whichever it asks for: Amazon refuses its client secret, or asks to wait
    /// for longer than the run may last.
    pub(crate) fn is_refused(&mut self, application: &ApplicationId) {
        self.0.insert(application.clone(), DOWN_AFTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(name: &str) -> ApplicationId {
        format!("amzn1.sp.solution.{name}").parse().unwrap()
    }

    #[test]
    fn after_a_dozen_failures_each_run_tries_one_token_until_one_is_answered() {
        let (mut outages, one) = (Outages::default(), application("1"));
        (0..11).for_each(|_| outages.failed(&one));
        assert!(!outages.is_down(&one));
        outages.failed(&one);
        assert!(outages.is_down(&one));

        for _ in 0..3 {
            assert!(outages.begin());
            assert!(!outages.is_down(&one));
            outages.failed(&one);
            assert!(outages.is_down(&one));
        }
        assert!(outages.begin());
        outages.answered(&one);
        outages.failed(&one);
        assert!(!outages.is_down(&one) && !outages.begin());
    }

    #[test]
    fn one_application_that_gets_no_tokens_stops_no_other() {
        let (mut outages, one, other) = (Outages::default(), application("1"), application("2"));
        outages.is_refused(&one);
        outages.failed(&other);

        assert!(outages.is_down(&one) && !outages.is_down(&other));
    }
}
