//! The monthly cost of partners, from the prices, the measured counts and the assumptions.

mod assumptions;
mod growth;
mod logged;
mod measured;
mod refreshes;
#[cfg(test)]
mod tests;

use std::fmt::{self, Display, Formatter};

use shared::{
    access_token::schedule::{KeepWarm, SHARDS, TICK},
    aws::sealing::OPENED_KEYS_LIVE,
};

use self::{
    assumptions::{
        AGENT_CONFIRMS, BRAKE_LASTS, BROWSER_REQUESTS, CALLERS_ASK, EMPTY_RUN_TAKES, EVENT_TAKES,
        EVENTS_KEPT, EVENTS_PER_YEAR, FETCH_TAKES, FETCHES_PER_HOUR, HISTORY_ROW, HOURS, KEPT_55_MINUTES,
        LEAST_MEMORY, MEMORY, PARTNERS, POLICY_LASTS, POLLS_PER_SECOND, PROCESSOR, RECORDS_PER_DAY,
        REFRESHERS, SECONDS, SECRET_LASTS, STORED_TAKES, TRACED, environments,
    },
    refreshes::refreshed_in_a_month,
};
use crate::prices::{self, Unit, cost};

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

/// The monthly cost of 10,000 partners for each of [`USES`], and of more and fewer of them.
#[derive(Debug)]
pub(crate) struct CostModel(pub(crate) Counted);

/// A way in which the partners are used.
#[derive(Clone, Copy)]
struct Use {
    name: &'static str,
    partners: f64,
    keep_warm: KeepWarm,
    /// The share of partners whose tokens are requested.
    requested: f64,
    /// The requests an hour for each of these.
    an_hour: f64,
}

const fn used(name: &'static str, requested: f64, an_hour: f64) -> Use {
    Use { name, partners: PARTNERS, keep_warm: KeepWarm::Demand, requested, an_hour }
}

const USES: [Use; 5] = [
    Use { partners: 0.0, ..used("no partners", 0.0, 0.0) },
    used("12 an hour, 20 %", 0.2, CALLERS_ASK),
    used("agent, 20 %", 0.2, AGENT_CONFIRMS),
    used("kept 55 minutes, 20 %", 0.2, KEPT_55_MINUTES),
    used("12 an hour, 100 %", 1.0, CALLERS_ASK),
];

/// What each of [`USES`] should cost at most, where there is a goal.
const GOALS: [Option<f64>; USES.len()] = [Some(8.0), Some(21.0), Some(15.0), Some(13.0), None];

/// The first of [`USES`] with requests, with each `KEEP_WARM`.
const KEPT_WARM: [(&str, KeepWarm); 3] =
    [("never", KeepWarm::Never), ("demand", KeepWarm::Demand), ("always", KeepWarm::Always)];

impl Use {
    fn in_use(&self) -> f64 {
        self.partners * self.requested
    }

    fn vended(&self) -> f64 {
        self.in_use() * self.an_hour * HOURS
    }

