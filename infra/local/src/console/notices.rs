//! What came of an order, kept until the page after it is shown: once, and not in an address, where anybody could write it.

use std::collections::VecDeque;

use shared::secret::random_word;

use crate::locked::Locked;

/// What came of an order.
#[derive(Debug)]
pub(super) struct Notice {
    /// Whether it was carried out.
    pub(super) done: bool,
    /// A sentence or two.
    pub(super) text: String,
    /// An address that came of it, such as an authorization link.
    pub(super) link: Option<String>,
}

/// Notices that nobody has seen, each with its name.
#[derive(Debug, Default)]
pub(super) struct Notices(Locked<VecDeque<(String, Notice)>>);

impl Notices {
    /// Keeps a notice; its name.
    pub(super) fn keep(&self, notice: Notice) -> String {
        let name = random_word();
        let mut kept = self.0.lock();
        kept.push_back((name.clone(), notice));
        if kept.len() > MOST {
            kept.pop_front();
        }
        name
    }

    /// The notice of that name, which is then forgotten.
    pub(super) fn take(&self, name: &str) -> Option<Notice> {
        let mut kept = self.0.lock();
        let place = kept.iter().position(|(known, _)| known == name)?;
        kept.remove(place).map(|(_, notice)| notice)
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

/// Browsers that never came back for theirs are not waited for.
const MOST: usize = 100;
