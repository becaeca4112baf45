//! The options of `import --file`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A file of refresh tokens to import, instead of one on the command line.
#[derive(Args)]
pub(crate) struct ImportFile {
    /// Import every row of this file, CSV with a header or JSON lines; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["partner", "kind", "authorized_at", "region", "partner_type", "account", "secret_file"])]
    pub(crate) file: Option<PathBuf>,
    /// The format of the file [default: JSON lines if it begins with {, else CSV]
    #[arg(long, value_enum, requires = "file")]
    pub(crate) format: Option<Format>,
    /// The largest number of rows in flight; it halves when Amazon throttles
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64), requires = "file")]
    pub(crate) concurrency: u16,
    /// Check the form of every row, without a call
    #[arg(long, requires = "file")]
    pub(crate) dry_run: bool,
    /// The file to which the outcome of each row is appended; a run with the same one continues [default: FILE.result.jsonl]
    #[arg(long, value_name = "FILE", requires = "file")]
    pub(crate) result: Option<PathBuf>,
}

/// The format of a file of rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// A line with the names of the columns, then a row on each line
    Csv,
    /// A JSON object on each line
    Jsonl,
}
