//! Long runs: the memory that they need, and a run that is killed.

use std::{
    fmt::Write as _,
    fs,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::process::Command;

use super::{functions, imports, summary};
use crate::{
    local_stack::{APPLICATION, registered},
    streaming::peak_of,
    support::folder::Folder,
};

#[tokio::test]
async fn ten_thousand_rows_need_the_memory_of_a_thousand() {
    let mut peaks = Vec::new();
    for count in [1_000, 10_000] {
        let folder = Folder::new(&format!("memory-{count}"));
        let (process, peak) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU64::new(0)));
        let (asking, highest) = (Arc::clone(&process), Arc::clone(&peak));
        let functions = functions(move |_| {
            highest.fetch_max(peak_of(asking.load(Ordering::Relaxed)), Ordering::Relaxed);
            None
        })
        .await;
        // Tokens of the length that Amazon documents as the longest.
        let long = "h".repeat(2_000);
        let row = |n| {
            format!(
                "{{\"sellingPartnerId\": \"A{n}\", \"refreshToken\": \"Atzr|{long}{n}\", \"kind\": \"self\"}}\n"
            )
        };
        let file = folder.file("rows.jsonl", &(0..count).map(row).collect::<String>());
        let mut command = functions.tool().command(&["import", "--file", &file, "--concurrency", "16"]);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        process.store(child.id().unwrap(), Ordering::Relaxed);
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(imports(&functions), count);
        peaks.push(peak.load(Ordering::Relaxed));
    }
    // 9,000 rows are 18 MiB.
    assert!(peaks[0] > 1_000 && peaks[1] < peaks[0] + 4_096, "{peaks:?} KiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_is_continued_without_loss() {
    let folder = Folder::new("killed");
    let (stack, tool) = registered().await;
    let mut text = "kind,sellingPartnerId,refreshToken\n".to_owned();
    for n in 0..200 {
        let token = match n {
            77 | 177 => "Atzr|made-up".to_owned(),
            _ => stack.self_authorized(APPLICATION, &format!("A1BULK{n}")).await,
        };
        writeln!(text, "self,A1BULK{n},{token}").unwrap();
    }
    let file = folder.file("rows.csv", &text);
    let arguments = ["import", "--file", &file, "--concurrency", "8"];
    for at_least in [20, 60] {
        let mut child = tool.command(&arguments).stdout(Stdio::null()).spawn().unwrap();
        while folder.records_so_far("rows.csv.result.jsonl") < at_least {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        child.kill().await.unwrap();
        // As a kill within a write would leave it.
        let result = folder.path("rows.csv.result.jsonl");
        let torn = fs::read_to_string(&result).unwrap() + "{\"line\":7,\"sellingPart";
        fs::write(&result, torn).unwrap();
    }

    let ran = tool.run_with(&arguments, "").await;

    assert_eq!(ran.code, 1, "{ran:?}");
    let last = summary(&ran);
    assert_eq!((&last["rows"], &last["refused"]), (&json!(200), &json!(2)), "{last}");
    assert!(last["earlier"].as_u64().unwrap() >= 55, "{last}");
    assert!(last["present"].as_u64().unwrap() < 20, "at most those in flight were sent twice: {last}");
    let refused: Vec<_> = folder
        .records("rows.csv.result.jsonl")
        .into_iter()
        .filter(|record| record["outcome"] == "refused")
        .collect();
    assert!(
        refused
            .iter()
            .all(|record| ["A1BULK77", "A1BULK177"].contains(&record["sellingPartnerId"].as_str().unwrap()))
    );
    let listed = tool.succeeds("list --json").await.documents();
    assert_eq!(listed.len(), 198);
    assert!(listed.iter().all(|grant| grant["status"] == "active"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_takes_what_it_has_sent_to_its_end_and_says_how_to_go_on() {
    let folder = Folder::new("interrupted");
    let functions = functions(|_| {
        std::thread::sleep(Duration::from_millis(20));
        None
    })
    .await;
    let row = |n| {
        format!("{{\"sellingPartnerId\": \"A{n}\", \"refreshToken\": \"Atzr|{n}\", \"kind\": \"self\"}}\n")
    };
    let file = folder.file("rows.jsonl", &(0..2_000).map(row).collect::<String>());
    let mut command = functions.tool().command(&["import", "--file", &file, "--concurrency", "4"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while folder.records_so_far("rows.jsonl.result.jsonl") < 10 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.unwrap().success());
    let ended = child.wait_with_output().await.unwrap();

    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("interrupted before the end of the file"), "{stderr}");
    assert!(stderr.contains("run the same command again"), "{stderr}");
    let done = folder.records_so_far("rows.jsonl.result.jsonl");
    assert_eq!(imports(&functions), done, "each row that was sent has its outcome");
    assert!(done < 2_000, "{done}");
}

impl Folder {
    /// The whole lines of a file that is being written.
    fn records_so_far(&self, name: &str) -> usize {
        fs::read_to_string(self.path(name)).unwrap_or_default().matches('\n').count()
    }
}
