//! The first random number of a process is cheap, since every new Lambda environment draws one before it answers.
//! `.cargo/config.toml` says how, and what it costs in security.

use std::{env, fs, process::Command, time::Duration};

use shared::{env::Env, secret::random_word};

/// Set in the process that measures. In the process of all tests, another one has drawn the first random number.
const MEASURES: &str = "MEASURES_THE_FIRST_RANDOM_NUMBER";

/// Returns the processor time of this thread, from `/proc/thread-self/schedstat`: nanoseconds on a processor come first.
fn processor_time() -> Duration {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(statistics.split_whitespace().next().unwrap().parse().unwrap())
}

#[test]
fn aws_lc_is_built_without_the_jitter_of_the_processor() {
    let contains = |symbol: &str| {
        let program = env::current_exe().unwrap();
        Command::new("grep")
            .args(["--quiet", "--text", "--fixed-strings", symbol])
            .arg(program)
            .status()
            .unwrap()
            .success()
    };
    // The names are joined here, or this program would contain them.
    assert!(contains(&["RAND", "bytes"].join("_")), "the symbols of aws-lc are in this program");
    assert!(!contains(&["jent", "read", "entropy"].join("_")), "the jitter source is in this program");
}

#[test]
fn the_first_random_number_of_a_process_takes_less_than_two_milliseconds_of_a_processor() {
    let test =
        "entropy::the_first_random_number_of_a_process_takes_less_than_two_milliseconds_of_a_processor";
    if Env::of_process().optional(MEASURES).is_some() {
        let before = processor_time();
        let _ = random_word();
        let took = processor_time().saturating_sub(before);
        assert!(took < Duration::from_millis(2), "it took {took:?}");
        return;
    }
    let measured = Command::new(env::current_exe().unwrap())
        .args(["--exact", test])
        .env(MEASURES, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&measured.stdout);
    assert!(measured.status.success() && said.contains("1 passed"), "{said}");
}