    fn vended_a_second(&self) -> f64 {
        self.vended() / SECONDS
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

    /// The tokens that are fetched while a caller waits.
    fn fetched_on_demand(&self) -> f64 {
        let fetched = self.in_use() * FETCHES_PER_HOUR.min(self.an_hour) * HOURS;
        if self.keep_warm == KeepWarm::Never { fetched } else { 0.0 }
    }

    /// The tokens fetched in a month that are due at a time of their own afterwards.
    fn given_times(&self) -> f64 {
        let a_partner = match self.keep_warm {
            KeepWarm::Always => 0.0,
            keep_warm => refreshed_in_a_month(keep_warm, false),
        };
        (self.partners - self.in_use()) * a_partner + self.fetched_on_demand()
    }

    /// The writes of a month that store until when a shard has no token left due in a slot.
    fn shards_stored(&self) -> f64 {
        if self.refreshed() > self.given_times() { shard_runs() } else { 0.0 }
    }

    /// The environments of `get-access-token`.
    fn environments(&self) -> f64 {
        environments(self.vended_a_second(), STORED_TAKES)
    }

    fn events(&self) -> f64 {
        self.partners * EVENTS_PER_YEAR / 12.0
    }

    /// The authorizations of a month: one of each partner a year.
    fn authorized(&self) -> f64 {
        self.partners / 12.0
    }
}

impl CostModel {
    fn lines(&self, of: &Use) -> [(&'static str, f64); 13] {
        let counted = &self.0;
        let row_units = (counted.token_row / 1024.0).ceil();
        let fetched = of.refreshed() + of.fetched_on_demand();
        // A new time deletes one row of the index and adds another. A token that is kept warm keeps its slot.
        let written = fetched * counted.writes * row_units + of.given_times() * 2.0 + of.shards_stored();
        let recorded =
            if of.keep_warm == KeepWarm::Never { 0.0 } else { of.in_use() * RECORDS_PER_DAY * HOURS / 24.0 };
        // Two rows per token, the token's own as it was lately, at half the price, as 4 KB of the index for 20 tokens or more are; the daily
        // sweep reads the same of each.
        // Each run of a shard reads the shard's own row, and asks the index for slots and for times.
        let swept = of.partners * HOURS / 24.0;
        let read = (of.refreshed() + swept) * (1.5 + 0.5 / 20.0) + shard_runs() * 2.0;
        let stored =
            of.partners * (counted.grant_row + counted.token_row + EVENTS_PER_YEAR * HISTORY_ROW) / 1e9;
        let (environments, refreshers) = (of.environments(), self.refreshers(of));
        // The brake and the policy are read again and again, at most once for each request.
        let confirmed = environments * SECONDS * (1.0 / BRAKE_LASTS + 1.0 / POLICY_LASTS);
        let secret_reads = self.secret_reads(of);
        let archived = of.events() * HISTORY_ROW / 1e9;
        [
            ("fetching tokens: DynamoDB writes", cost(Unit::Write, written + recorded * row_units)),
            ("fetching tokens: DynamoDB reads", cost(Unit::Read, read)),
            (
                "fetching tokens: Lambda",
                lambda(0.0, of.refreshed() * self.seconds() + of.fetched_on_demand() * FETCH_TAKES),
            ),
            ("vending tokens: Lambda", lambda(of.vended(), of.vended() * STORED_TAKES)),
            // The grant of each, and the token as it was lately, at half the price.
            (
                "vending tokens: DynamoDB reads",
                cost(Unit::Read, of.vended() * 1.5 + confirmed.min(of.vended() * 2.0)),
            ),
            ("logs: who took which token", logged::audit(of)),
            ("logs: the rest", logged::others(of)),
            (
                "schedule: Scheduler, Lambda, SQS",
                lambda(runs(), runs() * EMPTY_RUN_TAKES)
                    + cost(Unit::ScheduledRun, ticks() + HOURS)
                    + cost(Unit::QueueRequest, POLLS_PER_SECOND * SECONDS + runs()),
            ),
            (
                "KMS",
                // One key seals tokens, and a refresher makes a data key every hour; the other encrypts client secrets.
                cost(Unit::Key, 2.0)
                    + cost(Unit::DataKeyRequest, refreshers * HOURS + secret_reads)
                    + cost(Unit::DataKeyRequest, self.opened(environments + refreshers)),
            ),
            ("Secrets Manager", cost(Unit::Secret, 1.0) + cost(Unit::SecretRequest, secret_reads)),
            (
                "events: bus, function at the stream",
                // Lambda reads a stream for its functions without a charge.
                cost(Unit::BusEvent, of.events())
                    + cost(Unit::Invocation, of.events())
                    + cost(Unit::GigabyteSecond, of.events() * EVENT_TAKES * LEAST_MEMORY),
            ),
            ("metrics, alarms", measured::metrics(of) + measured::alarms(of)),
            (
                "storage, archive, browsers",
                cost(Unit::StorageGigabyte, stored)
                    + cost(Unit::BackupGigabyte, stored)
                    + cost(Unit::ArchivedGigabyte, archived)
                    + cost(Unit::ArchiveGigabyteMonth, archived * EVENTS_KEPT)
                    + cost(Unit::ApiRequest, of.authorized() * BROWSER_REQUESTS),
            ),
        ]
    }

    /// The environments of the refresher that fetch tokens.
    fn refreshers(&self, of: &Use) -> f64 {
        if of.refreshed() <= 0.0 {
            return 0.0;
        }
        let takes = EMPTY_RUN_TAKES + of.refreshed() * self.seconds() / shard_runs();
        environments(shard_runs() / SECONDS, takes).min(REFRESHERS)
    }

    /// The seconds of a refresher's environment for one token.
    fn seconds(&self) -> f64 {
        self.0.seconds.max(self.0.processor / PROCESSOR)
    }

    /// How often client secrets are read: by environments that fetch tokens, and by the hourly run of the rotation.
    fn secret_reads(&self, of: &Use) -> f64 {
        let waiting = if of.fetched_on_demand() > 0.0 { of.environments() } else { 0.0 };
        (self.refreshers(of) + waiting) * SECONDS / SECRET_LASTS + HOURS
    }

    /// The calls to KMS of a month, in which each environment opens its data keys again whenever their life in memory ends.
    fn opened(&self, environments: f64) -> f64 {
        self.0.kms_of_environment * environments * SECONDS / OPENED_KEYS_LIVE.as_secs_f64()
    }
}

/// What a parameter, or an account of another kind, adds to the total.
fn otherwise(of: &Use) -> [(&'static str, f64); 5] {
    let rates = [of.vended_a_second(), runs() / SECONDS];
    let traced: f64 = rates.map(|rate| rate.min(1.0) + (rate - 1.0).max(0.0) * TRACED).iter().sum();
    let with_memory = |memory| cost(Unit::GigabyteSecond, of.vended() * STORED_TAKES * memory);
    [
        ("`TokenMemory` 128", with_memory(LEAST_MEMORY) - with_memory(MEMORY)),
        ("`TracingMode` `Active`: X-Ray", cost(Unit::Trace, traced * SECONDS)),
        ("`PlatformLogLevel` `INFO`: logs", logged::by_lambda(of.vended() + runs())),
        ("the account has three other dashboards", cost(Unit::Dashboard, 1.0)),
        ("a query of an alarm that finds no metric costs as one that finds one", measured::empty_queries(of)),
    ]
}

fn lambda(invocations: f64, seconds: f64) -> f64 {
    cost(Unit::Invocation, invocations) + cost(Unit::GigabyteSecond, seconds * MEMORY)
}

/// The runs of the schedule in a month.
fn ticks() -> f64 {
    SECONDS / TICK.as_secs_f64()
}

/// The runs of the refresher over a shard.
fn shard_runs() -> f64 {
    ticks() * f64::from(SHARDS)
}

/// The invocations of the refresher in a month: of the schedule, and one for each shard.
fn runs() -> f64 {
    ticks() + shard_runs()
}

fn total(lines: &[(&str, f64)]) -> f64 {
    lines.iter().map(|(_, dollars)| dollars).sum()
}

impl Display for CostModel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let row = |f: &mut Formatter<'_>, name: &str, cells: &[String]| {
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        row(f, "US$ per month, 10,000 partners", &USES.map(|of| of.name.to_owned()))?;
        row(f, "---", &USES.map(|_| "--:".to_owned()))?;
        let count = |of: f64| format!("{:.2}", of / 1e6);
        row(f, "million tokens vended", &USES.map(|of| count(of.vended())))?;
        row(f, "million tokens fetched", &USES.map(|of| count(of.refreshed() + of.fetched_on_demand())))?;
        row(
            f,
            "environments: vending + fetching",
            &USES.map(|of| format!("{:.0} + {:.0}", of.environments(), self.refreshers(&of))),
        )?;
        let columns = USES.map(|of| self.lines(&of));
        for (line, (name, _)) in columns[0].iter().enumerate() {
            row(f, name, &columns.map(|column| format!("{:.2}", column[line].1)))?;
        }
        row(f, "**total**", &columns.map(|column| format!("**{:.2}**", total(&column))))?;
        row(f, "goal, at most", &GOALS.map(|goal| goal.map_or("-".to_owned(), |goal| format!("{goal}"))))?;
        let above = |at: usize| GOALS[at].map(|goal| total(&columns[at]) - goal);
        let above = [0, 1, 2, 3, 4].map(|at| above(at).map_or("-".to_owned(), |by| format!("{by:+.2}")));
        row(f, "above the goal", &above)?;
        let others = USES.map(|of| otherwise(&of));
        for (line, (name, _)) in others[0].iter().enumerate() {
            row(f, name, &others.map(|column| format!("{:+.2}", column[line].1)))?;
        }
        writeln!(f)?;
        row(f, "`KEEP_WARM`, 12 an hour, 20 %", &KEPT_WARM.map(|(name, _)| format!("`{name}`")))?;
        row(f, "---", &KEPT_WARM.map(|_| "--:".to_owned()))?;
        let kept = KEPT_WARM.map(|(_, keep_warm)| Use { keep_warm, ..USES[1] });
        row(f, "million tokens fetched", &kept.map(|of| count(of.refreshed() + of.fetched_on_demand())))?;
        row(f, "**total**", &kept.map(|of| format!("**{:.2}**", total(&self.lines(&of)))))?;
        self.growth(f)?;
        writeln!(f, "\n| Price | US$ | for | aws.amazon.com/ |\n| --- | --: | --: | --- |")?;
        prices::rows().try_for_each(|row| writeln!(f, "{row}"))
    }
}
