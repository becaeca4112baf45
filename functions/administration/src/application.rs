//! Registers applications, changes their settings, and stops and starts them.
//!
//! The row with the revision of an application's history is the lock: every change raises the revision, in one transaction
//! with the record that has this number. Changes of its client secrets raise it too.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    application::{Application, ApplicationView, Branding},
    aws::{AwsError, transaction::Commit},
    deadline::{Clock, Pauses, retry_until},
    error::Error,
    history::{
        ApplicationEvent, Event, Record,
        actor::{Reason, Who},
    },
    ids::ApplicationId,
};

use crate::{
    Administration,
    operation::{OneApplication, RegisterApplication, UpdateApplication, Wish},
    settings,
};

/// How far the clock of an operator may be ahead.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_secs(5);

/// The new settings, with the event and its reason. `None` if the application already has these settings.
pub(crate) type Decided = Result<Option<(Application, Event, String)>, Error>;

impl Administration {
    pub(crate) async fn register_application(
        &self,
        request: RegisterApplication,
        clock: Clock,
    ) -> Result<Value, Error> {
        let who = Who::operator(request.by);
        let wanted = Application {
            application_id: request.application_id,
            client_id: request.client_id,
            name: request.name,
            draft: request.draft,
            vendors_need_beta: request.vendors_need_beta.unwrap_or_default(),
            default_region: request.default_region,
            scopes: request.scopes.unwrap_or_default(),
            sign_in_url: request.sign_in_url,
            return_urls: request.return_urls.unwrap_or_default(),
            disabled: false,
            not_before: None,
            roles_changed_at: None,
            branding: request.branding,
        };
        settings::check(&wanted)?;
        let all = self.applications.all(clock.deadline()).await?;
        let taken = |other: &Application| {
            other.client_id == wanted.client_id && other.application_id != wanted.application_id
        };
        if all.iter().any(taken) {
            return Err(Error::invalid("clientId", "one that no other registered application has"));
        }
        let decide = |seen: Option<&Application>| match seen {
            None => {
                let reason = "an operator registered the application".to_owned();
                Ok(Some((wanted.clone(), Event::ApplicationRegistered, reason)))
            }
            Some(seen) if wanted.clone().with_brake_of(seen) == *seen => Ok(None),
            Some(seen) if seen.client_id != wanted.client_id => Err(Error::invalid(
                "clientId",
                "the client id that the application is registered with: it never changes",
            )),
            Some(_) => Err(Error::RequestRefused(
                "the application is registered already, with other settings; updateApplication changes them",
            )),
        };
        let id = &wanted.application_id;
        let application = self.save_application(id, decide, &who, clock).await?;
        Ok(self.registered(&application))
    }

    pub(crate) async fn update_application(
        &self,
        request: UpdateApplication,
        clock: Clock,
    ) -> Result<Value, Error> {
        if matches!(request.roles_changed_at, Wish::Set(at) if at > clock.began() + CLOCKS_DIFFER_BY) {
            return Err(Error::invalid("rolesChangedAt", "a time that is not in the future"));
        }
        let decide = |seen: Option<&Application>| {
            let seen = seen.ok_or(Error::UnknownApplication)?;
            let wanted = updated(seen, &request);
            settings::check(&wanted)?;
            let changed = settings::changed(seen, &wanted);
            let reason = format!("an operator changed the application's settings: {}", changed.join(", "));
            Ok((wanted != *seen).then_some((wanted, Event::ApplicationUpdated, reason)))
        };
        let (id, who) = (&request.application_id, Who::operator(request.by.clone()));
        let application = self.save_application(id, decide, &who, clock).await?;
        Ok(self.registered(&application))
    }

    /// Stops an application. Environments of the functions hand out its tokens for 65 seconds at most.
    pub(crate) async fn disable_application(
        &self,
        one: OneApplication,
        clock: Clock,
    ) -> Result<Value, Error> {
        self.set_disabled(one, true, Event::ApplicationDisabled, "it was stopped by request", clock).await
    }

    /// Starts an application again. Tokens that are still valid are handed out, unless they were invalidated.
    pub(crate) async fn enable_application(&self, one: OneApplication, clock: Clock) -> Result<Value, Error> {
        self.set_disabled(one, false, Event::ApplicationEnabled, "it was started by request", clock).await
    }

