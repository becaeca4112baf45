//! Tracks refreshes whose LWA call has returned but whose result is still being stored. Another refresh may call Amazon
//! while they store their tokens.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts the refreshes in flight that are only storing their result.
#[derive(Default)]
pub(crate) struct Storing {
    count: AtomicUsize,
    one_more: Notify,
}

/// One refresh in flight. The flag says whether its LWA call has returned.
pub(crate) struct Tracked<'a>(&'a Storing, AtomicBool);

impl Storing {
    /// Returns whether another refresh may call Amazon. Refreshes in flight stay below twice the limit, so that they do not
    /// pile up when DynamoDB is slow.
    pub(crate) fn has_room(&self, under_way: usize, limit: usize) -> bool {
        under_way - self.count.load(Ordering::Relaxed) < limit && under_way < limit * 2
    }

    /// Waits until one more refresh begins to store its result.
    pub(crate) async fn another_begins(&self) {
        self.one_more.notified().await;
    }

    /// Begins to track a refresh that calls Amazon now.
    pub(crate) fn watch(&self) -> Tracked<'_> {
        Tracked(self, AtomicBool::new(false))
    }
}

impl Tracked<'_> {
    /// Records that the LWA call has returned a token.
    pub(crate) fn begins(&self) {
        self.1.store(true, Ordering::Relaxed);
        self.0.count.fetch_add(1, Ordering::Relaxed);
        self.0.one_more.notify_one();
    }
}

impl Drop for Tracked<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(usize::from(*self.1.get_mut()), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_kept_makes_room_for_as_many_again_and_no_more() {
        let storing = Storing::default();
        assert!(storing.has_room(3, 4) && !storing.has_room(4, 4));
        let first = storing.watch();
        first.begins();
        assert!(storing.has_room(4, 4) && !storing.has_room(5, 4));
        let others: Vec<_> = (0..4).map(|_| storing.watch()).collect();
        others.iter().for_each(Tracked::begins);
        assert!(storing.has_room(7, 4) && !storing.has_room(8, 4));
        drop((first, others, storing.watch()));
        assert!(!storing.has_room(4, 4));
    }
}
