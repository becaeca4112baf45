//! Builds the measured binaries as they are deployed, and measures their size, alone and in a deployment package.

use std::{
    collections::HashMap,
    fs,
    io::{Cursor, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::Fault;

/// The measured binaries, in the order of the arrays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    /// `get-access-token` itself.
    Function,
    /// A function that does nothing.
    Empty,
    /// A function that reads one row.
    GetItem,
    /// A function that makes the AWS calls of a request for a stored token.
    SameCalls,
}

impl Subject {
    pub(crate) const ALL: [Self; 4] = [Self::Function, Self::Empty, Self::GetItem, Self::SameCalls];

    fn target(self) -> &'static str {
        match self {
            Self::Function => "get-access-token",
            Self::Empty => "floor-empty",
            Self::GetItem => "floor-get-item",
            Self::SameCalls => "floor-same-calls",
        }
    }
}

/// One binary.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    /// Its size on disk in bytes.
    pub(crate) size: usize,
    /// The size in bytes of a deployment package with only this binary.
    pub(crate) zipped: usize,
}

/// Builds `token-refresher` with the release profile.
pub(crate) fn build_refresher() -> Result<Binary, Fault> {
    measured(executable(&cargo_build(&["token-refresher"])?, "token-refresher")?)
}

/// Builds `spapi-auth-agent` with the release profile.
pub(crate) fn build_agent() -> Result<Binary, Fault> {
    measured(executable(&cargo_build(&["agent"])?, "spapi-auth-agent")?)
}

/// Builds these functions with the release profile. Returns the binaries by name.
pub(crate) fn build_functions(names: &[&'static str]) -> Result<HashMap<&'static str, Binary>, Fault> {
    let messages = cargo_build(names)?;
    names.iter().map(|name| Ok((*name, measured(executable(&messages, name)?)?))).collect()
}

/// Builds the four [`Subject`]s with the release profile. The function and the floors are built by themselves: so it has no crate
/// feature that the floors or the local stack enable, as when it is deployed.
pub(crate) fn build() -> Result<[Binary; 4], Fault> {
    let mut messages = cargo_build(&["get-access-token"])?;
    messages.extend(cargo_build(&["floors"])?);
    let built = |subject: Subject| measured(executable(&messages, subject.target())?);
    let [function, empty, get_item, same_calls] = Subject::ALL.map(built);
    Ok([function?, empty?, get_item?, same_calls?])
}

/// Builds packages. Returns cargo's messages about the executables.
fn cargo_build(packages: &[&str]) -> Result<Vec<Value>, Fault> {
    let cargo = Command::new(env!("CARGO"))
        .args(["build", "--release", "--message-format=json"])
        .args(packages.iter().flat_map(|package| ["-p", package]))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    if !cargo.status.success() {
        return Err("cargo could not build the measured binaries".into());
    }
    Ok(String::from_utf8(cargo.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|message: &Value| message["executable"].is_string())
        .collect())
}

fn executable(messages: &[Value], target: &str) -> Result<PathBuf, Fault> {
    let message = messages.iter().find(|message| message["target"]["name"] == target);
    let path = message.and_then(|message| message["executable"].as_str());
    Ok(PathBuf::from(path.ok_or_else(|| format!("cargo built no executable of this name: {target}"))?))
}

fn measured(path: PathBuf) -> Result<Binary, Fault> {
    let binary = fs::read(&path)?;
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    // As infra/package does.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .unix_permissions(0o755);
    package.start_file("bootstrap", options)?;
    package.write_all(&binary)?;
    let zipped = package.finish()?.into_inner().len();
    Ok(Binary { path, size: binary.len(), zipped })
}