    async fn set_disabled(
        &self,
        one: OneApplication,
        disabled: bool,
        event: Event,
        otherwise: &str,
        clock: Clock,
    ) -> Result<Value, Error> {
        let reason = one.reason.as_ref().map_or(otherwise, Reason::as_str).to_owned();
        let decide = |seen: Option<&Application>| {
            let seen = seen.ok_or(Error::UnknownApplication)?;
            let wanted = Application { disabled, ..seen.clone() };
            Ok((wanted != *seen).then(|| (wanted, event, reason.clone())))
        };
        let application = self.save_application(&one.id, decide, &Who::operator(one.by), clock).await?;
        Ok(self.registered(&application))
    }

    pub(crate) async fn save_application(
        &self,
        id: &ApplicationId,
        decide: impl Fn(Option<&Application>) -> Decided,
        who: &Who,
        clock: Clock,
    ) -> Result<Application, Error> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            // The lock is read first, because a change of the settings after the next read raises it.
            let rotation = retry_until(clock.deadline(), || self.rotations.find(id)).await?;
            let seen = retry_until(clock.deadline(), || self.applications.current(id)).await?;
            let Some((application, event, reason)) = decide(seen.as_ref())? else {
                return seen.ok_or(Error::UnknownApplication);
            };
            let recorded = ApplicationEvent { event, who: who.clone(), reason, fingerprint: None };
            let numbered = |revision| {
                let mut writes = self.applications.put(&application, seen.as_ref());
                writes.push(self.rotations.count(id, &rotation, revision));
                (writes, Some(Record::of_application(id, revision, &recorded, clock.began())))
            };
            match self.recorder.commit(rotation.revision, numbered, clock.deadline()).await? {
                Commit::Made => {
                    self.applications.forget();
                    let reason = &recorded.reason;
                    tracing::info!(application.id = %id, ?event, "Application {id} changed, {event:?}: {reason}");
                    return Ok(application);
                }
                Commit::Changed | Commit::Refused(_) if pauses.pause(None).await => {}
                Commit::Changed | Commit::Refused(_) => return Err(AwsError::contended().into()),
            }
        }
    }

    /// Returns the settings with the questions that they raise, and the URIs to register at Amazon.
    pub(crate) fn registered(&self, application: &Application) -> Value {
        let mut answer = json!({
            "application": ApplicationView::from(application),
            "loginUri": self.site.login_uri(),
            "redirectUri": self.site.redirect_uri(),
        });
        let questions = settings::questions(application);
        if !questions.is_empty() {
            answer["questions"] = json!(questions);
        }
        answer
    }
}

/// Returns the settings after the request. A field that is left out does not change.
fn updated(seen: &Application, request: &UpdateApplication) -> Application {
    Application {
        application_id: seen.application_id.clone(),
        client_id: seen.client_id.clone(),
        name: request.name.clone().unwrap_or_else(|| seen.name.clone()),
        draft: request.draft.unwrap_or(seen.draft),
        vendors_need_beta: request.vendors_need_beta.unwrap_or(seen.vendors_need_beta),
        default_region: request.default_region.unwrap_or(seen.default_region),
        scopes: request.scopes.clone().unwrap_or_else(|| seen.scopes.clone()),
        sign_in_url: request.sign_in_url.applied_to(seen.sign_in_url.as_ref()),
        return_urls: request.return_urls.clone().unwrap_or_else(|| seen.return_urls.clone()),
        disabled: seen.disabled,
        not_before: seen.not_before,
        roles_changed_at: request.roles_changed_at.applied_to(seen.roles_changed_at.as_ref()),
        branding: Branding {
            company: request.company.applied_to(seen.branding.company.as_ref()),
            support_url: request.support_url.applied_to(seen.branding.support_url.as_ref()),
            home_url: request.home_url.applied_to(seen.branding.home_url.as_ref()),
            language: request.language.applied_to(seen.branding.language.as_ref()),
            logo: request.logo.applied_to(seen.branding.logo.as_ref()),
        },
    }
}
