//! The chapters on security name only files and tests that exist, and call nothing met that no test proves.

use std::fs;

use crate::support::repository::{files, root, source};

const STANDARDS: &str = "infra/security/standards.md";

#[test]
fn every_file_and_test_that_a_chapter_on_security_names_exists() {
    let chapters: Vec<_> = files().into_iter().filter(|file| file.starts_with("infra/security/")).collect();
    assert!(chapters.len() > 3, "the chapters on security: {chapters:?}");
    let mut tests = 0;
    for chapter in chapters {
        for code in source(&chapter).lines().flat_map(codes) {
            if code.contains("::") {
                tests += 1;
                assert!(is_test(code), "{chapter} names {code}, which is no test");
            } else if is_path(code) {
                assert!(root().join(code).exists(), "{chapter} names {code}, which does not exist");
            }
        }
    }
    assert!(tests > 50, "the chapters on security name {tests} tests only");
}

#[test]
fn what_a_standard_calls_met_is_proved_by_a_test() {
    let standards = source(STANDARDS);
    let met: Vec<_> =
        standards.lines().filter(|line| line.split('|').nth(2).map(str::trim) == Some("met")).collect();
    assert!(met.len() > 20, "{STANDARDS}: {} rows are met", met.len());
    for row in met {
        assert!(codes(row).into_iter().any(is_test), "{STANDARDS}: no test in {row}");
    }
}

/// What a line marks as code.
fn codes(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// Whether `code` is written as a path of the repository.
fn is_path(code: &str) -> bool {
    let top = ["functions/", "infra/", "shared/", "tests/", ".ci/"];
    top.iter().any(|folder| code.starts_with(folder)) || code == "deny.toml"
}

/// Whether `code` names a test: by its path in `tests` (`state::name`), or by its file (`shared/src/secret.rs::name`).
fn is_test(code: &str) -> bool {
    let Some((module, name)) = code.rsplit_once("::") else { return false };
    let file = if module.strip_suffix(".rs").is_some() {
        module.to_owned()
    } else {
        format!("tests/{}.rs", module.replace("::", "/"))
    };
    let source = fs::read_to_string(root().join(file)).unwrap_or_default();
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let function = format!("fn {name}(");
    let at = lines.iter().position(|line| line.contains(&function));
    let attributes = |at: usize| lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
    at.is_some_and(|at| attributes(at).any(|line| line.contains("test")))
}
