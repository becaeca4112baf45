//! Standard output: tables and sentences, or with `--json` one JSON document on each line.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde_json::Value;

use crate::{
    colour::{self, painted},
    failure::Failure,
    table::Table,
    terminal,
};

/// Standard output in the requested form.
pub(crate) struct Output {
    json: bool,
    to: BufWriter<io::Stdout>,
}

impl Output {
    /// Writes to the standard output of the process.
    pub(crate) fn to_stdout(json: bool) -> Self {
        Self { json, to: BufWriter::new(io::stdout()) }
    }

    /// Whether `--json` was given.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a person reads it: standard output is a terminal, and `--json` was not given.
    pub(crate) fn is_for_a_person(&self) -> bool {
        !self.json && io::stdout().is_terminal()
    }

    /// Writes a sentence about what was done.
    pub(crate) fn done(&mut self, sentence: &str) -> Result<(), Failure> {
        let mark = painted("✓", colour::GOOD, &io::stdout());
        Ok(writeln!(self.to, "{mark} {}", terminal::escaped(sentence))?)
    }

    /// Writes a document on one line.
    pub(crate) fn document(&mut self, value: &Value) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{}", terminal::json(value))?)
    }

    /// Writes a line of text; control characters in it are escaped.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{}", terminal::escaped(text))?)
    }

    /// Writes a text in which every control character is escaped already.
    pub(crate) fn block(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.to.write_all(text.as_bytes())?)
    }

    /// Writes named values, one on each line.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) -> Result<(), Failure> {
        self.block(&Table::of_facts(facts))
    }

    /// Writes `value` with `--json`, and `line` without.
    pub(crate) fn either(&mut self, value: &Value, line: &str) -> Result<(), Failure> {
        if self.json { self.document(value) } else { self.line(line) }
    }

    /// Writes `value` with `--json`, and without it each of `lines` as a line.
    pub(crate) fn either_lines(&mut self, value: &Value, lines: &[String]) -> Result<(), Failure> {
        if self.json { self.document(value) } else { lines.iter().try_for_each(|line| self.line(line)) }
    }

    /// Writes out the buffer, so that a reader sees a page before the next one is requested.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }

    /// Writes out the buffer at the end of a command.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush()
    }
}
