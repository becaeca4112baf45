//! Lists applications, and grants one page at a time.

use serde_json::{Value, json};
use shared::{
    deadline::{Clock, Deadline, retry_until},
    error::Error,
    grant::{
        Grant, Status,
        store::{GrantsRead, Listed, Place, Span},
        view::GrantView,
    },
    ids::ApplicationId,
    lambda::cursor,
};

use crate::{Authorizations, operation::ListGrants};

impl Authorizations {
    pub(crate) async fn list_applications(&self, deadline: Deadline) -> Result<Value, Error> {
        let all = self.applications.all(deadline).await?;
        let views: Vec<_> = all.iter().map(shared::application::ApplicationView::from).collect();
        Ok(json!({ "applications": views }))
    }

    /// Queries a page of keys and reads their rows. A page may be shorter than its limit. The last page has no cursor.
    pub(crate) async fn list_grants(&self, request: ListGrants, clock: Clock) -> Result<Value, Error> {
        let application_id = self.application_id(request.application_id.clone(), clock).await?;
        let query = query(&application_id, &request);
        let from = request.cursor.as_deref().map(|cursor| place(&query, cursor)).transpose()?;
        let listed = match (&request.account, &request.selling_partner_id) {
            (Some(account), _) => Listed::OfAccount(account),
            (None, Some(partner)) => Listed::OfPartner(partner),
            (None, None) => Listed::OfApplication(&application_id, span(&request)),
        };
        let page = || self.grants.page(listed, from.as_ref(), request.limit);
        let (mut keys, next) = retry_until(clock.deadline(), page).await?;
        keys.retain(|key| key.application_id == application_id);
        let GrantsRead { mut grants, unreadable } = self.grants.read(&keys, clock.deadline()).await?;
        grants.retain(|grant| is_asked_for(grant, &request));
        let views: Vec<_> = grants.iter().map(|grant| GrantView::of(grant, &self.amazon)).collect();
        let mut answer = json!({ "grants": views });
        if !unreadable.is_empty() {
            answer["unreadable"] = GrantsRead::named(&unreadable).into();
        }
        if let Some(next) = next {
            answer["cursor"] = cursor::written(&query, &next.to_string()).into();
        }
        Ok(answer)
    }
}

/// Returns the part of the application's index that holds the grants.
fn span(request: &ListGrants) -> Span {
    match (request.status, request.renewal_due_before) {
        (Some(Status::Removed), _) => Span::Removed,
        (_, Some(due)) => Span::DueBefore(due),
        (_, None) => Span::NotRemoved,
    }
}

/// Filters by the row, because an index may be out of date and does not cover every filter.
fn is_asked_for(grant: &Grant, request: &ListGrants) -> bool {
    let is_in_status = match request.status {
        None => grant.status != Status::Removed,
        Some(status) => grant.status == status,
    };
    is_in_status
        && request.account.as_ref().is_none_or(|account| grant.account.as_ref() == Some(account))
        && request.selling_partner_id.as_ref().is_none_or(|partner| grant.selling_partner_id == *partner)
        && request.region.is_none_or(|region| grant.region == region)
        && request.renewal_due_before.is_none_or(|due| grant.lapses_at().is_some_and(|lapses| lapses < due))
}

/// Returns the query to which a cursor is bound: everything that decides which grants are listed, and their order.
fn query(application_id: &ApplicationId, request: &ListGrants) -> String {
    json!([
        "listGrants",
        application_id,
        request.account,
        request.selling_partner_id,
        request.status.map(Status::as_str),
        request.region,
        request.renewal_due_before,
    ])
    .to_string()
}

fn place(query: &str, cursor: &str) -> Result<Place, Error> {
    let place = cursor::read(query, cursor)?;
    place.parse().map_err(|_| Error::invalid("cursor", "the cursor of an answer to the same request"))
}
