//! What 10,000 partners cost in a month: prices times what was counted, and what is assumed here.

use std::fmt::{self, Display, Formatter};

use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::schedule::{Due, KeepWarm, SHARDS, TICK},
    grant::GrantKey,
};

use crate::{
    crowd,
    prices::{self, Unit, cost},
};

/// What was counted of one refreshed token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// Requests to DynamoDB that write.
    pub(crate) writes: f64,
    /// Seconds of one environment, with 16 at Amazon at once.
    pub(crate) seconds: f64,
    /// Seconds of a processor.
    pub(crate) processor: f64,
    /// Calls to KMS that a new environment makes.
    pub(crate) kms_of_environment: f64,
    /// The bytes of a token's row.
    pub(crate) token_row: f64,
    /// The bytes of a grant's row.
    pub(crate) grant_row: f64,
}

/// What 10,000 partners cost in some ways of using them.
#[derive(Debug)]
pub(crate) struct CostModel(pub(crate) Counted);

const PARTNERS: f64 = 10_000.0;
const HOURS: f64 = 730.5;
const SECONDS: f64 = HOURS * 3600.0;

/// A partner that is asked for is asked for so often in an hour, each time by an environment that does not remember its token.
const ASKED_AN_HOUR: f64 = 12.0;

/// How many environments hand out tokens at any time, and how many of the refresher there are.
const ENVIRONMENTS: f64 = 10.0;
const REFRESHERS: f64 = 4.0;

/// A token is minted on demand when its hour has ended but for the minute that callers want.
const MINTED_AN_HOUR: f64 = 60.0 / 59.0;

/// How often a day a request for a token is noted.
const NOTED_A_DAY: f64 = 4.0;

/// The memory of each function, in GB, and the share of a processor that comes with it (1,769 MB have a whole one).
const MEMORY: f64 = 0.25;
const PROCESSOR: f64 = 256.0 / 1769.0;

/// How long an invocation takes that hands out a kept token, and one that goes to Amazon, in seconds.
const KEPT_TAKES: f64 = 0.010;
const MINTING_TAKES: f64 = 0.200;

/// An invocation of the refresher that finds nothing due, in seconds.
const LOOK_TAKES: f64 = 0.050;

/// The bytes that are logged of an invocation: Lambda's three lines and one or two of ours.
const LOGGED: f64 = 1_000.0;

/// Lambda polls a queue with so many receivers, each waiting 20 s; and there are two queues.
const POLLS_A_SECOND: f64 = 2.0 * 5.0 / 20.0;

/// A pipe polls each shard of a stream four times a second, and a new table on demand has four. AWS says that Lambda's own polling
/// of a stream is free and nothing about a pipe's, so it is counted in full.
const STREAM_REQUESTS_A_SECOND: f64 = 4.0 * 4.0;

/// How many events a partner makes in a year: the authorization, and its reminders.
const EVENTS_A_YEAR: f64 = 6.0;

/// How many requests of a browser an authorization takes, once a year.
const BROWSER_REQUESTS: f64 = 6.0;

/// How many custom metrics there are.
const METRICS: f64 = 12.0;

/// The bytes of a record of history.
const HISTORY_ROW: f64 = 1_000.0;

/// A way of using the partners.
struct Use {
    name: &'static str,
    partners: f64,
    keep_warm: KeepWarm,
    /// The share of partners whose tokens anybody asks for.
    asked_for: f64,
}

