//! Every section of the facts about Amazon that is cited anywhere is there.

use std::{collections::BTreeSet, fs};

use crate::support::repository::{files, root, source};

const FACTS: &str = "infra/simulated-amazon/FACTS.md";

#[test]
fn every_fact_that_is_cited_has_its_section() {
    let facts = source(FACTS);
    let sections: BTreeSet<_> = facts.lines().filter_map(section).collect();
    let (mut cited, mut missing) = (0, Vec::new());
    for path in files() {
        // What is no text cites nothing.
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        for (line, number) in text.lines().zip(1..) {
            cited += citations(line).count();
            let unknown = citations(line).filter(|cited| !sections.contains(cited));
            missing.extend(unknown.map(|cited| format!("{path}:{number}: section {cited}")));
        }
    }

    assert!(missing.is_empty(), "{FACTS} has no such heading:\n{}", missing.join("\n"));
    assert!(cited > 100, "{cited} citations: the search finds them no longer");
}

#[test]
fn a_citation_ends_where_its_number_does() {
    let line = "(F§1.2, row 4b), F§4.5/F§11: as F§5. F§ alone and F§n.m cite nothing";

    assert_eq!(citations(line).collect::<Vec<_>>(), ["1.2", "4.5", "11", "5"]);
}

/// The number of the section that begins with this line.
fn section(line: &str) -> Option<&str> {
    let heading = line.strip_prefix("## ").or_else(|| line.strip_prefix("### "))?;
    let number = heading.split(' ').next()?.trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

/// The numbers of the sections that a line cites.
fn citations(line: &str) -> impl Iterator<Item = &str> {
    let number = |rest: &str| rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    line.split("F§")
        .skip(1)
        .map(move |rest| rest[..number(rest)].trim_end_matches('.'))
        .filter(|n| !n.is_empty())
}
