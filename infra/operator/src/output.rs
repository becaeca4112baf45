//! What a command says on standard output: tables for people, or JSON, one document a line, for machines.

use std::io::{self, BufWriter, Write};

use serde_json::Value;

use crate::{failure::Failure, table::Table, terminal};

/// Standard output, in the form that was asked for.
pub(crate) struct Output {
    json: bool,
    to: BufWriter<io::Stdout>,
}

impl Output {
    /// Writes to the process's standard output.
    pub(crate) fn to_stdout(json: bool) -> Self {
        Self { json, to: BufWriter::new(io::stdout()) }
    }

    /// Whether a machine reads it.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// One document on one line.
    pub(crate) fn document(&mut self, value: &Value) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{}", terminal::json(value))?)
    }

    /// A line for people, made of words of ours and words from elsewhere.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{}", terminal::harmless(text))?)
    }

    /// What is ready to be shown as it is.
    pub(crate) fn block(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.to.write_all(text.as_bytes())?)
    }

    /// Named values for people.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) -> Result<(), Failure> {
        self.block(&Table::of_facts(facts))
    }

    /// The value for machines, the line for people.
    pub(crate) fn either(&mut self, value: &Value, line: &str) -> Result<(), Failure> {
        if self.json { self.document(value) } else { self.line(line) }
    }

    /// Hands over what has been written so far, so that whoever reads along sees it.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }

    /// The end.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush()
    }
}