const USES: [Use; 5] = [
    Use { name: "no partners", partners: 0.0, keep_warm: KeepWarm::Demand, asked_for: 0.0 },
    Use { name: "never, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Never, asked_for: 0.2 },
    Use { name: "demand, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Demand, asked_for: 0.2 },
    Use { name: "demand, 100 %", partners: PARTNERS, keep_warm: KeepWarm::Demand, asked_for: 1.0 },
    Use { name: "always, 20 %", partners: PARTNERS, keep_warm: KeepWarm::Always, asked_for: 0.2 },
];

impl Use {
    fn asked(&self) -> f64 {
        self.partners * self.asked_for
    }

    fn handed_out(&self) -> f64 {
        self.asked() * ASKED_AN_HOUR * HOURS
    }

    /// Tokens that the refresher fetches in a month.
    fn refreshed(&self) -> f64 {
        let warm = refreshed_in_a_month(self.keep_warm, true);
        let proved = refreshed_in_a_month(self.keep_warm, false);
        // Without the refresher's doing, those who ask prove the grant.
        let asked = if self.keep_warm == KeepWarm::Never { 0.0 } else { warm };
        self.asked() * asked + (self.partners - self.asked()) * proved
    }

    /// Tokens that are fetched because somebody waits for them.
    fn minted_on_demand(&self) -> f64 {
        if self.keep_warm == KeepWarm::Never { self.asked() * MINTED_AN_HOUR * HOURS } else { 0.0 }
    }
}

impl CostModel {
    fn lines(&self, of: &Use) -> [(&'static str, f64); 12] {
        let counted = &self.0;
        let ticks = SECONDS / TICK.as_secs_f64();
        let looks = ticks * f64::from(SHARDS);
        let lambda = |invocations: f64, seconds: f64| {
            cost(Unit::Invocation, invocations) + cost(Unit::GigabyteSecond, seconds * MEMORY)
        };
        let row_units = (counted.token_row / 1024.0).ceil();
        // A new due time is a row less and a row more of the index.
        let kept = counted.writes * row_units + 2.0;
        let minted = of.refreshed() + of.minted_on_demand();
        let seconds = counted.seconds.max(counted.processor / PROCESSOR);
        let environments = ENVIRONMENTS + REFRESHERS;
        let noted =
            if of.keep_warm == KeepWarm::Never { 0.0 } else { of.asked() * NOTED_A_DAY * HOURS / 24.0 };
        // Two rows for each, and 20 or more of the index for each 4 KB, at half the price.
        let read = of.refreshed() * (2.0 + 0.5 / 20.0) + looks * 0.5;
        let events = of.partners * EVENTS_A_YEAR / 12.0;
        let stored =
            of.partners * (counted.grant_row + counted.token_row + EVENTS_A_YEAR * HISTORY_ROW) / 1e9;
        [
            ("fetching tokens: DynamoDB writes", cost(Unit::Write, minted * kept + noted * row_units)),
            ("fetching tokens: DynamoDB reads", cost(Unit::Read, read)),
            (
                "fetching tokens: Lambda",
                lambda(0.0, of.refreshed() * seconds + of.minted_on_demand() * MINTING_TAKES),
            ),
            ("handing out tokens: Lambda", lambda(of.handed_out(), of.handed_out() * KEPT_TAKES)),
            ("handing out tokens: DynamoDB reads", cost(Unit::Read, of.handed_out() * 2.0)),
            ("logs", cost(Unit::LogGigabyte, (of.handed_out() + looks + ticks) * LOGGED / 1e9)),
            (
                "schedule: Lambda, SQS",
                lambda(looks + ticks, (looks + ticks) * LOOK_TAKES)
                    + cost(Unit::QueueRequest, POLLS_A_SECOND * SECONDS + ticks + looks),
            ),
            (
                "KMS",
                cost(Unit::Key, 1.0)
                    + cost(Unit::DataKeyRequest, counted.kms_of_environment * environments * HOURS),
            ),
            ("Secrets Manager", cost(Unit::Secret, 1.0) + cost(Unit::SecretRequest, environments * HOURS)),
            (
                "events: bus, pipe, reading the stream",
                cost(Unit::BusEvent, events)
                    + cost(Unit::PipeRequest, events)
                    + cost(Unit::StreamRequest, STREAM_REQUESTS_A_SECOND * SECONDS),
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

impl Display for CostModel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let row = |f: &mut Formatter<'_>, name: &str, cells: [String; 5]| {
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        row(f, "US$ a month, 10,000 partners", USES.map(|of| of.name.to_owned()))?;
        row(f, "---", USES.map(|_| "--:".to_owned()))?;
        let count = |of: f64| format!("{:.2}", of / 1e6);
        row(f, "million tokens handed out", USES.map(|of| count(of.handed_out())))?;
        row(f, "million tokens fetched", USES.map(|of| count(of.refreshed() + of.minted_on_demand())))?;
        let columns = USES.map(|of| self.lines(&of));
        for (line, (name, _)) in columns[0].iter().enumerate() {
            row(f, name, columns.map(|column| format!("{:.2}", column[line].1)))?;
        }
        let total = |column: [(&str, f64); 12]| column.iter().map(|(_, dollars)| dollars).sum::<f64>();
        row(f, "**in all**", columns.map(|column| format!("**{:.2}**", total(column))))?;
        writeln!(f, "\n| Price | US$ | for | aws.amazon.com/ |\n| --- | --: | --: | --- |")?;
        prices::rows().try_for_each(|row| writeln!(f, "{row}"))
    }
}

/// How often the refresher fetches a partner's token in a month, by its own rule, on average.
fn refreshed_in_a_month(keep_warm: KeepWarm, asked_for: bool) -> f64 {
    const SAMPLE: u16 = 500;
    const SPAN: SignedDuration = SignedDuration::from_hours(24 * 28);
    let end = Timestamp::UNIX_EPOCH + SPAN;
    let refreshed = |key: &GrantKey| {
        let (mut now, mut count) = (Timestamp::UNIX_EPOCH, 0_u32);
        loop {
            let asked_at = asked_for.then_some(now);
            let due = Due::after_mint(key, keep_warm, now, now + SignedDuration::from_hours(1), asked_at);
            // A run takes what falls due before the next.
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

/// How many alarms the template has.
fn alarms() -> f64 {
    let template = include_str!("../../template.yaml");
    template.matches("Type: AWS::CloudWatch::Alarm").map(|_| 1.0).sum()
}
