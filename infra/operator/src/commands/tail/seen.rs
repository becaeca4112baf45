//! What was shown of each history, from which follows what is new.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::request::Request;

/// An application, or one of its grants.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Subject {
    pub(super) application: String,
    /// Empty for the application.
    region: String,
    /// Empty for the application.
    partner: String,
}

impl Subject {
    /// The application itself.
    pub(super) fn application(application: &str) -> Self {
        Self::grant(application, "", "")
    }

    /// The grant of a partner in a region.
    pub(super) fn grant(application: &str, region: &str, partner: &str) -> Self {
        Self { application: application.to_owned(), region: region.to_owned(), partner: partner.to_owned() }
    }

    /// The request with the fields that name it.
    pub(super) fn added_to(&self, request: Request) -> Request {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        request
            .with("applicationId", self.application.clone())
            .maybe("region", given(&self.region))
            .maybe("sellingPartnerId", given(&self.partner))
    }
}

/// The newest revision that was shown, or left out, of each history.
#[derive(Clone, Default)]
pub(super) struct Seen {
    subjects: HashMap<Subject, Known>,
    /// Of a history that is not known, the records from this time on are new; none without a time.
    pub(super) new_from: Option<Timestamp>,
}

#[derive(Clone, Copy, Default)]
struct Known {
    revision: u64,
    /// Whether the last look found it in the list of grants.
    is_listed: bool,
}

impl Seen {
    /// Nothing yet.
    pub(super) fn with_new_from(new_from: Option<Timestamp>) -> Self {
        Self { subjects: HashMap::new(), new_from }
    }

    /// The number of grants that the last look listed.
    pub(super) fn listed(&self) -> usize {
        self.subjects.values().filter(|known| known.is_listed).count()
    }

    /// The grants with records that may be new: of those that are `listed`, each whose revision has risen; and each that is listed
    /// no longer, because it was removed, moved or erased.
    pub(super) fn to_read(&self, listed: &HashMap<Subject, u64>) -> Vec<Subject> {
        let risen = listed.iter().filter(|(subject, revision)| match self.subjects.get(subject) {
            Some(known) => **revision > known.revision,
            None => self.new_from.is_some(),
        });
        let gone =
            self.subjects.iter().filter(|(subject, known)| known.is_listed && !listed.contains_key(subject));
        risen.map(|(subject, _)| subject).chain(gone.map(|(subject, _)| subject)).cloned().collect()
    }

    /// Whether the record was not shown yet.
    pub(super) fn is_new(&self, subject: &Subject, revision: u64, at: Timestamp) -> bool {
        match self.subjects.get(subject) {
            Some(known) => revision > known.revision,
            None => self.new_from.is_some_and(|from| at >= from),
        }
    }

    /// A record was read, and shown if it was new.
    pub(super) fn note(&mut self, subject: Subject, revision: u64) {
        let known = self.subjects.entry(subject).or_default();
        known.revision = known.revision.max(revision);
    }

    /// These grants are listed, and everything until their revisions was read.
    pub(super) fn update(&mut self, listed: HashMap<Subject, u64>) {
        self.subjects.values_mut().for_each(|known| known.is_listed = false);
        for (subject, revision) in listed {
            self.note(subject.clone(), revision);
            self.subjects.entry(subject).or_default().is_listed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(partner: &str) -> Subject {
        Subject::grant("amzn1.sp.solution.1", "na", partner)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn listed(partners: &[(&str, u64)]) -> HashMap<Subject, u64> {
        partners.iter().map(|(partner, revision)| (subject(partner), *revision)).collect()
    }

    #[test]
    fn a_history_is_read_if_its_revision_has_risen_or_its_grant_is_listed_no_longer() {
        let mut seen = Seen::with_new_from(None);
        assert!(seen.to_read(&listed(&[("A1", 7)])).is_empty(), "the first look shows nothing from before");
        seen.update(listed(&[("A1", 7), ("A2", 1)]));
        seen.new_from = Some(at("2026-11-21T12:00:00Z"));

        assert!(seen.to_read(&listed(&[("A1", 7), ("A2", 1)])).is_empty());
        assert_eq!(seen.to_read(&listed(&[("A1", 8), ("A2", 1)])), [subject("A1")]);
        assert_eq!(seen.to_read(&listed(&[("A1", 7)])), [subject("A2")]);
        assert_eq!(seen.to_read(&listed(&[("A1", 7), ("A2", 1), ("A3", 1)])), [subject("A3")]);

        seen.update(listed(&[("A1", 8)]));
        assert!(seen.to_read(&listed(&[("A1", 8)])).is_empty(), "a grant is gone once");
        assert_eq!(seen.listed(), 1);
    }

    #[test]
    fn a_record_is_new_above_the_revision_that_was_shown_or_from_the_time_on() {
        let mut seen = Seen::with_new_from(Some(at("2026-11-21T12:00:00Z")));
        assert!(seen.is_new(&subject("A1"), 1, at("2026-11-21T12:00:00Z")));
        assert!(!seen.is_new(&subject("A1"), 9, at("2026-11-21T11:59:59Z")));

        seen.note(subject("A1"), 3);
        seen.note(subject("A1"), 2);
        assert!(!seen.is_new(&subject("A1"), 3, at("2026-11-21T13:00:00Z")));
        assert!(
            seen.is_new(&subject("A1"), 4, at("2026-11-21T11:00:00Z")),
            "a clock that goes back hides nothing"
        );
    }
}
