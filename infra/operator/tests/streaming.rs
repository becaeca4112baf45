//! Long lists use constant memory, appear page by page, and end silently when the reader closes the output.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use crate::{grants::grant, support::functions::Functions};

/// A stack with `total` grants, the id of the process that lists them, and its peak memory in KiB at the last request.
async fn many(total: u64) -> (Functions, Arc<AtomicU32>, Arc<AtomicU64>) {
    let (process, peak) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU64::new(0)));
    let (asking, highest) = (Arc::clone(&process), Arc::clone(&peak));
    let functions = Functions::with(move |_, request| {
        highest.fetch_max(peak_of(asking.load(Ordering::Relaxed)), Ordering::Relaxed);
        let from: u64 = request.get("cursor").map_or(0, |cursor| cursor.as_str().unwrap().parse().unwrap());
        // Pages of 50, whatever the requested limit is.
        let until = (from + 50).min(total);
        let grants: Vec<_> = (from..until).map(|n| grant(&format!("A{n:013}"))).collect();
        Ok(json!({"grants": grants, "cursor": (until < total).then(|| until.to_string())}))
    })
    .await;
    (functions, process, peak)
}

pub(crate) fn peak_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

/// Lists all grants and reads the whole output. Returns the number of lines and the peak memory in KiB.
async fn listed(total: u64, arguments: &[&str]) -> (u64, u64) {
    let (functions, process, peak) = many(total).await;
    let mut child = functions.tool().command(arguments).spawn().unwrap();
    process.store(child.id().unwrap(), Ordering::Relaxed);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    while lines.next_line().await.unwrap().is_some() {
        count += 1;
    }
    assert!(child.wait().await.unwrap().success());
    assert_eq!(u64::try_from(functions.requests().len()).unwrap(), total.div_ceil(50));
    (count, peak.load(Ordering::Relaxed))
}

#[tokio::test]
async fn ten_thousand_grants_need_the_memory_of_a_thousand() {
    for arguments in [&["list"][..], &["list", "--json"]] {
        let heading = u64::from(arguments.len() == 1);
        let (few, memory_of_few) = listed(1_000, arguments).await;
        let (many, memory_of_many) = listed(10_000, arguments).await;

        assert_eq!((few, many), (1_000 + heading, 10_000 + heading));
        assert!(memory_of_few > 1_000, "{memory_of_few} KiB were measured");
        // 9,000 grants are 6 MiB of JSON.
        assert!(memory_of_many < memory_of_few + 3_072, "{memory_of_few} KiB, then {memory_of_many} KiB");
        eprintln!("{arguments:?}: {memory_of_few} KiB for 1,000 grants, {memory_of_many} KiB for 10,000");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_printed_before_the_next_is_requested() {
    for arguments in [&["list"][..], &["list", "--json"], &["history"], &["history", "--json"]] {
        let (seen, wait) = std::sync::mpsc::channel();
        let wait = std::sync::Mutex::new(wait);
        let functions = Functions::with(move |_, request| {
            let record =
                json!({"at": "2026-01-01T00:00:00Z", "event": "AuthorizationGranted", "actor": "browser"});
            let page = json!({"grants": [grant("A1EXAMPLE")], "history": [record]});
            if request.get("cursor").is_some() {
                let shown = wait.lock().unwrap().recv_timeout(Duration::from_secs(10));
                return shown.map(|()| page).map_err(|_| ("Internal", "the first page was not shown"));
            }
            Ok(json!({"grants": page["grants"], "history": page["history"], "cursor": "c1"}))
        })
        .await;

        let mut child = functions.tool().command(arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let own = if arguments.contains(&"--json") { 1 } else { 2 };
        for _ in 0..own {
            lines.next_line().await.unwrap().unwrap();
        }
        seen.send(()).unwrap();

        assert!(child.wait().await.unwrap().success(), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_reader_that_closes_the_output_ends_the_list_silently() {
    for arguments in [&["list"][..], &["list", "--json"]] {
        let (functions, ..) = many(1_000_000).await;
        let mut child = functions.tool().command(arguments).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 100]).await.unwrap();
        drop(stdout);
        let output = child.wait_with_output().await.unwrap();

        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(functions.requests().len() < 100, "it continued to send requests");
    }
}

#[tokio::test]
async fn what_was_read_before_a_failure_is_printed() {
    let functions = Functions::with(|_, request| match request.get("cursor") {
        None => Ok(json!({"grants": [grant("A1EXAMPLE")], "cursor": "c1"})),
        Some(_) => Err(("AmazonUnavailable", "Amazon is not answering; try again")),
    })
    .await;

    let ran = functions.tool().run("list").await;

    assert_eq!(ran.code, 1);
    ran.says("A1EXAMPLE");
    assert!(ran.stderr.contains("AmazonUnavailable"));
}
