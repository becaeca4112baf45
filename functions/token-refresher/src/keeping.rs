//! Who is at Amazon, and who is not any more: while what Amazon gave to one is being kept, another may ask it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// How many of those under way are no more at Amazon.
#[derive(Default)]
pub(crate) struct Keeping {
    count: AtomicUsize,
    one_more: Notify,
}

/// One of those under way.
pub(crate) struct Kept<'a>(&'a Keeping, AtomicBool);

impl Keeping {
    /// Whether another may go to Amazon. If our own tables are slow, those that are kept do not pile up.
    pub(crate) fn has_room(&self, under_way: usize, limit: usize) -> bool {
        under_way - self.count.load(Ordering::Relaxed) < limit && under_way < limit * 2
    }

    /// Returns when one more is being kept.
    pub(crate) async fn another_begins(&self) {
        self.one_more.notified().await;
    }

    /// For one that goes to Amazon now.
    pub(crate) fn watch(&self) -> Kept<'_> {
        Kept(self, AtomicBool::new(false))
    }
}

impl Kept<'_> {
    /// Amazon has answered with a token.
    pub(crate) fn begins(&self) {
        self.1.store(true, Ordering::Relaxed);
        self.0.count.fetch_add(1, Ordering::Relaxed);
        self.0.one_more.notify_one();
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(usize::from(*self.1.get_mut()), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_kept_makes_room_for_as_many_again_and_no_more() {
        let keeping = Keeping::default();
        assert!(keeping.has_room(3, 4) && !keeping.has_room(4, 4));
        let first = keeping.watch();
        first.begins();
        assert!(keeping.has_room(4, 4) && !keeping.has_room(5, 4));
        let others: Vec<_> = (0..4).map(|_| keeping.watch()).collect();
        others.iter().for_each(Kept::begins);
        assert!(keeping.has_room(7, 4) && !keeping.has_room(8, 4));
        drop((first, others, keeping.watch()));
        assert!(!keeping.has_room(4, 4));
    }
}
