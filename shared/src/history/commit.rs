//! Commits a change together with its record in the history.

use aws_sdk_dynamodb::Client;

use crate::{
    aws::{
        AwsError,
        transaction::{Commit, Transactions, Write},
    },
    deadline::{Deadline, retry_until},
    history::Record,
    secret::random_word,
};

/// The name of the write that appends to the history.
const HISTORY: &str = "history";

/// Commits changes of rows that have a history.
#[derive(Clone, Debug)]
pub struct Recorder {
    history_table: String,
    transactions: Transactions,
}

impl Recorder {
    /// Commits changes whose records belong in `history_table`.
    pub fn new(client: Client, history_table: String) -> Self {
        Self { history_table, transactions: Transactions::new(client) }
    }

    /// Commits a change of a row that was read at the revision `seen`. `change` returns its writes and its records, numbered
    /// from the new revision; a higher one where the history is ahead of the row, as after a restored backup.
    pub async fn commit<R: IntoIterator<Item = Record>>(
        &self,
        seen: u64,
        mut change: impl FnMut(u64) -> (Vec<Write>, R),
        deadline: Deadline,
    ) -> Result<Commit, AwsError> {
        let mut revision = seen + 1;
        loop {
            let (mut writes, records) = change(revision);
            // The last writes: where the row has changed too, its own condition is the first that does not hold.
            let appended =
                records.into_iter().map(|record| record.append(&self.history_table).named(HISTORY));
            writes.extend(appended);
            // The same writes under the same token: repeated after a lost answer, they are made once.
            let token = random_word();
            match retry_until(deadline, || self.transactions.commit(&writes, &token)).await? {
                Commit::Refused(HISTORY) => revision += 1,
                commit => return Ok(commit),
            }
        }
    }
}
