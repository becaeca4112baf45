//! Every command of a document runs as written and shows what the document says, unless it is marked as one that cannot run here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use futures::future::join_all;
use local::stack::{Options, Stack};
use shared::secret::random_word;
use tokio::process::Command;

use super::markdown::{Block, Document};
use crate::support::{built::folder_of_spapi_auth, port::free_port, repository::root};

/// Marks of blocks that do not run here: they need the AWS CLI (and mostly an account), a build, or minutes of measuring.
const NOT_RUN: [&str; 3] = ["aws", "build", "benchmark"];

/// The mark of a block whose last command has to fail.
const FAILS: &str = "fails";

/// For the commands of one document.
const LIMIT: Duration = Duration::from_mins(2);

/// Precedes the line number of a block in what the commands print.
const BLOCK: &str = "=== block ";

#[test]
fn every_block_of_a_document_has_a_known_language_and_mark() {
    for document in Document::all() {
        for Block { line, language, mark, .. } in document.blocks() {
            let known = match language.as_str() {
                "sh" => mark.is_empty() || mark == FAILS || NOT_RUN.contains(&mark.as_str()),
                // A request to the function of this name.
                "json" => root().join("functions").join(&mark).is_dir(),
                // Four of them are lines of an integrator's program.
                "diff" | "ini" | "js" | "php" | "python" | "rust" | "ruby" | "text" | "toml" | "yaml" => {
                    mark.is_empty()
                }
                _ => false,
            };
            assert!(known, "{}:{line}: ```{language},{mark}", document.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_a_document_runs() {
    let tool = folder_of_spapi_auth().await;
    let mut documents = Document::all();
    documents.retain(|document| document.blocks().iter().any(runs));
    assert!(!documents.is_empty());
    let outcomes = join_all(documents.iter().map(|document| run(document, &tool))).await;
    let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs the commands of a document. The error says what failed, and where.
async fn run(document: &Document, tool: &Path) -> Result<(), String> {
    let session = Session::start(tool).await;
    session.run(&document.blocks()).await.map_err(|failure| format!("{}:{failure}", document.path))
}

fn runs(block: &Block) -> bool {
    block.language == "sh" && !NOT_RUN.contains(&block.mark.as_str())
}

/// A shell in a new folder, beside a local stack of its own.
struct Session {
    stack: Stack,
    /// The port of the agent, if the document starts one.
    agent: u16,
    tool: PathBuf,
    folder: PathBuf,
}

impl Session {
    async fn start(tool: &Path) -> Self {
        let folder = std::env::temp_dir().join(format!("spapi-auth-{}", random_word()));
        fs::create_dir(&folder).unwrap();
        // An answer of 400 or more is a failure of the command.
        fs::write(folder.join(".curlrc"), "fail-with-body\n").unwrap();
        let stack = Stack::start(Options::default()).await.unwrap();
        Self { stack, agent: free_port(), tool: tool.to_owned(), folder }
    }

    /// Runs the blocks of a document in their order, in one shell. The error is the line of the first block that
    /// failed, and why.
    async fn run(&self, blocks: &[Block]) -> Result<(), String> {
        let script = self.folder.join(".commands");
        fs::write(&script, self.script(blocks)).unwrap();
        let shell = Command::new("bash")
            .arg(&script)
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .output();
        let ended = tokio::time::timeout(LIMIT, shell).await.map_err(|_| format!(" more than {LIMIT:?}"))?;
        let ended = ended.unwrap();
        let printed = as_documented(&String::from_utf8_lossy(&ended.stdout), &self.addresses());
        let mut printed: Vec<_> =
            printed.split(BLOCK).skip(1).filter_map(|part| part.split_once('\n')).collect();
        if !ended.status.success() {
            let (line, output) = printed.pop().unwrap();
            return Err(format!("{line}: a command failed ({})\n{output}", ended.status));
        }
        for (line, output) in printed {
            let number = blocks.iter().position(|block| block.line.to_string() == line).unwrap();
            let shown = blocks.get(number + 1).filter(|next| next.language == "text");
            check(output.trim(), shown).map_err(|why| format!("{line}: {why}\n{output}"))?;
        }
        Ok(())
    }

    fn script(&self, blocks: &[Block]) -> String {
        let tool = self.tool.display();
        let start = format!(
            "exec 2>&1\nset -eu\nunset \"${{!AWS_@}}\" \"${{!SPAPI_AUTH_@}}\"\nexport USER=olga PATH=\"{tool}:$PATH\"\n"
        );
        let blocks = blocks.iter().filter(|block| runs(block)).map(|Block { line, text, mark, .. }| {
            let heading = format!("printf '\\n{BLOCK}{line}\\n'");
            if mark == FAILS {
                format!("{heading}\nif (\n{text}\n); then echo 'a failure was expected'; exit 1; fi\n")
            } else {
                format!("{heading}\n{text}\n")
            }
        });
        as_running(&(start + &blocks.collect::<String>()), &self.addresses())
    }

    /// Addresses as documents write them, and as this run has them.
    fn addresses(&self) -> [Address; 6] {
        let running = self.stack.ports();
        [
            ("127.0.0.1:9000", format!("127.0.0.1:{}", running.gateway)),
            ("127.0.0.1:9001", format!("127.0.0.1:{}", running.amazon)),
            ("localhost:9001", format!("localhost:{}", running.amazon)),
            ("127.0.0.1:9002", format!("127.0.0.1:{}", running.aws)),
            ("127.0.0.1:2774", format!("127.0.0.1:{}", self.agent)),
            // The integrator's own site, which does not run here; nothing listens on this port.
            ("127.0.0.1:8080", "127.0.0.1:1".to_owned()),
        ]
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

type Address = (&'static str, String);

fn as_running(text: &str, addresses: &[Address]) -> String {
    addresses.iter().fold(text.to_owned(), |text, (documented, running)| text.replace(documented, running))
}

fn as_documented(text: &str, addresses: &[Address]) -> String {
    addresses.iter().fold(text.to_owned(), |text, (documented, running)| text.replace(running, documented))
}

/// Checks what a block printed against the block of text that follows it, if one does.
fn check(output: &str, shown: Option<&Block>) -> Result<(), String> {
    let shown = shown.map_or("", |shown| shown.text.as_str());
    if output.contains("\"errorType\"") && !shown.contains("\"errorType\"") {
        return Err("a function answered with an error".to_owned());
    }
    let mut printed = output.lines();
    for line in shown.lines().filter(|line| line.trim() != "…") {
        if !printed.any(|printed| is_shown_as(printed, line)) {
            return Err(format!("this is shown and was not printed, or not in this order: {line}"));
        }
    }
    Ok(())
}

/// Whether a line of output is what a document shows: widths of columns and times do not count, and `…` is any text.
fn is_shown_as(printed: &str, shown: &str) -> bool {
    let (printed, shown) = (stable(printed), stable(shown));
    let Some((start, more)) = shown.split_once('…') else { return printed == shown };
    let (between, end) = more.rsplit_once('…').unwrap_or(("", more));
    let Some(mut rest) = printed.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)) else {
        return false;
    };
    between.split('…').all(|part| {
        let found = rest.split_once(part);
        rest = found.map_or("", |(_, rest)| rest);
        found.is_some()
    })
}

/// A line without what differs from run to run: runs of blanks are one, and a date or time is `<time>`.
fn stable(line: &str) -> String {
    let is_time = |word: &str| word.get(..10).is_some_and(|start| start.parse::<jiff::civil::Date>().is_ok());
    let words = line.split_whitespace().map(|word| if is_time(word) { "<time>" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
