//! `console`: serves the pages of the crate `console` over the operator's own credentials, to one browser on this machine.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::serve;
use console::{Access, Console, Day, Keys, Pending, Refusal, Settings, Stack};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{net::TcpListener, signal};

use crate::{
    arguments::Console as Options,
    cloud_watch,
    failure::Failure,
    functions::{Function, Functions},
    place::Place,
    request::Request,
    session::Session,
};

/// The time that a page waits for a function. One that just starts takes some seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Serves the pages until Ctrl-C.
pub(super) async fn run(options: &Options, session: &mut Session) -> Result<(), Failure> {
    let place = Place::of(&session.functions).await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(|error| {
        Failure::usage(
            format!("the console cannot listen on port {}: {error}", options.port),
            "choose another port with `--port`, or leave it out",
        )
    })?;
    let port = listener.local_addr()?.port();
    let (keys, path) = Keys::new();
    let settings = Settings {
        port,
        access: Access::Held(keys),
        read_only: options.read_only,
        name: format!("{} {}", place.account, place.region),
        place: Some(place.to_string()),
        by: session.by.clone().unwrap_or_else(|| "console".to_owned()),
        longest_wait: LONGEST_WAIT,
    };
    let address = format!("http://127.0.0.1:{port}{path}");
    if session.output.is_json() {
        session.output.document(&json!({ "url": address, "readOnly": options.read_only }))?;
    } else {
        session.output.line(&format!("In {place}."))?;
        session.output.line(&format!("Open  {address}"))?;
        session.output.line("The address works once, in one browser. Press Ctrl-C to end the console.")?;
    }
    session.output.flush()?;
    let live = Live { functions: Arc::clone(&session.functions), clock: session.clock };
    let pages = Console::new(Arc::new(live), settings).service();
    tokio::select! {
        ended = serve(listener, pages) => Ok(ended?),
        interrupted = signal::ctrl_c() => Ok(interrupted?),
    }
}

/// The functions of a deployed stack, by the operator's credentials.
struct Live {
    functions: Arc<Functions>,
    clock: fn() -> Timestamp,
}

impl Stack for Live {
    fn invoke(&self, function: console::Function, request: Value) -> Pending<'_, Result<Value, Refusal>> {
        Box::pin(async move {
            let Value::Object(fields) = request else {
                return Err(Refusal::new("InvalidRequest", "expected an object"));
            };
            let answer = self.functions.invoke(named(function), Request::of(fields)).await;
            answer.map_err(|failure| refusal(&failure))
        })
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn last_day(&self) -> Pending<'_, Result<Day, Refusal>> {
        Box::pin(async move {
            let day = cloud_watch::last_day(&self.functions, self.now()).await;
            day.map_err(|failure| refusal(&failure))
        })
    }
}

fn named(function: console::Function) -> Function {
    match function {
        console::Function::Administration => Function::Administration,
        console::Function::Authorizations => Function::Authorizations,
        console::Function::GetAccessToken => Function::GetAccessToken,
    }
}

fn refusal(failure: &Failure) -> Refusal {
    match failure {
        Failure::Refused(refusal) => Refusal::new(&refusal.kind, &refusal.message),
        Failure::Unreachable { message, hint } => {
            Refusal::new("Unreachable", format!("{message}; hint: {hint}"))
        }
        other => Refusal::new("NotUnderstood", other.to_string()),
    }
}
