//! Puts a grant back into the refresher's work.

use jiff::{SignedDuration, Timestamp};

use super::{Decision, GrantChanges, Made};
use crate::{
    access_token::{
        TokenRow,
        schedule::Due,
        slots::slot_of,
        store::{GrantAndToken, repair_with_grant},
    },
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey, Status},
    history::{Event, actor::Who},
};

/// No refresh is due further ahead: a grant that works is validated once a day.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(72);

impl GrantChanges {
    /// Makes the refresher check a grant at `due`, and records why. Returns `false` if the row of its token no longer says
    /// what `seen` does, or if there is no grant.
    pub async fn repair(
        &self,
        key: &GrantKey,
        seen: &TokenRow,
        due: &Due,
        reason: &str,
        who: &Who,
        clock: Clock,
    ) -> Result<bool, Error> {
        let decide = |current: Option<&Grant>| {
            let repaired = |grant: &Grant| Decision::to(grant.clone(), Event::GrantRepaired, reason);
            Ok::<_, Error>(current.map_or(Decision::Stays, repaired))
        };
        let also = |current: Option<&Grant>, _: Option<&_>| {
            let write = || repair_with_grant(&self.tokens_table, key, due, seen).named("repair");
            current.map(|_| write()).into_iter().collect()
        };
        let made = self.make_with(key, decide, also, who, clock).await?;
        Ok(matches!(made, Made::Changed(_)))
    }
}

/// Returns what is wrong with the grant's place in the index of due tokens, if anything is.
pub fn fault(found: &GrantAndToken, now: Timestamp) -> Option<&'static str> {
    let row = &found.row;
    let shard = Due::at(&found.key, now).shard;
    let is_found = |due: Timestamp| {
        let slots = [due.as_second(), slot_of(due)];
        row.due_shard.as_ref() == Some(&shard) && row.due_slot.is_some_and(|slot| slots.contains(&slot))
    };
    match (found.grant.as_ref()?.status, row.due_at) {
        // Nothing is left of its token, or what is left ends by itself.
        (Status::Removed, None) => None,
        (_, Some(due)) if is_found(due) && due <= now + FURTHEST_AHEAD => None,
        (_, Some(due)) if is_found(due) => {
            Some("its next refresh was due more than three days ahead; it is checked within a day")
        }
        _ => Some("no refresh was due for it, so nothing checked it at Amazon; it is checked within a day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(status: &str, due: Option<(i64, &str)>) -> GrantAndToken {
        let grant: Grant = serde_json::from_value(serde_json::json!({
            "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": 1,
            "revision": 1, "status": status, "kind": "oauth", "draft": false, "authorized_at": 0,
            "renewal_due_at": 0, "fingerprint": "x",
        }))
        .unwrap();
        let key: GrantKey = grant.key();
        let row = TokenRow {
            due_at: due.map(|(hours, _)| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)),
            due_slot: due.map(|(hours, _)| hours * 3600),
            due_shard: due.map(|(_, shard)| match shard {
                "its" => Due::at(&key, Timestamp::UNIX_EPOCH).shard,
                other => other.to_owned(),
            }),
            ..TokenRow::default()
        };
        GrantAndToken { key, grant: Some(grant), waits_for_stores: false, row }
    }

    #[test]
    fn a_grant_is_repaired_if_the_refresher_would_not_find_it_within_three_days() {
        for (status, due, is_faulty) in [
            ("active", Some((0, "its")), false),
            ("active", Some((-5, "its")), false),
            ("active", Some((72, "its")), false),
            ("active", Some((73, "its")), true),
            ("active", Some((0, "8")), true),
            ("active", None, true),
            ("disabled", None, true),
            ("reauthorizationRequired", None, true),
            ("removed", None, false),
            ("removed", Some((0, "its")), false),
            ("removed", Some((99, "its")), true),
        ] {
            let faulty = fault(&found(status, due), Timestamp::UNIX_EPOCH).is_some();
            assert_eq!(faulty, is_faulty, "{status} {due:?}");
        }
        let mut row = found("active", Some((2, "its")));
        for (slot, is_faulty) in
            [(Some(7200), false), (Some(7200 - 2700 * 2), false), (Some(7201), true), (None, true)]
        {
            row.row.due_slot = slot;
            assert_eq!(fault(&row, Timestamp::UNIX_EPOCH).is_some(), is_faulty, "{slot:?}");
        }
        let missing = GrantAndToken { grant: None, ..found("active", None) };
        assert_eq!(fault(&missing, Timestamp::UNIX_EPOCH), None, "a missing grant proves nothing");
    }
}
