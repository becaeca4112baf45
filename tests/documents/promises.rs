//! The promises of the design are all there, and the tests that it names exist.

use std::fs;

use crate::support::repository::{root, source};

const DESIGN: &str = "shared/README.md";

/// The numbers of the promises. 16 is not used yet.
const PROMISES: [usize; 17] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18];

#[test]
fn every_promise_of_the_design_is_held_by_tests_that_exist() {
    let design = source(DESIGN);
    let rows: Vec<_> = design.lines().filter_map(promise).collect();

    let numbers: Vec<_> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, PROMISES, "the rows of {DESIGN}");
    for (number, tests) in rows {
        assert!(!tests.is_empty(), "{DESIGN}: promise {number} names no test");
        for test in tests {
            assert!(
                test.contains(&format!("::promise_{number}_")),
                "{DESIGN}: promise {number} names {test}"
            );
            assert!(exists(test), "{DESIGN}: promise {number} names {test}, which is no test");
        }
    }
}

/// The number of the promise in this row of a table, and its tests.
fn promise(line: &str) -> Option<(usize, Vec<&str>)> {
    let cells: Vec<_> = line.split('|').map(str::trim).collect();
    let number = cells.get(1)?.parse().ok()?;
    Some((number, cells.get(3)?.split('`').skip(1).step_by(2).collect()))
}

/// Whether `path` is a test of this package.
fn exists(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let file = root().join("tests").join(format!("{}.rs", module.replace("::", "/")));
    let source = fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<_> = source.lines().collect();
    let function = format!("fn {name}(");
    let at = lines.iter().position(|line| line.contains(&function));
    let attributes = |at: usize| lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
    at.is_some_and(|at| attributes(at).any(|line| line.contains("test")))
}
