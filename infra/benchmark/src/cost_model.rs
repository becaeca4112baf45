//! The monthly cost of partners, from the prices, the measured counts and the assumptions below.

mod growth;
#[cfg(test)]
mod tests;

use std::{
    fmt::{self, Display, Formatter},
    sync::OnceLock,
};

use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::schedule::{Due, KeepWarm, SHARDS, TICK},
    aws::sealing::OPENED_KEYS_LIVE,
    grant::GrantKey,
};

use crate::{
    crowd,
    prices::{self, Unit, cost},
};

/// The measurements of one refreshed token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// Write requests to DynamoDB.
    pub(crate) writes: f64,
    /// The time of one environment with 16 LWA calls in flight, in seconds.
    pub(crate) seconds: f64,
    /// The processor time in seconds.
    pub(crate) processor: f64,
    /// The calls to KMS of a new environment.
    pub(crate) kms_of_environment: f64,
    /// The size of a token's row in bytes.
    pub(crate) token_row: f64,
    /// The size of a grant's row in bytes.
    pub(crate) grant_row: f64,
}

impl Counted {
    /// The calls to KMS of a month, in which each environment opens its data keys again whenever their life in memory ends.
    fn opened(&self, environments: f64) -> f64 {
        self.kms_of_environment * environments * SECONDS / OPENED_KEYS_LIVE.as_secs_f64()
    }
}

/// The monthly cost of 10,000 partners for each of [`USES`], and of more and fewer of them.
#[derive(Debug)]
pub(crate) struct CostModel(pub(crate) Counted);

const PARTNERS: f64 = 10_000.0;
const HOURS: f64 = 730.5;
const SECONDS: f64 = HOURS * 3600.0;

/// The requests per hour for a partner in use, each in an environment without a cached token.
const REQUESTS_PER_HOUR: f64 = 12.0;

/// The numbers of environments of `get-access-token` that few requests need, and of `token-refresher`, at any time.
const ENVIRONMENTS: f64 = 10.0;
const REFRESHERS: f64 = 4.0;

/// How many times the mean number of concurrent requests has environments, because requests do not come evenly.
const UNEVEN: f64 = 3.0;

/// The LWA calls per hour for a partner in use without the refresher. A token lives an hour, and callers need one more minute of it.
const FETCHES_PER_HOUR: f64 = 60.0 / 59.0;

/// The writes per day that record that a token was requested.
const RECORDS_PER_DAY: f64 = 4.0;

/// The memory of each function in GB, and its share of a processor (1,769 MB have a whole one).
const MEMORY: f64 = 0.25;
const PROCESSOR: f64 = 256.0 / 1769.0;

/// The time in seconds of an invocation that vends a stored token, and of one that calls Amazon.
const STORED_TAKES: f64 = 0.010;
const FETCH_TAKES: f64 = 0.200;

/// The time in seconds of an invocation of the refresher without a due token.
const EMPTY_RUN_TAKES: f64 = 0.050;

/// The log bytes of a vended token: the line of who took it, and a share of the metrics that an environment writes once a minute.
const LOGGED_OF_TOKEN: f64 = 500.0;

/// The log bytes of a run of the refresher: its metrics, and a message or two.
const LOGGED_OF_RUN: f64 = 1_000.0;

/// The bytes of Lambda's own lines about an invocation, which it writes with `PlatformLogLevel` `INFO`: estimated.
const LOGGED_BY_LAMBDA: f64 = 500.0;

/// What X-Ray samples of each function with `TracingMode` `Active`: an invocation a second, and this share of the others.
const TRACED: f64 = 0.05;

/// How long logs are stored, in months: `LogRetentionDays` of the template.
const LOGS_KEPT: f64 = 400.0 * 12.0 / 365.0;

/// The polls per second: Lambda polls each of two queues with five receivers, and each waits 20 s.
const POLLS_PER_SECOND: f64 = 2.0 * 5.0 / 20.0;

/// A pipe polls each shard of a stream four times a second, and a new table on demand has four. AWS says that Lambda's own polling
/// of a stream is free and nothing about a pipe's, so it is counted in full.
const STREAM_REQUESTS_A_SECOND: f64 = 4.0 * 4.0;

/// The time in seconds and the memory in GB of a function that would read the stream instead of the pipe, for each event.
const EVENT_TAKES: f64 = 0.050;
const EVENT_MEMORY: f64 = 0.125;

/// The events of a partner per year: the authorization and its reminders.
const EVENTS_PER_YEAR: f64 = 6.0;

/// The browser requests of an authorization, which happens once a year.
const BROWSER_REQUESTS: f64 = 6.0;

/// The number of custom metrics.
const METRICS: f64 = 12.0;

/// The size of a history record in bytes.
const HISTORY_ROW: f64 = 1_000.0;

/// A way in which the partners are used.
#[derive(Clone, Copy)]
struct Use {
    name: &'static str,
    partners: f64,
    keep_warm: KeepWarm,
    /// The share of partners whose tokens are requested.
    requested: f64,
}

