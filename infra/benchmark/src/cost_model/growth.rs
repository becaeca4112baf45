//! How the cost grows with the number of partners, and which limit is met first.

use std::fmt::{self, Formatter};

use shared::access_token::schedule::{SHARDS, TIMES_WHEN_BEHIND};

use super::{CALLERS_ASK, CostModel, PARTNERS, REFRESHERS, SECONDS, STORED_TAKES, Use, total, used};

const SIZES: [(&str, f64); 5] =
    [("1,000", 1e3), ("10,000", 1e4), ("100,000", 1e5), ("1 million", 1e6), ("10 million", 1e7)];

/// The shares of partners whose tokens are requested.
const SHARES: [f64; 2] = [0.2, 1.0];

/// The write units that DynamoDB takes for one partition a second.
const PARTITION_WRITES: f64 = 1_000.0;

/// The quotas of an account by default: write units a second of a table on demand, and concurrent invocations, each of which Lambda
/// lets answer ten requests a second.
const TABLE_WRITES: f64 = 40_000.0;
const CONCURRENT: f64 = 1_000.0;
const REQUESTS_OF_ONE: f64 = 10.0;

/// The lowest quota of KMS for symmetric requests a second, of all regions: from memory.
const KMS_REQUESTS: f64 = 5_500.0;

/// The grants of a page of the daily sweep, and the time in seconds of one, which follows another: assumed.
const SWEPT_AT_ONCE: f64 = 50.0;
const PAGE_TAKES: f64 = 0.025;

/// The seconds of a day, in which all partners of an application may have to authorize, and which the sweep has for them.
const DAY: f64 = 24.0 * 3600.0;

/// A limit, and what of it 10,000 partners take up for each of [`SHARES`].
struct Limit {
    of: &'static str,
    a_second: f64,
    taken: [f64; 2],
    lifted_by: &'static str,
}

fn of(partners: f64, requested: f64) -> Use {
    Use { partners, ..used("", requested, CALLERS_ASK) }
}

impl CostModel {
    pub(super) fn growth(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let row = |f: &mut Formatter<'_>, name: String, cells: [String; 5]| {
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        writeln!(f)?;
        row(f, "`KEEP_WARM` `demand`, partners".to_owned(), SIZES.map(|(name, _)| name.to_owned()))?;
        row(f, "---".to_owned(), SIZES.map(|_| "--:".to_owned()))?;
        for share in SHARES {
            let uses = SIZES.map(|(_, partners)| of(partners, share));
            let percent = share * 100.0;
            let totals = uses.map(|of| total(&self.lines(&of)));
            row(f, format!("US$ a month, {percent} %"), totals.map(|dollars| format!("{dollars:.2}")))?;
            let each = |at: usize| totals[at] / SIZES[at].1 * 1000.0;
            let each = [0, 1, 2, 3, 4].map(|at| format!("{:.2}", each(at)));
            row(f, format!("US$ for 1,000 partners, {percent} %"), each)?;
            let rate = |a_second: f64| format!("{a_second:.1}");
            row(
                f,
                format!("tokens vended a second, {percent} %"),
                uses.map(|of| rate(of.vended_a_second())),
            )?;
            row(
                f,
                format!("tokens fetched a second, {percent} %"),
                uses.map(|of| rate(of.refreshed() / SECONDS)),
            )?;
        }
        writeln!(f, "\n| Limit | a second | reached at partners, 20 % | 100 % | lifted by |")?;
        writeln!(f, "| --- | --: | --: | --: | --- |")?;
        let mut limits = self.limits();
        limits.sort_by(|one, other| one.partners(1).total_cmp(&other.partners(1)));
        for limit in limits {
            let (twenty, all) = (millions(limit.partners(0)), millions(limit.partners(1)));
            writeln!(f, "| {} | {:.0} | {twenty} | {all} | {} |", limit.of, limit.a_second, limit.lifted_by)?;
        }
        Ok(())
    }

    fn limits(&self) -> [Limit; 9] {
        let uses = SHARES.map(|share| of(PARTNERS, share));
        let fetched = uses.map(|of| of.refreshed() / SECONDS);
        let vended = uses.map(|of| of.vended_a_second());
        let pace = 1.0 / self.0.seconds;
        // Each environment opens its data keys again and again; the environments grow with the requests.
        let opened = uses.map(|of| self.opened(of.environments() + self.refreshers(&of)) / SECONDS);
        let in_a_day = [PARTNERS / DAY; 2];
        [
            Limit {
                of: "tokens of the refresher, as deployed",
                a_second: REFRESHERS * pace,
                taken: fetched,
                lifted_by: "itself: behind, it has four times as many calls in flight",
            },
            Limit {
                of: "tokens of the refresher, while it is behind",
                a_second: REFRESHERS * pace * TIMES_WHEN_BEHIND,
                taken: fetched,
                lifted_by: "`RefreshConcurrency`, as far as Amazon allows it",
            },
            Limit {
                of: "write units of the due index, 8 partitions",
                a_second: f64::from(SHARDS) * PARTITION_WRITES,
                taken: uses.map(|of| of.given_times() * 2.0 / SECONDS),
                lifted_by: "more shards: `SHARDS` in the code, with a change of all rows",
            },
            Limit {
                of: "write units of the table of access tokens",
                a_second: TABLE_WRITES,
                taken: fetched.map(|fetched| fetched * self.0.writes),
                lifted_by: "DynamoDB's quota for a table",
            },
            Limit {
                of: "requests of `get-access-token`, by Lambda's 1,000 at once",
                a_second: CONCURRENT * REQUESTS_OF_ONE,
                taken: vended,
                lifted_by: "Lambda's quota of concurrency, and callers that keep the token",
            },
            Limit {
                of: "requests of `get-access-token`, 7 ms each",
                a_second: CONCURRENT / STORED_TAKES,
                taken: vended,
                lifted_by: "Lambda's quota of concurrency",
            },
            Limit {
                of: "requests to KMS",
                a_second: KMS_REQUESTS,
                taken: opened,
                lifted_by: "KMS's quota, 100,000 in some regions",
            },
            Limit {
                of: "write units of one application's index, all partners within a day",
                a_second: PARTITION_WRITES,
                taken: in_a_day,
                lifted_by: "a slower import; a second application",
            },
            Limit {
                of: "grants of one application that the daily sweep walks through",
                a_second: SWEPT_AT_ONCE / PAGE_TAKES,
                taken: in_a_day,
                lifted_by: "larger pages; a second application",
            },
        ]
    }
}

impl Limit {
    fn partners(&self, share: usize) -> f64 {
        self.a_second / self.taken[share] * PARTNERS
    }
}

/// Two digits of a number of partners.
fn millions(partners: f64) -> String {
    match partners / 1e6 {
        over if over >= 1_000.0 => "over 1,000 million".to_owned(),
        many if many >= 10.0 => format!("{many:.0} million"),
        few => format!("{few:.1} million"),
    }
}
