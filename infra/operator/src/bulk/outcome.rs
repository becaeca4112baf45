//! What became of a row, and the counts of a run.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::Failure;

/// What became of a row.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// The grant was stored.
    Imported,
    /// The grant was there with this token.
    Present,
    /// Amazon does not accept the token.
    Refused,
    /// The row has a mistake, or contradicts what is stored or what Amazon shows.
    Invalid,
    /// Something else went wrong; the row may be right.
    Failed,
}

impl Outcome {
    pub(crate) const ALL: [Self; 5] =
        [Self::Imported, Self::Present, Self::Refused, Self::Invalid, Self::Failed];

    /// The outcome in the result file.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Present => "present",
            Self::Refused => "refused",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }

    /// Whether the grant is stored, so that the row is done.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Imported | Self::Present)
    }
}

/// How to go on after the answer to a row.
pub(crate) enum Next {
    /// The row has this outcome; the reason says why it is not done.
    Over(Outcome, Option<String>),
    /// Amazon or AWS had no time for it: send it again, more slowly.
    Again(Failure),
    /// Every other row would end the same way.
    Stop(Failure),
}

/// What follows from the answer of `importGrant`: the answer, and the region of the grant.
pub(crate) fn next(answer: Result<Value, Failure>) -> (Next, Option<String>) {
    let refusal = match answer {
        Ok(answer) => {
            let region = answer["grant"]["region"].as_str().map(ToOwned::to_owned);
            let was_there = answer["outcome"] == "present";
            let outcome = if was_there { Outcome::Present } else { Outcome::Imported };
            return (Next::Over(outcome, None), region);
        }
        Err(Failure::Refused(refusal)) => refusal,
        Err(failure @ Failure::Unreachable { .. }) => return (Next::Again(failure), None),
        Err(other) => return (Next::Over(Outcome::Failed, Some(other.to_string())), None),
    };
    let field = refusal.message.split_once(':').map_or("", |(field, _)| field);
    let next = match (refusal.kind.as_str(), field) {
        ("AmazonThrottled" | "AmazonUnavailable", _) => Next::Again(Failure::Refused(refusal)),
        ("UnknownApplication" | "ApplicationCredentialsRejected", _)
        | ("InvalidRequest", "applicationId" | "by" | "payload" | "operation") => {
            Next::Stop(Failure::Refused(refusal))
        }
        ("InvalidRequest", "refreshToken") => Next::Over(Outcome::Refused, Some(refusal.message)),
        ("InvalidRequest", _) => Next::Over(Outcome::Invalid, Some(refusal.message)),
        _ => Next::Over(Outcome::Failed, Some(format!("{} ({})", refusal.message, refusal.kind))),
    };
    (next, None)
}

/// How many rows have each outcome.
#[derive(Default)]
pub(crate) struct Counts {
    by_outcome: [u64; 5],
    /// Those of them that an earlier run with the same result file has done.
    pub(crate) earlier: u64,
}

impl Counts {
    /// Counts a row.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.by_outcome[outcome as usize] += 1;
    }

    /// The rows with this outcome.
    pub(crate) fn of(&self, outcome: Outcome) -> u64 {
        self.by_outcome[outcome as usize]
    }

    /// All rows.
    pub(crate) fn all(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// The rows that are not done.
    pub(crate) fn bad(&self) -> u64 {
        Outcome::ALL.into_iter().filter(|outcome| !outcome.is_done()).map(|outcome| self.of(outcome)).sum()
    }

    /// The counts as JSON.
    pub(crate) fn document(&self) -> Value {
        let mut counts = json!({ "rows": self.all(), "earlier": self.earlier });
        for outcome in Outcome::ALL {
            counts[outcome.as_str()] = json!(self.of(outcome));
        }
        counts
    }
}
