//! SQS: the engine's queues and their messages, stored in a file, on the local stack's clock.
//!
//! The engine's own snapshot omits the messages. So the queues live here, and the engine accesses them through a backend.

use std::{
    collections::HashMap,
    future, io,
    path::Path,
    pin::Pin,
    sync::{Arc, MutexGuard},
};

use simulated_amazon::Clock;
use winterbaume_core::{MockRequest, MockResponse, MockService, StateViewError};
use winterbaume_sqs::{
    SendMessageOutput, SqsBackend, SqsService, SqsState, SqsStateView,
    state::SqsError,
    types::{Message, MessageAttribute, MessageMoveTask, Queue},
};

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{OpenError, service::Service, sqs::stored_queues::StoredQueues, state_file::StateFile},
    locked::Locked,
    template::queues::{self, QueueError},
};

mod stored_queues;

pub(super) struct Sqs {
    engine: SqsService,
    queues: Arc<Queues>,
    file: StateFile,
}

impl Sqs {
    pub(super) async fn open(data: Option<&Path>, clock: Clock) -> Result<Self, OpenError> {
        let file = StateFile::new(data, "sqs");
        let offset_seconds = clock.offset_seconds();
        let mut held = match file.read::<StoredQueues>().await? {
            Some(stored) => stored.into(),
            None => Held { state: SqsState::default(), offset_seconds },
        };
        held.create_missing(&queues::queues()?)?;
        let queues = Arc::new(Queues { held: Locked::new(held), clock });
        Ok(Self { engine: SqsService::with_backend(Arc::<Queues>::clone(&queues)), queues, file })
    }

    pub(super) async fn handle(&self, operation: &str, request: MockRequest) -> MockResponse {
        // Outside the turn to write: a receive may wait for a message that only another call can send.
        let answer = self.engine.handle(request).await;
        if ["Get", "List"].iter().any(|verb| operation.starts_with(verb)) {
            return answer;
        }
        match self.store().await {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "Could not store the state of SQS");
                Service::Sqs.internal_error()
            }
        }
    }

    /// Adds a message to a queue. The caller stores the state afterwards.
    pub(super) fn put(&self, queue: &str, body: &str) -> Result<(), SqsError> {
        self.queues.held().state.send_message(queue, body, None, HashMap::new(), None, None).map(drop)
    }

    /// Makes delayed messages visible, but not those that were received before. Returns `false` if there were none.
    pub(super) fn make_visible(&self, queue: &str) -> bool {
        let mut held = self.queues.held();
        let Some(queue) = held.state.queues.get_mut(queue) else { return false };
        let mut changed = false;
        for message in queue
            .messages
            .iter_mut()
            .filter(|message| message.approximate_receive_count == 0 && message.visible_at > 0)
        {
            message.visible_at = 0;
            changed = true;
        }
        changed
    }

    pub(super) async fn store(&self) -> io::Result<()> {
        let mut turn = self.file.turn().await;
        let state = StoredQueues::from(&*self.queues.held());
        turn.write(&state).await
    }
}

struct Queues {
    held: Locked<Held>,
    clock: Clock,
}

struct Held {
    state: SqsState,
    /// The clock's offset to which the times in `state` were last adjusted, in seconds.
    offset_seconds: i64,
}

impl Held {
    /// Creates the missing queues of the template, and updates the attributes of the others.
    fn create_missing(&mut self, queues: &[queues::Queue]) -> Result<(), QueueError> {
        for queues::Queue { name, attributes } in queues {
            let done = if self.state.queues.contains_key(name) {
                self.state.set_queue_attributes(name, attributes)
            } else {
                self.state.create_queue(name, REGION, ACCOUNT, attributes, None).map(drop)
            };
            done.map_err(|error| QueueError::Refused { queue: name.clone(), reason: error.to_string() })?;
        }
        Ok(())
    }
}

impl Queues {
    /// Locks the queues, adjusted to the current time. The engine reads the system's clock. So when the stack's clock advances, the
    /// times in the queues move back.
    fn held(&self) -> MutexGuard<'_, Held> {
        let mut held = self.held.lock();
        let moved = (self.clock.offset_seconds() - held.offset_seconds) * 1000;
        if moved != 0 {
            for message in held.state.queues.values_mut().flat_map(|queue| &mut queue.messages) {
                message.visible_at -= moved;
            }
            held.offset_seconds += moved / 1000;
        }
        held
    }
}

