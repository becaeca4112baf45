//! The arrows between modules, read from the sources: they point one way.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms of `shared`, each above those that it may use. A new room gets its place here and in `shared/README.md`.
const ROOMS_OF_SHARED: [&str; 22] = [
    "printable",
    "ids",
    "region",
    "secret",
    "env",
    "deadline",
    "site_origin",
    "tls",
    "aws",
    "amazon",
    "error",
    "history",
    "application",
    "consumer",
    "client_secret",
    "grant",
    "access_token",
    "journey",
    "grant_change",
    "vending",
    "browser",
    "lambda",
];

#[test]
fn in_shared_a_room_uses_only_rooms_below_it() {
    let rooms = modules(Path::new("../shared/src"));
    let place = |room: &str| ROOMS_OF_SHARED.iter().position(|known| *known == room);
    for (room, uses) in &rooms {
        let own = place(room).unwrap_or_else(|| panic!("{room} has no place in ROOMS_OF_SHARED"));
        for used in uses.iter().filter(|used| rooms.contains_key(*used)) {
            let other = place(used).unwrap_or_else(|| panic!("{used} has no place in ROOMS_OF_SHARED"));
            assert!(other < own, "shared::{room} uses shared::{used}, which is above it");
        }
    }
    assert_eq!(rooms.len(), ROOMS_OF_SHARED.len(), "ROOMS_OF_SHARED names a room that does not exist");
}

#[test]
fn no_crate_has_a_circle_of_modules() {
    for source in sources() {
        let mut left = modules(&source);
        // Takes away, again and again, what uses nothing that is left; only circles and what uses them remain.
        loop {
            let names: BTreeSet<String> = left.keys().cloned().collect();
            let before = left.len();
            left.retain(|name, uses| uses.iter().any(|used| used != name && names.contains(used)));
            if left.len() == before {
                break;
            }
        }
        assert!(left.is_empty(), "{}: a circle among {:?}", source.display(), left.keys());
    }
}

#[test]
fn functions_do_not_know_one_another_and_shared_knows_none() {
    let names: Vec<String> =
        folders("../functions").iter().map(|path| name_of(path).replace('-', "_")).collect();
    for (folder, own) in folders("../functions")
        .iter()
        .map(|path| (path.join("src"), name_of(path)))
        .chain([(PathBuf::from("../shared/src"), "shared".to_owned())])
    {
        for file in rust_files(&folder) {
            let text = code_of(&file);
            for other in names.iter().filter(|name| **name != own.replace('-', "_")) {
                let prefix = format!("{other}::");
                // A room such as `authorizations::` may be named within a longer path.
                let uses_it =
                    text.match_indices(&prefix).any(|(at, _)| !text[..at].ends_with(is_part_of_path));
                assert!(!uses_it, "{} uses {other}", file.display());
            }
        }
    }
}

/// The `src` folders of all crates.
fn sources() -> Vec<PathBuf> {
    let mut crates = folders("../functions");
    crates.extend(folders("../infra"));
    crates.push(PathBuf::from("../shared"));
    crates
        .iter()
        .map(|path| path.join("src"))
        .filter(|path| path.join("lib.rs").exists() || path.join("main.rs").exists())
        .collect()
}

/// The top-level modules of a crate, each with those that its files name by `crate::`.
fn modules(source: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in rust_files(source) {
        let inside = file.strip_prefix(source).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" || module == "bin" {
            continue;
        }
        let uses = used_modules(&code_of(&file));
        modules.entry(module.clone()).or_default().extend(uses.into_iter().filter(|used| *used != module));
    }
    modules
}

/// The names directly behind `crate::`, alone or in braces.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            None => used.extend(first_name(rest)),
            Some(list) => {
                let mut depth = 0_u32;
                let mut begins = true;
                for (at, letter) in list.char_indices() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        _ if begins && is_part_of_name(letter) => {
                            used.extend(first_name(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|letter| is_part_of_name(*letter)).collect();
    (!name.is_empty()).then_some(name)
}

/// A file without its comments and without its tests, which may look at everything.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// All files of a folder but those of tests.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = name_of(&path);
        if name == "tests" || name.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn folders(parent: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.join("Cargo.toml").exists()).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn is_part_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn is_part_of_path(letter: char) -> bool {
    is_part_of_name(letter) || letter == ':'
}
