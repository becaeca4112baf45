//! One run of `spapi-auth`: the functions, the output, and the options that every command has.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    arguments::grants::{GrantSelector, PartnerSelector},
    failure::Failure,
    functions::{Function, Functions},
    output::Output,
    progress::Progress,
    refusal::{Refusal, Subject},
    request::Request,
    settings::Settings,
    views::{self, Application, Grant},
};

/// What every command works with.
pub(crate) struct Session {
    pub(crate) functions: Arc<Functions>,
    /// The value of `--profile`, or of the configuration file.
    pub(crate) profile: Option<String>,
    /// The configuration file, and what decided each value.
    pub(crate) settings: Settings,
    pub(crate) output: Output,
    /// The value of `--application`.
    pub(crate) application: Option<String>,
    /// The value of `--by`.
    pub(crate) by: Option<String>,
    /// The time at which the run began.
    pub(crate) now: Timestamp,
    /// The clock, for a command that goes on.
    pub(crate) clock: fn() -> Timestamp,
}

/// The three values that identify a grant.
pub(crate) struct GrantKey {
    pub(crate) application: String,
    pub(crate) region: String,
    pub(crate) partner: String,
}

impl Session {
    /// Invokes `authorizations`.
    pub(crate) async fn ask(&self, request: Request) -> Result<Value, Failure> {
        self.functions.invoke(Function::Authorizations, request).await
    }

    /// Invokes `administration`.
    pub(crate) async fn administer(&self, request: Request) -> Result<Value, Failure> {
        self.functions.invoke(Function::Administration, request).await
    }

    /// A request to `authorizations`, which takes the only application where `--application` is not given.
    pub(crate) fn request(&self, operation: &str) -> Request {
        Request::new(operation).maybe("applicationId", self.application.clone())
    }

    /// The value of `--application`, or the only registered application. `administration` requires one.
    pub(crate) async fn application(&self) -> Result<String, Failure> {
        if let Some(named) = &self.application {
            return Ok(named.clone());
        }
        let answer = self.ask(Request::new("listApplications")).await?;
        let applications: Vec<Application> = views::field(&answer, "applications")?;
        match <[Application; 1]>::try_from(applications) {
            Ok([only]) => Ok(only.id),
            Err(several) if several.is_empty() => Err(Failure::Refused(Box::new(Refusal {
                function: self.functions.name(Function::Authorizations),
                kind: "UnknownApplication".to_owned(),
                message: "no application is registered".to_owned(),
                subject: Subject::default(),
            }))),
            Err(_) => Err(Failure::usage(
                "several applications are registered",
                "list them with `spapi-auth applications list`, then add `--application ID` or set `SPAPI_AUTH_APPLICATION`",
            )),
        }
    }

    /// The value of `--application`, or every registered application.
    pub(crate) async fn applications(&self) -> Result<Vec<String>, Failure> {
        if let Some(named) = &self.application {
            return Ok(vec![named.clone()]);
        }
        let answer = self.ask(Request::new("listApplications")).await?;
        let applications: Vec<Application> = views::field(&answer, "applications")?;
        Ok(applications.into_iter().map(|application| application.id).collect())
    }

    /// Reads the grant, as `authorizations` answers it.
    pub(crate) async fn grant(&self, which: &GrantSelector) -> Result<Value, Failure> {
        let request = which.added_to(self.request("getGrant"));
        let mut answer = self.ask(request).await?;
        Ok(views::take(&mut answer, "grant"))
    }

    /// The key of the grant. The grant is read only if the command line does not give the whole key, or says more than
    /// the key, which the grant has to meet.
    pub(crate) async fn key(&self, which: &GrantSelector) -> Result<GrantKey, Failure> {
        let key_alone = which.narrowing.is_region_alone();
        if let (true, Some(application), Some(partner), Some(region)) =
            (key_alone, &self.application, &which.partner, which.narrowing.region)
        {
            return Ok(GrantKey {
                application: application.clone(),
                region: region.as_str().to_owned(),
                partner: partner.clone(),
            });
        }
        let grant: Grant = views::parse(&self.grant(which).await?, "grant")?;
        Ok(GrantKey {
            application: grant.application_id,
            region: grant.region,
            partner: grant.selling_partner_id,
        })
    }

    /// As [`Self::key`], for a command that accepts no account.
    pub(crate) async fn key_of(&self, partner: PartnerSelector) -> Result<GrantKey, Failure> {
        self.key(&partner.into()).await
    }

    /// A request to `administration` that changes one grant, with `--by` for the history.
    pub(crate) fn change(&self, operation: &str, key: &GrantKey) -> Request {
        Request::new(operation)
            .with("applicationId", key.application.clone())
            .with("sellingPartnerId", key.partner.clone())
            .with("region", key.region.clone())
            .maybe("by", self.by.clone())
    }
}

/// A list that `authorizations` answers page by page.
pub(crate) struct Pages {
    pub(crate) request: Request,
    /// The field of an answer that contains the items.
    pub(crate) field: &'static str,
    /// The largest number of items to read.
    pub(crate) limit: Option<u64>,
}

impl Pages {
    /// Passes each page to `each` and drops it before the next one is requested. Returns the number of items.
    pub(crate) async fn read(
        self,
        session: &mut Session,
        mut each: impl FnMut(&mut Output, Vec<Value>) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let mut progress = Progress::of(self.field);
        let mut cursor: Option<String> = None;
        loop {
            let left = self.limit.map_or(PAGE, |limit| limit.saturating_sub(progress.count()).min(PAGE));
            if left == 0 {
                return Ok(progress.count());
            }
            let request = self.request.clone().with("limit", left).maybe("cursor", cursor.clone());
            let mut answer = session.ask(request).await?;
            let Value::Array(items) = views::take(&mut answer, self.field) else {
                return Err(views::not_understood(self.field));
            };
            progress.add(items.len().try_into().unwrap_or(u64::MAX));
            each(&mut session.output, items)?;
            session.output.flush()?;
            let next = answer["cursor"].as_str().map(ToOwned::to_owned);
            if next.is_some() && next == cursor {
                return Err(Failure::NotUnderstood("it repeats its `cursor`".to_owned()));
            }
            match next {
                Some(next) => cursor = Some(next),
                None => return Ok(progress.count()),
            }
        }
    }
}

/// The largest page that `authorizations` accepts.
const PAGE: u64 = 100;
