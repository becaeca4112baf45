//! The outcome of a command, stored until the next page shows it once. It is not part of the address, because any site can write one.

use std::collections::VecDeque;

use shared::secret::random_word;

use crate::locked::Locked;

/// The outcome of a command.
#[derive(Debug)]
pub(super) struct Notice {
    /// Whether the command succeeded.
    pub(super) done: bool,
    /// One or two sentences.
    pub(super) text: String,
    /// A new address, such as an authorization link.
    pub(super) link: Option<String>,
}

/// Notices that were not shown yet, each with a random name.
#[derive(Debug, Default)]
pub(super) struct Notices(Locked<VecDeque<(String, Notice)>>);

impl Notices {
    /// Stores a notice and returns its name.
    pub(super) fn add(&self, notice: Notice) -> String {
        let name = random_word();
        let mut notices = self.0.lock();
        notices.push_back((name.clone(), notice));
        if notices.len() > MOST {
            notices.pop_front();
        }
        name
    }

    /// Removes the notice of this name and returns it.
    pub(super) fn take(&self, name: &str) -> Option<Notice> {
        let mut notices = self.0.lock();
        let place = notices.iter().position(|(known, _)| known == name)?;
        notices.remove(place).map(|(_, notice)| notice)
    }
}

impl Notice {
    pub(super) fn done(text: impl Into<String>) -> Self {
        Self { done: true, text: text.into(), link: None }
    }

    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self { done: false, text: text.into(), link: None }
    }
}

/// The largest number of notices. Some browsers never load the next page.
const MOST: usize = 100;