/// Forwards each operation of the engine to the state. There is one account and one region, so both are ignored.
macro_rules! operations {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $output:ty = |$state:ident| $outcome:expr;)*) => {$(
        fn $name(
            &self,
            _account: String,
            _region: String,
            $($argument: $kind,)*
        ) -> Pin<Box<dyn Future<Output = Result<$output, SqsError>> + Send>> {
            let $state = &mut self.held().state;
            Box::pin(future::ready($outcome))
        }
    )*};
}

type Attributes = HashMap<String, String>;

impl SqsBackend for Queues {
    fn create_queue(
        &self,
        account: String,
        region: String,
        name: String,
        attributes: Attributes,
        tags: Option<Attributes>,
    ) -> Pin<Box<dyn Future<Output = Result<Queue, SqsError>> + Send>> {
        let state = &mut self.held().state;
        let queue = state.create_queue(&name, &region, &account, &attributes, tags.as_ref()).cloned();
        Box::pin(future::ready(queue))
    }

    operations! {
        delete_queue(queue: String) -> () = |state| state.delete_queue(&queue);
        get_queue_url(queue: String) -> String = |state| state.get_queue_url(&queue).map(str::to_owned);
        get_queue_attributes(queue: String) -> Attributes = |state| state.get_queue_attributes(&queue);
        set_queue_attributes(queue: String, attributes: Attributes) -> () =
            |state| state.set_queue_attributes(&queue, &attributes);
        list_queues(prefix: Option<String>) -> Vec<Queue> =
            |state| Ok(state.list_queues(prefix.as_deref()).into_iter().cloned().collect());
        send_message(
            queue: String, body: String, delay: Option<u32>, attributes: HashMap<String, MessageAttribute>,
            group: Option<String>, deduplication: Option<String>
        ) -> SendMessageOutput = |state| state
            .send_message(&queue, &body, delay, attributes, group.as_deref(), deduplication.as_deref())
            .map(|sent| SendMessageOutput { message_id: sent.message_id, body_md5: sent.body_md5 });
        receive_messages(queue: String, most: usize, visibility: Option<u32>) -> Vec<Message> =
            |state| state.receive_message(&queue, most, visibility);
        delete_message(queue: String, receipt: String) -> () = |state| state.delete_message(&queue, &receipt);
        purge_queue(queue: String) -> () = |state| state.purge_queue(&queue);
        change_message_visibility(queue: String, receipt: String, visibility: u32) -> () =
            |state| state.change_message_visibility(&queue, &receipt, visibility);
        change_message_visibility_batch(queue: String, entries: Vec<(String, String, u32)>) -> Vec<String> =
            |state| state.change_message_visibility_batch(&queue, &entries);
        list_queue_tags(queue: String) -> Attributes = |state| state.list_queue_tags(&queue);
        tag_queue(queue: String, tags: Attributes) -> () = |state| state.tag_queue(&queue, &tags);
        untag_queue(queue: String, keys: Vec<String>) -> () = |state| state.untag_queue(&queue, &keys);
        add_permission(queue: String, label: String, accounts: Vec<String>, actions: Vec<String>) -> () =
            |state| state.add_permission(&queue, &label, accounts, actions);
        remove_permission(queue: String, label: String) -> () = |state| state.remove_permission(&queue, &label);
        list_dead_letter_source_queues(queue: String) -> Vec<String> =
            |state| state.list_dead_letter_source_queues(&queue);
        start_message_move_task(source: String, destination: Option<String>, rate: Option<i32>) -> String =
            |state| state.start_message_move_task(&source, destination.as_deref(), rate);
        cancel_message_move_task(task: String) -> i64 = |state| state.cancel_message_move_task(&task);
        list_message_move_tasks(source: String) -> Vec<MessageMoveTask> =
            |state| Ok(state.list_message_move_tasks(&source).into_iter().cloned().collect());
    }

    fn scopes_with_state(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn snapshot(&self, _: String, _: String) -> Pin<Box<dyn Future<Output = SqsStateView> + Send>> {
        Box::pin(future::ready(SqsStateView::from(&self.held().state)))
    }

    fn restore(
        &self,
        _: String,
        _: String,
        view: SqsStateView,
    ) -> Pin<Box<dyn Future<Output = Result<(), StateViewError>> + Send>> {
        self.held().state = view.into();
        Box::pin(future::ready(Ok(())))
    }

    fn merge(
        &self,
        _: String,
        _: String,
        view: SqsStateView,
    ) -> Pin<Box<dyn Future<Output = Result<(), StateViewError>> + Send>> {
        self.held().state.queues.extend(SqsState::from(view).queues);
        Box::pin(future::ready(Ok(())))
    }
}
