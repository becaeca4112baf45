//! Client secrets, kept access tokens, and events.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    arguments::{
        grants::Named,
        service::{Events, Invalidate, Replay, Secret},
    },
    failure::Failure,
    progress::Progress,
    request::Request,
    session::Session,
    views,
};

pub(super) async fn secret(command: Secret, session: &mut Session) -> Result<(), Failure> {
    match command {
        Secret::Set { expires_at, source } => {
            let secret = source.read("client secret")?;
            let request = Request::new("setClientSecret")
                .with("applicationId", session.application().await?)
                .with("secret", secret.expose_secret())
                .maybe("expiresAt", expires_at.map(|when| when.ahead_of(session.now).to_string()))
                .maybe("by", session.by.clone());
            let answer = session.administer(request).await?;
            let line = if views::part(&answer, "changed")? {
                "Amazon accepts the secret; it is the current one from now on."
            } else {
                "This secret is the current one already."
            };
            session.output.either(&answer, line)
        }
        Secret::Rotate => {
            let request = Request::new("rotateClientSecret")
                .with("applicationId", session.application().await?)
                .maybe("by", session.by.clone());
            let answer = session.administer(request).await?;
            let _: bool = views::part(&answer, "asked")?;
            let line = "Amazon makes a new secret and sends it through the queue; `spapi-auth history` will show it.";
            session.output.either(&answer, line)
        }
    }
}

pub(super) async fn invalidate(invalidate: Invalidate, session: &mut Session) -> Result<(), Failure> {
    let request = match invalidate.named() {
        Some(named) => {
            let key = session.key_of(named).await?;
            session.change("invalidateTokens", &key)
        }
        None => Request::new("invalidateTokens")
            .with("applicationId", session.application().await?)
            .maybe("by", session.by.clone()),
    };
    let count = to_the_end(request, "invalidated", "grants invalidated", session).await?;
    let line = format!("Tokens of {count} grants are fetched anew when they are next asked for.");
    session.output.either(&json!({ "invalidated": count }), &line)
}

pub(super) async fn events(Events::Replay(replay): Events, session: &mut Session) -> Result<(), Failure> {
    let Replay { partner, region, from, until } = replay;
    let (from, until) =
        (from.before(session.now), until.map_or(session.now, |until| until.before(session.now)));
    if from >= until {
        return Err(Failure::Usage(format!("--from ({from}) is not before --until ({until})")));
    }
    let request = match partner {
        Some(partner) => {
            let key = session.key_of(Named { partner, region }).await?;
            Request::new("replayEvents")
                .with("applicationId", key.application)
                .with("sellingPartnerId", key.partner)
                .with("region", key.region)
        }
        None => Request::new("replayEvents").with("applicationId", session.application().await?),
    };
    let request = request.with("from", from.to_string()).with("until", until.to_string());
    let count = to_the_end(request, "sent", "events sent", session).await?;
    let (from, until) = (views::second(&from.to_string()), views::second(&until.to_string()));
    let line = format!("{count} events from {from} until {until} were sent again.");
    session.output.either(&json!({ "sent": count }), &line)
}

/// Repeats a request from cursor to cursor, and gives the sum of what its answers count. If one fails, what was done by then is
/// said, because it stays done.
async fn to_the_end(
    request: Request,
    counted: &str,
    words: &'static str,
    session: &mut Session,
) -> Result<u64, Failure> {
    let mut progress = Progress::of(words);
    let mut cursor: Option<String> = None;
    loop {
        let step = session.administer(request.clone().maybe("cursor", cursor.clone())).await;
        let answer = match step {
            Ok(answer) => answer,
            Err(failure) => {
                if progress.count() > 0 {
                    eprintln!("{} {words} before this failure", progress.count());
                }
                return Err(failure);
            }
        };
        progress.add(views::part(&answer, counted)?);
        let next: Option<String> = views::part(&answer, "cursor")?;
        if next.is_none() {
            return Ok(progress.count());
        }
        if next == cursor {
            return Err(Failure::NotUnderstood("administration".to_owned()));
        }
        cursor = next;
    }
}
