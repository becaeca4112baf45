//! One run of the tool: the functions, the output, and what every command needs to know of its caller.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    arguments::{
        Region,
        grants::{Named, Which},
    },
    failure::Failure,
    functions::{Function, Functions},
    output::Output,
    progress::Progress,
    request::Request,
    views::{self, Application, Grant},
};

/// What a command works with.
pub(crate) struct Session {
    pub(crate) functions: Functions,
    pub(crate) output: Output,
    pub(crate) application: Option<String>,
    pub(crate) by: Option<String>,
    pub(crate) now: Timestamp,
}

/// What names a grant; nothing less does.
pub(crate) struct Key {
    pub(crate) application: String,
    pub(crate) region: String,
    pub(crate) partner: String,
}

impl Session {
    /// Asks `authorizations`.
    pub(crate) async fn ask(&self, request: Request) -> Result<Value, Failure> {
        self.functions.invoke(Function::Authorizations, request).await
    }

    /// Asks `administration`.
    pub(crate) async fn administer(&self, request: Request) -> Result<Value, Failure> {
        self.functions.invoke(Function::Administration, request).await
    }

    /// A request about the application that was named, or else the only one there is.
    pub(crate) fn request(&self, operation: &str) -> Request {
        Request::new(operation).maybe("applicationId", self.application.clone())
    }

    /// The application that was named, or else the only one there is: `administration` wants it said.
    pub(crate) async fn application(&self) -> Result<String, Failure> {
        if let Some(named) = &self.application {
            return Ok(named.clone());
        }
        let answer = self.ask(Request::new("listApplications")).await?;
        let applications: Vec<Application> = views::part(&answer, "applications")?;
        match <[Application; 1]>::try_from(applications) {
            Ok([only]) => Ok(only.id),
            Err(several) if several.is_empty() => Err(Failure::Refused {
                kind: "UnknownApplication".to_owned(),
                message: "no application is registered; spapi-auth applications register does it".to_owned(),
            }),
            Err(_) => Err(Failure::Usage(
                "several applications are registered; say which with --application".to_owned(),
            )),
        }
    }

    /// The grant, as the function sent it.
    pub(crate) async fn grant(&self, which: &Which) -> Result<Value, Failure> {
        let request = self
            .request("getGrant")
            .maybe("sellingPartnerId", which.partner.clone())
            .maybe("account", which.account.clone())
            .maybe("region", which.region.map(Region::as_str));
        let mut answer = self.ask(request).await?;
        Ok(views::taken(&mut answer, "grant"))
    }

    /// The grant's whole name; asks only for what was left out.
    pub(crate) async fn key(&self, which: &Which) -> Result<Key, Failure> {
        if let (Some(application), Some(partner), Some(region)) =
            (&self.application, &which.partner, which.region)
        {
            return Ok(Key {
                application: application.clone(),
                region: region.as_str().to_owned(),
                partner: partner.clone(),
            });
        }
        let grant: Grant = views::understood(&self.grant(which).await?)?;
        Ok(Key { application: grant.application_id, region: grant.region, partner: grant.selling_partner_id })
    }

    /// As [`Self::key`], for a grant that can only be named by its partner.
    pub(crate) async fn key_of(&self, named: Named) -> Result<Key, Failure> {
        self.key(&named.into()).await
    }

    /// A request to `administration` about one grant, by whoever asks.
    pub(crate) fn change(&self, operation: &str, key: &Key) -> Request {
        Request::new(operation)
            .with("applicationId", key.application.clone())
            .with("sellingPartnerId", key.partner.clone())
            .with("region", key.region.clone())
            .maybe("by", self.by.clone())
    }
}

/// A list that comes in pages from `authorizations`: what to ask, and where in the answer the items are.
pub(crate) struct Pages {
    pub(crate) request: Request,
    pub(crate) field: &'static str,
    /// Stop after so many.
    pub(crate) limit: Option<u64>,
}

impl Pages {
    /// Hands every page to `each` as it comes; no page outlives the next.
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
            let items: Vec<Value> = match views::taken(&mut answer, self.field) {
                Value::Array(items) => items,
                _ => return Err(Failure::NotUnderstood(session.functions.name(Function::Authorizations))),
            };
            progress.add(items.len().try_into().unwrap_or(u64::MAX));
            each(&mut session.output, items)?;
            session.output.flush()?;
            let next = answer["cursor"].as_str().map(ToOwned::to_owned);
            if next.is_some() && next == cursor {
                return Err(Failure::NotUnderstood(session.functions.name(Function::Authorizations)));
            }
            match next {
                Some(next) => cursor = Some(next),
                None => return Ok(progress.count()),
            }
        }
    }
}

/// The largest page there is: the fewest calls.
const PAGE: u64 = 100;
