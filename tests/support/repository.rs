//! The files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text of a file.
pub fn source(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The paths of all files, without what tools build and store: `target`, and what is hidden other than `.ci`.
pub fn files() -> Vec<String> {
    let mut files = Vec::new();
    add_files(&root(), "", &mut files);
    files.sort();
    files
}

fn add_files(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if name == "target" || (name.starts_with('.') && name != ".ci") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            add_files(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push(path);
        }
    }
}
