//! `secret`, `invalidate` and `events`.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    arguments::{
        grants::PartnerSelector,
        service::{Events, Invalidate, Replay, Secret},
    },
    commands::tail,
    failure::Failure,
    place::Place,
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
                .maybe("expiresAt", expires_at.map(|when| when.after(session.now).to_string()))
                .maybe("by", session.by.clone());
            let answer = session.administer(request).await?;
            let line = if views::field(&answer, "changed")? {
                "Amazon accepted the client secret, which is now the current one."
            } else {
                "This client secret was already the current one; nothing changed."
            };
            session.output.either(&answer, line)
        }
        Secret::Rotate { insist } => {
            let request = Request::new("rotateClientSecret")
                .with("applicationId", session.application().await?)
                .maybe("insist", insist.then_some(true))
                .maybe("by", session.by.clone());
            let answer = session.administer(request).await?;
            let _: bool = views::field(&answer, "asked")?;
            let line = "Requested a new client secret from Amazon, which sends it to the queue; \
                        `spapi-auth history` shows when it has arrived.";
            session.output.either(&answer, line)
        }
    }
}

pub(super) async fn invalidate(invalidate: Invalidate, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let (request, whose) = if let Some(grant) = invalidate.grant() {
        let key = session.key_of(grant).await?;
        (session.change("invalidateTokens", &key), format!("partner {} in {}", key.partner, key.region))
    } else {
        let application = session.application().await?;
        let request = Request::new("invalidateTokens")
            .with("applicationId", application.clone())
            .maybe("by", session.by.clone());
        (request, format!("application {application}"))
    };
    let answer = session.administer(request).await?;
    let line = format!(
        "Invalidated every access token of {whose}; within 65 seconds every request gets a new token.",
    );
    session.output.either(&answer, &line)
}

pub(super) async fn events(command: Events, session: &mut Session) -> Result<(), Failure> {
    match command {
        Events::Replay(replay) => self::replay(replay, session).await,
        Events::Tail(tail) => tail::run(&tail, session).await,
    }
}

async fn replay(replay: Replay, session: &mut Session) -> Result<(), Failure> {
    let Replay { partner, region, from, until } = replay;
    let (from, until) =
        (from.before(session.now), until.map_or(session.now, |until| until.before(session.now)));
    if from >= until {
        return Err(Failure::usage(
            format!("the period is empty: `--from` is {from}, `--until` is {until}"),
            "give a `--from` that is earlier than `--until`",
        ));
    }
    let request = match partner {
        Some(partner) => {
            let key = session.key_of(PartnerSelector { partner, region }).await?;
            Request::new("replayEvents")
                .with("applicationId", key.application)
                .with("sellingPartnerId", key.partner)
                .with("region", key.region)
        }
        None => Request::new("replayEvents").with("applicationId", session.application().await?),
    };
    let request = request.with("from", from.to_string()).with("until", until.to_string());
    let count = repeat(request, "sent", "events sent", session).await?;
    let (from, until) = (views::second(&from.to_string()), views::second(&until.to_string()));
    let line = format!("Sent {} from {from} until {until} again.", counted(count, "event"));
    session.output.either(&json!({ "sent": count }), &line)
}

/// Repeats `request` with the cursor of each answer until there is none. Returns the sum of `field` over the answers. If a request
/// fails, prints the sum so far, because that part is not undone.
async fn repeat(
    request: Request,
    field: &str,
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
        progress.add(views::field(&answer, field)?);
        let next: Option<String> = views::field(&answer, "cursor")?;
        if next.is_none() {
            return Ok(progress.count());
        }
        if next == cursor {
            return Err(Failure::NotUnderstood("it repeats its `cursor`".to_owned()));
        }
        cursor = next;
    }
}

/// The count with its noun, such as `1 grant` or `2 grants`.
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