const USES: [Use; 5] = [
    Use { name: "no partners", partners: 0.0, keep_warm: KeepWarm::Demand, requested: 0.0 },
    Use { name: "never, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Never, requested: 0.2 },
    Use { name: "demand, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Demand, requested: 0.2 },
    Use { name: "demand, 100 %", partners: PARTNERS, keep_warm: KeepWarm::Demand, requested: 1.0 },
    Use { name: "always, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Always, requested: 0.2 },
];

impl Use {
    fn in_use(&self) -> f64 {
        self.partners * self.requested
    }

    fn vended(&self) -> f64 {
        self.in_use() * REQUESTS_PER_HOUR * HOURS
    }

    /// The tokens that the refresher fetches in a month.
    fn refreshed(&self) -> f64 {
        let validated = refreshed_in_a_month(self.keep_warm, false);
        // With `never`, the requests themselves validate the grants of partners in use.
        let in_use = match self.keep_warm {
            KeepWarm::Never => 0.0,
            keep_warm => refreshed_in_a_month(keep_warm, true),
        };
        self.in_use() * in_use + (self.partners - self.in_use()) * validated
    }

    fn vended_a_second(&self) -> f64 {
        self.vended() / SECONDS
    }

    /// The environments that seal and open tokens.
    fn environments(&self) -> f64 {
        ENVIRONMENTS + REFRESHERS + self.vended_a_second() * STORED_TAKES * UNEVEN
    }

    fn events(&self) -> f64 {
        self.partners * EVENTS_PER_YEAR / 12.0
    }

    /// The tokens that are fetched while a caller waits.
    fn fetched_on_demand(&self) -> f64 {
        if self.keep_warm == KeepWarm::Never { self.in_use() * FETCHES_PER_HOUR * HOURS } else { 0.0 }
    }
}

impl CostModel {
    fn lines(&self, of: &Use) -> [(&'static str, f64); 12] {
        let counted = &self.0;
        let empty_runs = ticks() * f64::from(SHARDS);
        let lambda = |invocations: f64, seconds: f64| {
            cost(Unit::Invocation, invocations) + cost(Unit::GigabyteSecond, seconds * MEMORY)
        };
        let row_units = (counted.token_row / 1024.0).ceil();
        // A new due time deletes one row of the index and adds another.
        let writes = counted.writes * row_units + 2.0;
        let fetched = of.refreshed() + of.fetched_on_demand();
        let seconds = counted.seconds.max(counted.processor / PROCESSOR);
        let environments = of.environments();
        let recorded =
            if of.keep_warm == KeepWarm::Never { 0.0 } else { of.in_use() * RECORDS_PER_DAY * HOURS / 24.0 };
        // Two rows per token, and 4 KB of the index per 20 tokens or more, at half the price; the daily sweep reads the same of each.
        let swept = of.partners * HOURS / 24.0;
        let read = (of.refreshed() + swept) * (2.0 + 0.5 / 20.0) + empty_runs * 0.5;
        let events = of.events();
        let stored =
            of.partners * (counted.grant_row + counted.token_row + EVENTS_PER_YEAR * HISTORY_ROW) / 1e9;
        [
            ("fetching tokens: DynamoDB writes", cost(Unit::Write, fetched * writes + recorded * row_units)),
            ("fetching tokens: DynamoDB reads", cost(Unit::Read, read)),
            (
                "fetching tokens: Lambda",
                lambda(0.0, of.refreshed() * seconds + of.fetched_on_demand() * FETCH_TAKES),
            ),
            ("vending tokens: Lambda", lambda(of.vended(), of.vended() * STORED_TAKES)),
            // The grant, the token, and the application, which an environment with many callers reads less often.
            ("vending tokens: DynamoDB reads", cost(Unit::Read, of.vended() * 3.0)),
            ("logs", logs(of.vended() * LOGGED_OF_TOKEN + runs() * LOGGED_OF_RUN)),
            (
                "schedule: Lambda, SQS",
                lambda(runs(), runs() * EMPTY_RUN_TAKES)
                    + cost(Unit::QueueRequest, POLLS_PER_SECOND * SECONDS + runs()),
            ),
            (
                "KMS",
                // One seals tokens, one encrypts client secrets, which an environment reads once an hour.
                cost(Unit::Key, 2.0)
                    + cost(Unit::DataKeyRequest, environments * HOURS)
                    + cost(Unit::DataKeyRequest, counted.opened(environments)),
            ),
            ("Secrets Manager", cost(Unit::Secret, 1.0) + cost(Unit::SecretRequest, environments * HOURS)),
            (
                "events: bus, pipe, reading the stream",
                cost(Unit::BusEvent, events) + cost(Unit::PipeRequest, events) + polling(),
            ),
            ("metrics, alarms", cost(Unit::Metric, METRICS) + cost(Unit::Alarm, alarms())),
            (
                "storage, browsers",
                cost(Unit::StorageGigabyte, stored)
                    + cost(Unit::BackupGigabyte, stored)
                    + cost(Unit::ApiRequest, of.partners * BROWSER_REQUESTS / 12.0),
            ),
        ]
    }
}

/// What a parameter or another design adds to the total, or takes away from it.
fn otherwise(of: &Use) -> [(&'static str, f64); 3] {
    let rates = [of.vended_a_second(), runs() / SECONDS];
    let traced: f64 = rates.map(|rate| rate.min(1.0) + (rate - 1.0).max(0.0) * TRACED).iter().sum();
    let seconds = of.events() * EVENT_TAKES;
    // Lambda reads a stream for its functions without a charge.
    let function = cost(Unit::Invocation, of.events()) + cost(Unit::GigabyteSecond, seconds * EVENT_MEMORY);
    [
        ("`TracingMode` `Active`: X-Ray", cost(Unit::Trace, traced * SECONDS)),
        ("`PlatformLogLevel` `INFO`: logs", logs((of.vended() + runs()) * LOGGED_BY_LAMBDA)),
        (
            "a function at the stream, not the pipe",
            function - cost(Unit::PipeRequest, of.events()) - polling(),
        ),
    ]
}

/// The runs of the schedule in a month.
fn ticks() -> f64 {
    SECONDS / TICK.as_secs_f64()
}

/// The invocations of the refresher in a month: of the schedule, and one for each shard.
fn runs() -> f64 {
    ticks() * (1.0 + f64::from(SHARDS))
}

/// The cost of the pipe's polling of the stream.
fn polling() -> f64 {
    cost(Unit::StreamRequest, STREAM_REQUESTS_A_SECOND * SECONDS)
}

fn total(lines: &[(&str, f64)]) -> f64 {
    lines.iter().map(|(_, dollars)| dollars).sum()
}

/// Returns the cost of so many bytes of logs a month: taken in, and stored. CloudWatch counts what is stored compressed; this counts
/// it in full.
fn logs(bytes: f64) -> f64 {
    let gigabytes = bytes / 1e9;
    cost(Unit::LogGigabyte, gigabytes) + cost(Unit::LogGigabyteMonth, gigabytes * LOGS_KEPT)
}

impl Display for CostModel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let row = |f: &mut Formatter<'_>, name: &str, cells: [String; 5]| {
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        row(f, "US$ per month, 10,000 partners", USES.map(|of| of.name.to_owned()))?;
        row(f, "---", USES.map(|_| "--:".to_owned()))?;
        let count = |of: f64| format!("{:.2}", of / 1e6);
        row(f, "million tokens vended", USES.map(|of| count(of.vended())))?;
        row(f, "million tokens fetched", USES.map(|of| count(of.refreshed() + of.fetched_on_demand())))?;
        let columns = USES.map(|of| self.lines(&of));
        for (line, (name, _)) in columns[0].iter().enumerate() {
            row(f, name, columns.map(|column| format!("{:.2}", column[line].1)))?;
        }
        row(f, "**total**", columns.map(|column| format!("**{:.2}**", total(&column))))?;
        let others = USES.map(|of| otherwise(&of));
        for (line, (name, _)) in others[0].iter().enumerate() {
            row(f, name, others.map(|column| format!("{:+.2}", column[line].1)))?;
        }
        self.growth(f)?;
        writeln!(f, "\n| Price | US$ | for | aws.amazon.com/ |\n| --- | --: | --: | --- |")?;
        prices::rows().try_for_each(|row| writeln!(f, "{row}"))
    }
}

/// Returns how often the refresher fetches a partner's token in a month on average. It is simulated once for each case.
fn refreshed_in_a_month(keep_warm: KeepWarm, in_use: bool) -> f64 {
    static KNOWN: [OnceLock<f64>; 6] = [const { OnceLock::new() }; 6];
    let mode = match keep_warm {
        KeepWarm::Demand => 0,
        KeepWarm::Always => 1,
        KeepWarm::Never => 2,
    };
    *KNOWN[mode * 2 + usize::from(in_use)].get_or_init(|| simulated(keep_warm, in_use))
}

/// Simulates a month of some partners by the refresher's own rule.
fn simulated(keep_warm: KeepWarm, in_use: bool) -> f64 {
    const SAMPLE: u16 = 500;
    const SPAN: SignedDuration = SignedDuration::from_hours(24 * 28);
    let end = Timestamp::UNIX_EPOCH + SPAN;
    let refreshed = |key: &GrantKey| {
        let (mut now, mut count) = (Timestamp::UNIX_EPOCH, 0_u32);
        loop {
            let requested_at = in_use.then_some(now);
            let due =
                Due::after_fetch(key, keep_warm, now, now + SignedDuration::from_hours(1), requested_at);
            // A run takes what becomes due before the next run.
            let ticks = (due.at.as_second() - 1) / TICK.as_secs();
            now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(ticks * TICK.as_secs());
            if now >= end {
                return f64::from(count);
            }
            count += 1;
        }
    };
    let keys = (0..SAMPLE).map(|number| crowd::key(number.into()).expect("a number makes a well-formed id"));
    let month = HOURS * 3600.0 / SPAN.as_secs_f64();
    keys.map(|key| refreshed(&key)).sum::<f64>() / f64::from(SAMPLE) * month
}

/// The number of alarms in the template.
fn alarms() -> f64 {
    let template = include_str!("../../template.yaml");
    template.matches("Type: AWS::CloudWatch::Alarm").map(|_| 1.0).sum()
}
