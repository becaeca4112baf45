//! What the model takes for granted, and how many environments the load needs.

/// The partners of the table.
pub(super) const PARTNERS: f64 = 10_000.0;

/// The hours and seconds of a month.
pub(super) const HOURS: f64 = 730.5;
pub(super) const SECONDS: f64 = HOURS * 3600.0;

/// The requests an hour for a partner in use. Callers as today ask every five minutes; an agent confirms a token of its memory with one
/// invocation every 15 minutes (`--confirm-every` of `infra/agent`, which asks for each token by itself); other callers keep a token for 55.
pub(super) const CALLERS_ASK: f64 = 12.0;
pub(super) const AGENT_CONFIRMS: f64 = 4.0;
pub(super) const KEPT_55_MINUTES: f64 = 60.0 / 55.0;

/// `RefresherEnvironments` of the template: the most environments of `token-refresher` at any time.
pub(super) const REFRESHERS: f64 = 8.0;

/// How many times the mean rate of requests the busy minutes have.
const UNEVEN: f64 = 3.0;

/// How long Lambda keeps an environment without an invocation, in seconds. AWS publishes no time.
const IDLE_LIFE: f64 = 600.0;

/// The LWA calls per hour for a partner in use without the refresher. A token lives an hour, and callers need one more minute of it.
pub(super) const FETCHES_PER_HOUR: f64 = 60.0 / 59.0;

/// The writes per day that record that a token was requested: `schedule::NOTED_EVERY` is six hours.
pub(super) const RECORDS_PER_DAY: f64 = 4.0;

/// The memory of `get-access-token` and of `token-refresher` in GB, and its share of a processor (1,769 MB have a whole one).
pub(super) const MEMORY: f64 = 0.25;
pub(super) const PROCESSOR: f64 = 256.0 / 1769.0;

/// The least memory that a function can have, in GB.
pub(super) const LEAST_MEMORY: f64 = 0.125;

/// The time in seconds of an invocation that returns a stored token. "How much memory" in the README measured 6.0 ms with 256 MB and
/// DynamoDB at 4 ms, and Lambda bills whole milliseconds.
pub(super) const STORED_TAKES: f64 = 0.007;

/// The time in seconds of an invocation that calls Amazon.
pub(super) const FETCH_TAKES: f64 = 0.200;

/// The time in seconds of an invocation of the refresher without a due token.
pub(super) const EMPTY_RUN_TAKES: f64 = 0.050;

/// The seconds after which an environment reads the brake of an application again (`application/brake.rs`), the policy of a consumer
/// (`consumer/store.rs`), and a client secret (`client_secret/credential_store.rs`). There is one application and one consumer.
pub(super) const BRAKE_LASTS: f64 = 5.0;
pub(super) const POLICY_LASTS: f64 = 60.0;
pub(super) const SECRET_LASTS: f64 = 300.0;

/// What X-Ray samples of each function with `TracingMode` `Active`: an invocation a second, and this share of the others.
pub(super) const TRACED: f64 = 0.05;

/// The polls per second: Lambda polls each of two queues with five receivers, and each waits 20 s.
pub(super) const POLLS_PER_SECOND: f64 = 2.0 * 5.0 / 20.0;

/// The time in seconds of the function that sends a record of the history to the bus, for each event. It has the least memory.
pub(super) const EVENT_TAKES: f64 = 0.050;

/// The events of a partner per year: the authorization and its reminders.
pub(super) const EVENTS_PER_YEAR: f64 = 6.0;

/// How long the archive keeps an event, in months: `EventArchiveDays` of the template.
pub(super) const EVENTS_KEPT: f64 = 35.0 * 12.0 / 365.0;

/// The browser requests of an authorization, which happens once a year.
pub(super) const BROWSER_REQUESTS: f64 = 6.0;

/// The size of a history record, and of its event, in bytes.
pub(super) const HISTORY_ROW: f64 = 1_000.0;

/// Returns how many environments a function needs for so many invocations a second of so many seconds each.
///
/// It is the smallest number with which, while three times as many requests arrive, fewer than one of them finds all environments busy
/// within the time that Lambda keeps an idle one (Erlang's formula B). An environment more would end before it is used again.
pub(super) fn environments(a_second: f64, takes: f64) -> f64 {
    if a_second <= 0.0 {
        return 0.0;
    }
    let arriving = UNEVEN * a_second;
    let offered = arriving * takes;
    let (mut environments, mut all_busy) = (0.0, 1.0);
    while environments < 1.0 || arriving * IDLE_LIFE * all_busy >= 1.0 {
        environments += 1.0;
        all_busy = offered * all_busy / (environments + offered * all_busy);
    }
    environments
}
