//! Lists the history records of a grant or an application, newest first.

use serde_json::{Value, json};
use shared::{
    consumer::Reach,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{GrantKey, lookup::Meant},
    history::Record,
    lambda::cursor,
};

use crate::{Authorizations, operation::GetHistory};

impl Authorizations {
    pub(crate) async fn get_history(
        &self,
        request: GetHistory,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let (subject, before) = match request.grant {
            None => (self.application_id(request.application_id, reach, clock).await?.to_string(), None),
            Some(grant) => {
                // A removed grant has a history too.
                let meant = Meant { even_removed: true, ..self.meant(grant, reach, clock).await? };
                let grant = self.grants.meant(&meant, clock.deadline()).await?;
                let before = grant.moved_from.map(|region| GrantKey { region, ..grant.key() }.to_string());
                (grant.key().to_string(), before)
            }
        };
        let query = json!(["getHistory", subject]).to_string();
        let (earlier, from) = match &request.cursor {
            None => (false, None),
            Some(text) => place(&cursor::read(&query, text)?)?,
        };
        // The records from before a move are under the grant's earlier key, and end the list.
        let read = match &before {
            Some(before) if earlier => before,
            _ => &subject,
        };
        let page = || self.history.page(read, true, from, request.limit);
        let (records, next) = retry_until(clock.deadline(), page).await?;
        let next = match next {
            Some(revision) if earlier => Some(format!("{EARLIER}{revision}")),
            Some(revision) => Some(revision.to_string()),
            None => before.filter(|_| !earlier).map(|_| EARLIER.to_owned()),
        };
        let mut answer = json!({ "history": records.iter().map(view).collect::<Vec<_>>() });
        if let Some(next) = next {
            answer["cursor"] = cursor::written(&query, &next).into();
        }
        Ok(answer)
    }
}

/// Begins the cursors of the records from before a move.
const EARLIER: &str = "before-the-move ";

/// Returns whether the place is among the records from before a move, and the revision at which the page begins.
fn place(text: &str) -> Result<(bool, Option<u64>), Error> {
    let malformed = || Error::invalid("cursor", "the cursor of an answer to the same request");
    match text.strip_prefix(EARLIER) {
        Some("") => Ok((true, None)),
        Some(revision) => Ok((true, Some(revision.parse().map_err(|_| malformed())?))),
        None => Ok((false, Some(text.parse().map_err(|_| malformed())?))),
    }
}

fn view(record: &Record) -> Value {
    json!({
        "at": record.at,
        "event": record.event,
        "actor": record.actor,
        "by": record.by,
        "reason": record.reason,
        "account": record.account,
        "fingerprint": record.fingerprint,
        "revision": record.revision,
        "region": record.region,
        "regionAssumed": record.region_assumed,
        "previousRegion": record.previous_region,
        "lost": record.lost,
        "gained": record.gained,
        "sellingPartnerId": record.selling_partner_id,
    })
}
