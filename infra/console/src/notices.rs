//! The outcome of a command, stored until the next page shows it once. It is not part of the address, because any site can write one.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::random::random_word;

/// The outcome of a command.
#[derive(Debug)]
pub struct Notice {
    /// Whether the command succeeded.
    pub done: bool,
    /// One or two sentences.
    pub text: String,
    /// A new address, such as an authorization link.
    pub link: Option<String>,
}

/// Notices that were not shown yet, each with a random name.
#[derive(Debug, Default)]
pub(crate) struct Notices(Mutex<VecDeque<(String, Notice)>>);

impl Notices {
    /// Stores a notice and returns its name.
    pub(crate) fn add(&self, notice: Notice) -> String {
        let name = random_word();
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push_back((name.clone(), notice));
        if notices.len() > MOST {
            notices.pop_front();
        }
        name
    }

    /// Removes the notice of this name and returns it.
    pub(crate) fn take(&self, name: &str) -> Option<Notice> {
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = notices.iter().position(|(known, _)| known == name)?;
        notices.remove(place).map(|(_, notice)| notice)
    }
}

impl Notice {
    /// The command succeeded.
    pub fn done(text: impl Into<String>) -> Self {
        Self { done: true, text: text.into(), link: None }
    }

    /// The command failed.
    pub fn refused(text: impl Into<String>) -> Self {
        Self { done: false, text: text.into(), link: None }
    }
}

/// The largest number of notices. Some browsers never load the next page.
const MOST: usize = 100;
