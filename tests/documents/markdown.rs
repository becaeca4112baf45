//! The Markdown files of the repository, read as far as the tests of documents need.

use crate::support::repository::{files, source};

/// One Markdown file.
pub struct Document {
    /// Its path from the root of the repository.
    pub path: String,
    text: String,
}

/// A fenced block of a document.
#[derive(Debug)]
pub struct Block {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// What stands before the first comma of its info string, such as `sh`.
    pub language: String,
    /// What stands after that comma, or nothing.
    pub mark: String,
    /// Its lines, without the indentation of its fence.
    pub text: String,
}

impl Document {
    /// Every Markdown file of the repository, by path.
    pub fn all() -> Vec<Self> {
        let paths = files().into_iter().filter(|path| path.rsplit('.').next() == Some("md"));
        paths.map(|path| Self { text: source(&path), path }).collect()
    }

    /// Its fenced blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        self.parts().1
    }

    /// The lines outside of fenced blocks, each with its number from 1.
    pub fn prose(&self) -> Vec<(usize, &str)> {
        self.parts().0
    }

    /// The texts of its headings, in their order.
    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.prose().into_iter().filter_map(|(_, line)| {
            let (level, title) = line.split_once(' ')?;
            let is_heading = (1..=6).contains(&level.len()) && level.bytes().all(|byte| byte == b'#');
            is_heading.then(|| title.trim())
        })
    }

    fn parts(&self) -> (Vec<(usize, &str)>, Vec<Block>) {
        let (mut prose, mut blocks) = (Vec::new(), Vec::new());
        let mut lines = self.text.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            let Some(info) = line.trim_start().strip_prefix("```") else {
                prose.push((number, line));
                continue;
            };
            let indentation = line.len() - line.trim_start().len();
            let body = lines.by_ref().map(|(line, _)| line).take_while(|line| line.trim() != "```");
            let text = body.map(|line| line.get(indentation..).unwrap_or_default()).collect::<Vec<_>>();
            let (language, mark) = info.split_once(',').unwrap_or((info, ""));
            blocks.push(Block {
                line: number,
                language: language.to_owned(),
                mark: mark.to_owned(),
                text: text.join("\n"),
            });
        }
        (prose, blocks)
    }
}
