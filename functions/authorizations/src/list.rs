//! Lists applications, and grants one page at a time.

use serde_json::{Value, json};
use shared::{
    application::Application,
    consumer::Reach,
    deadline::{Clock, Deadline, retry_until},
    error::{Cause, Error},
    grant::{
        Grant, GrantKey, Status,
        store::{GrantsRead, Listed, Place, Span},
        view::GrantView,
    },
    ids::ApplicationId,
    lambda::cursor,
};

use crate::{Authorizations, operation::ListGrants};

impl Authorizations {
    pub(crate) async fn list_applications(&self, reach: &Reach, deadline: Deadline) -> Result<Value, Error> {
        let mut all = self.applications.all(deadline).await?;
        all.retain(|one| reach.covers(|policy| policy.application_ids.covers(&one.application_id)));
        let views: Vec<_> = all.iter().map(shared::application::ApplicationView::from).collect();
        Ok(json!({ "applications": views }))
    }

    /// Queries a page of keys and reads their rows. A page may be shorter than its limit. The last page has no cursor.
    ///
    /// A cursor contains the key of a grant. A consumer's contains only that of one which it may have, so pages that have none are
    /// read on.
    pub(crate) async fn list_grants(
        &self,
        request: ListGrants,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let application_id = self.application_id(request.application_id.clone(), reach, clock).await?;
        let application = self.applications.registered(&application_id, clock).await?;
        let query = query(&application_id, &request);
        let mut from = request.cursor.as_deref().map(|cursor| place(&query, cursor)).transpose()?;
        let listed = match (&request.account, &request.selling_partner_id) {
            (Some(account), _) => Listed::OfAccount(account),
            (None, Some(partner)) => Listed::OfPartner(partner),
            (None, None) => Listed::OfApplication(&application_id, span(&request)),
        };
        loop {
            let page = || self.grants.page(listed, from.as_ref(), request.limit);
            let (mut keys, next) = retry_until(clock.deadline(), page).await?;
            keys.retain(|key| key.application_id == application_id && may_have_key(key, reach));
            let GrantsRead { mut grants, unreadable } = self.grants.read(&keys, clock.deadline()).await?;
            grants.retain(|grant| is_asked_for(grant, &request, &application) && may_have(grant, reach));
            let cursor = match (reach.policy(), next, grants.last()) {
                (None, next, _) => next,
                (Some(_), Some(_), Some(last)) => {
                    Some(Place { key: last.key(), renewal_due_at: last.renewal_due_at.as_second() })
                }
                (Some(_), Some(next), None) if clock.deadline().remaining().is_zero() => {
                    tracing::info!(grant.key = %next.key, "Consumer's grants were searched until {}", next.key);
                    return Err(Error::Unavailable(Cause::OutOfTime(
                        "the grants that this consumer may have were being searched; name an account or a partner",
                    )));
                }
                (Some(_), Some(next), None) => {
                    from = Some(next);
                    continue;
                }
                (Some(_), None, _) => None,
            };
            let view = |grant| GrantView::of(grant, &self.amazon).with_roles_of(grant, &application);
            let views: Vec<_> = grants.iter().map(view).collect();
            let mut answer = json!({ "grants": views });
            // What cannot be read has an account that is not known, so no policy covers it.
            if reach.policy().is_none() && !unreadable.is_empty() {
                answer["unreadable"] = GrantsRead::named(&unreadable).into();
            }
            if let Some(cursor) = cursor {
                answer["cursor"] = cursor::written(&query, &cursor.to_string()).into();
            }
            return Ok(answer);
        }
    }
}

fn may_have_key(key: &GrantKey, reach: &Reach) -> bool {
    reach.covers(|policy| policy.may_cover(&key.application_id, key.region, &key.selling_partner_id))
}

fn may_have(grant: &Grant, reach: &Reach) -> bool {
    let Grant { application_id, region, selling_partner_id, account, .. } = grant;
    reach.covers(|policy| policy.covers(application_id, *region, selling_partner_id, account.as_ref()))
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
fn is_asked_for(grant: &Grant, request: &ListGrants, application: &Application) -> bool {
    let is_in_status = match request.status {
        None => grant.status != Status::Removed,
        Some(status) => grant.status == status,
    };
    is_in_status
        && request.account.as_ref().is_none_or(|account| grant.account.as_ref() == Some(account))
        && request.selling_partner_id.as_ref().is_none_or(|partner| grant.selling_partner_id == *partner)
        && request.region.is_none_or(|region| grant.region == region)
        && request.renewal_due_before.is_none_or(|due| grant.lapses_at().is_some_and(|lapses| lapses < due))
        && request.authorized_before.is_none_or(|time| grant.authorized_at < time)
        && request
            .outdated
            .is_none_or(|outdated| grant.lacks_roles_of(application.roles_changed_at) == outdated)
        && request.region_assumed.is_none_or(|assumed| grant.is_region_assumed() == assumed)
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
        request.authorized_before,
        request.outdated,
        request.region_assumed,
    ])
    .to_string()
}

fn place(query: &str, cursor: &str) -> Result<Place, Error> {
    let place = cursor::read(query, cursor)?;
    place.parse().map_err(|_| Error::invalid("cursor", "the cursor of an answer to the same request"))
}
