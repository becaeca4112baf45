//! Any bytes, and changed copies of the inputs in `tests/fuzz/corpus`, go to every check. The seed of a failure is written to
//! `proptest-regressions`, and tried first from then on.

use std::{fs, path::Path};

use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};

use super::CHECKS;

/// How many inputs of each kind a check gets.
const CASES: u32 = 300;

/// Returns the inputs of the corpus for a check.
fn corpus(check: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(check);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A change of an input: where, what, and with which byte or other input.
type Change = (Index, u8, u8, Index);

fn changed(seeds: &[Vec<u8>], seed: Index, changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.get(seeds).clone();
    for (at, what, byte, other) in changes {
        let at = at.index(bytes.len() + 1);
        let other = other.get(seeds);
        match what % 5 {
            0 if at < bytes.len() => bytes[at] = *byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.insert(at, *byte),
            3 => drop(bytes.splice(at..at, other.iter().copied())),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn check_all(name: &str, check: super::Check, inputs: &BoxedStrategy<Vec<u8>>) {
    let config = Config { cases: CASES, source_file: Some(file!()), ..Config::default() };
    let checked = TestRunner::new(config).run(inputs, |bytes| {
        check(&bytes);
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{name}: {error}");
    }
}

#[test]
fn any_bytes_are_refused_or_accepted_by_the_rule() {
    for (name, check) in CHECKS {
        check_all(name, check, &vec(any::<u8>(), 0..200).boxed());
        check_all(name, check, &any::<String>().prop_map(String::into_bytes).boxed());
    }
}

#[test]
fn changed_copies_of_real_inputs_are_refused_or_accepted_by_the_rule() {
    for (name, check) in CHECKS {
        let seeds = corpus(name);
        for seed in &seeds {
            check(seed);
        }
        let change = (any::<Index>(), any::<u8>(), any::<u8>(), any::<Index>());
        let inputs = (any::<Index>(), vec(change, 0..6))
            .prop_map(move |(seed, changes)| changed(&seeds, seed, &changes));
        check_all(name, check, &inputs.boxed());
    }
}
