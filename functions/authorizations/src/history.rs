//! Lists the history records of a grant or an application, newest first.

use serde_json::{Value, json};
use shared::{
    deadline::{Clock, retry_until},
    error::Error,
    grant::lookup::Meant,
    history::Record,
    lambda::cursor,
};

use crate::{Authorizations, operation::GetHistory};

impl Authorizations {
    pub(crate) async fn get_history(&self, request: GetHistory, clock: Clock) -> Result<Value, Error> {
        let subject = match request.grant {
            None => self.application_id(request.application_id, clock).await?.to_string(),
            Some(grant) => {
                // A removed grant has a history too.
                let meant = Meant { even_removed: true, ..self.meant(grant, clock).await? };
                self.grants.meant(&meant, clock.deadline()).await?.key().to_string()
            }
        };
        let query = json!(["getHistory", subject]).to_string();
        let from =
            match &request.cursor {
                None => None,
                Some(text) => {
                    let revision = cursor::read(&query, text)?.parse::<u64>();
                    Some(revision.map_err(|_| {
                        Error::invalid("cursor", "the cursor of an answer to the same request")
                    })?)
                }
            };
        let page = || self.history.page(&subject, true, from, request.limit);
        let (records, next) = retry_until(clock.deadline(), page).await?;
        let mut answer = json!({ "history": records.iter().map(view).collect::<Vec<_>>() });
        if let Some(next) = next {
            answer["cursor"] = cursor::written(&query, &next.to_string()).into();
        }
        Ok(answer)
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
        "sellingPartnerId": record.selling_partner_id,
    })
}
