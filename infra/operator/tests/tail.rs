//! `events tail`: what is shown, once, in which order, and how it ends.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::{
    local_stack::{APPLICATION, CLIENT_SECRET, registered},
    support::{functions::Functions, tool::Tool},
};

/// A tail that goes on, and its lines.
struct Tail {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Tail {
    fn start(tool: &Tool, arguments: &[&str]) -> Self {
        let words = [&["events", "tail", "--every", "1s"], arguments].concat();
        let mut child = tool.command(&words).stdin(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line; nothing within 20 seconds is a failure.
    async fn line(&mut self) -> String {
        let line = timeout(Duration::from_secs(20), self.lines.next_line()).await;
        line.expect("nothing was printed").unwrap().expect("it has ended")
    }

    async fn event(&mut self) -> Value {
        serde_json::from_str(&self.line().await).unwrap()
    }

    /// Ends it as Ctrl-C does. Returns the exit code, and what is on both outputs after the last line.
    async fn interrupted(mut self) -> (Option<i32>, String, String) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().await.unwrap().success());
        let mut rest = String::new();
        while let Some(line) = self.lines.next_line().await.unwrap() {
            rest += &line;
        }
        let ended = self.child.wait_with_output().await.unwrap();
        (ended.status.code(), rest, String::from_utf8(ended.stderr).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_shown_once_with_the_newest_at_the_bottom_until_ctrl_c() {
    let (stack, tool) = registered().await;
    let import = async |partner: &str| {
        let token = stack.refresh_token(APPLICATION, CLIENT_SECRET, partner).await;
        let ran = tool.run_with(&["import", partner, "--kind", "self"], &token).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    import("A1BEFORE").await;
    let before = stack.invocations();
    let mut tail = Tail::start(&tool, &["--json"]);
    // A look takes three invocations at most. After the first one, which shows nothing from before, there is another.
    while stack.invocations() < before + 4 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut since = Tail::start(&tool, &["--since", "1h"]);
    assert!(since.line().await.starts_with("AT "));
    assert!(since.line().await.contains("ApplicationRegistered"));
    assert!(since.line().await.contains("ClientSecretRotated"));
    assert!(since.line().await.contains("A1BEFORE na"));

    tool.succeeds("disable A1BEFORE --reason asked").await;
    let event = tail.event().await;
    assert_eq!((&event["event"], &event["reason"]), (&json!("AuthorizationDisabled"), &json!("asked")));
    assert_eq!(
        (&event["applicationId"], &event["sellingPartnerId"]),
        (&json!(APPLICATION), &json!("A1BEFORE"))
    );
    import("A1AFTER").await;
    assert_eq!(tail.event().await["event"], "AuthorizationGranted");
    tool.succeeds("set-region A1AFTER --to eu").await;
    let moved = tail.event().await;
    assert_eq!((&moved["event"], &moved["region"]), (&json!("AuthorizationMoved"), &json!("eu")));
    tool.succeeds("remove A1BEFORE --yes").await;
    assert_eq!(tail.event().await["event"], "AuthorizationRemoved");
    tool.succeeds(&format!("applications disable {APPLICATION}")).await;
    assert_eq!(tail.event().await["event"], "ApplicationDisabled");
    assert_eq!(tail.interrupted().await, (Some(0), String::new(), String::new()));

    for shown in
        ["Disabled", "A1AFTER na", "AuthorizationMoved", "AuthorizationRemoved", "ApplicationDisabled"]
    {
        let line = since.line().await;
        assert!(line.contains(shown), "{shown}: {line}");
    }
    assert_eq!(since.interrupted().await, (Some(0), String::new(), String::new()));
}

/// One grant, whose history has a record more with each list. The list with this number fails.
async fn one_more_each_time(failing: usize) -> Functions {
    let lists = Arc::new(AtomicUsize::new(0));
    Functions::with(move |_, request| {
        let grant = |revision: usize| {
            json!({"region": "na", "sellingPartnerId": "A1EXAMPLE", "revision": revision})
        };
        match request["operation"].as_str().unwrap() {
            "listApplications" => Ok(json!({"applications": [{
                "applicationId": APPLICATION, "clientId": "c", "name": "n", "draft": false, "defaultRegion": "na",
            }]})),
            "listGrants" => match lists.fetch_add(1, Ordering::Relaxed) + 1 {
                list if list == failing => Err(("Internal", "something failed inside")),
                list => Ok(json!({"grants": [grant(list)]})),
            },
            _ if request.get("sellingPartnerId").is_none() => Ok(json!({"history": []})),
            _ => {
                let newest = lists.load(Ordering::Relaxed);
                let record = |revision: usize| {
                    json!({
                        "at": format!("2026-01-01T00:00:{revision:02}Z"), "event": format!("Event{revision}"), "actor": "amazon",
                        "revision": revision, "region": "na", "sellingPartnerId": "A1EXAMPLE",
                    })
                };
                Ok(json!({"history": (1..=newest).rev().map(record).collect::<Vec<_>>()}))
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_look_that_fails_is_reported_and_what_it_missed_is_shown_by_the_next() {
    let functions = one_more_each_time(3).await;
    let mut tail = Tail::start(&functions.tool(), &["--json"]);

    let mut shown = Vec::new();
    for _ in 0..3 {
        shown.push(tail.event().await["event"].as_str().unwrap().to_owned());
    }

    assert_eq!(shown, ["Event2", "Event3", "Event4"]);
    let (code, _, stderr) = tail.interrupted().await;
    assert_eq!((code, stderr.matches("A look failed").count()), (Some(0), 1), "{stderr}");
    assert!(stderr.contains("the next one is in 2 s: something failed inside"), "{stderr}");
}

#[tokio::test]
async fn the_first_look_fails_as_every_command_does() {
    let functions = one_more_each_time(1).await;
    let ran = functions.tool().run("events tail").await;
    assert_eq!(ran.code, 1, "{ran:?}");

    let ran = functions.tool().run("events tail --every 0s").await;
    assert_eq!((ran.code, ran.stderr.contains("at least `1s`")), (2, true), "{ran:?}");
}
