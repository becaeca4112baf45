//! The tables of tokens, in Markdown.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::{
    binaries::{Binary, Subject},
    counts::Count,
    mix::Cost,
    sample::Sample,
    timings::Timings,
};

/// All measurements of tokens.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) binaries: [Binary; 4],
    pub(crate) timings: [Timings; 4],
    pub(crate) counts: Vec<Count>,
    pub(crate) costs: Vec<Cost>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.measured(f)?;
        self.ratios(f)?;
        self.counted(f)?;
        self.costs(f)
    }
}

impl Report {
    fn measured(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [function, empty, get_item, same_calls] = &self.timings;
        writeln!(f, "| p50 / p99 in ms | get-access-token | same calls | one GetItem | empty |")?;
        writeln!(f, "| --- | --: | --: | --: | --: |")?;
        let mut row = |name: &str, cells: [Option<&Sample>; 4]| {
            let count = cells.into_iter().flatten().map(Sample::len).max().unwrap_or_default();
            let cells = cells.map(|sample| sample.map_or_else(|| "-".to_owned(), both));
            writeln!(f, "| {name} ({count}) | {} |", cells.join(" | "))
        };
        let all =
            |of: fn(&Timings) -> &Sample| [function, same_calls, get_item, empty].map(|one| Some(of(one)));
        row("cold start, to the first `/next`", all(|timings| &timings.init))?;
        row("cold start, to the first answer: store hit", all(|timings| &timings.first_answer))?;
        row("memory hit", [Some(&function.repeated), None, None, Some(&empty.repeated)])?;
        row(
            "store hit",
            [Some(&function.in_turn), Some(&same_calls.in_turn), Some(&get_item.in_turn), None],
        )?;
        row(
            "store hit, over TLS",
            [Some(&function.in_turn_tls), Some(&same_calls.in_turn_tls), Some(&get_item.in_turn_tls), None],
        )?;
        row("miss, Amazon without delay", [function.misses.as_ref(), None, None, None])?;

        let mut row = |name: &str, of: fn(&Timings, &Binary) -> String| {
            let order = [Subject::Function, Subject::SameCalls, Subject::GetItem, Subject::Empty];
            let cells = order.map(|one| of(&self.timings[one as usize], &self.binaries[one as usize]));
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        row("peak memory after the warm series, MiB", |timings, _| mebibytes(timings.peak_memory * 1024))?;
        row("binary, MiB", |_, binary| mebibytes(binary.size as u64))?;
        row("zip, MiB", |_, binary| mebibytes(binary.zipped as u64))
    }

    fn ratios(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [function, empty, get_item, same_calls] = &self.timings;
        let times = |function: &Sample, floor: &Sample| {
            function.median().as_secs_f64() / floor.median().as_secs_f64()
        };
        let mebibytes = |bytes: u64| ratio(bytes, 1 << 20);
        let zipped = self.binaries[Subject::Function as usize].zipped as u64;
        let cold = &function.first_answer;
        writeln!(f, "\n| Ratios of medians, and sizes | Measured | At most |")?;
        writeln!(f, "| --- | --: | --: |")?;
        [
            ("memory hit ÷ empty function", times(&function.repeated, &empty.repeated), 1.1),
            ("store hit ÷ same calls", times(&function.in_turn, &same_calls.in_turn), 1.15),
            ("store hit ÷ same calls, over TLS", times(&function.in_turn_tls, &same_calls.in_turn_tls), 1.2),
            ("cold start to the first answer ÷ same calls", times(cold, &same_calls.first_answer), 1.3),
            ("cold start to the first answer ÷ one GetItem", times(cold, &get_item.first_answer), 1.25),
            ("cold start to the first answer ÷ empty function", times(cold, &empty.first_answer), 4.5),
            ("peak memory, MiB", mebibytes(function.peak_memory * 1024), 11.0),
            ("zip, MiB", mebibytes(zipped), 4.0),
        ]
        .into_iter()
        .try_for_each(|(name, measured, at_most)| writeln!(f, "| {name} | {measured:.2} | {at_most:.2} |"))
    }

    fn counted(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| Calls to Login with Amazon when | Counted | Target |")?;
        writeln!(f, "| --- | --: | --: |")?;
        self.counts
            .iter()
            .try_for_each(|count| writeln!(f, "| {} | {} | {} |", count.of, count.lwa_calls, count.target))
    }

    fn costs(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n| Calls per 1,000 requests of the mix | {} |",
            columns(&self.costs, |cost| match cost.environments {
                1 => "1 environment".to_owned(),
                several => format!("{several} environments"),
            })
        )?;
        writeln!(f, "| --- | {} |", columns(&self.costs, |_| "--:".to_owned()))?;
        let mut row = |name: &str, of: fn(&Cost) -> f64| {
            writeln!(f, "| {name} | {} |", columns(&self.costs, |cost| format!("{:.2}", of(cost))))
        };
        row("Login with Amazon", |cost| cost.per_thousand(cost.lwa))?;
        row("DynamoDB", |cost| cost.per_thousand(cost.dynamodb))?;
        row("KMS", |cost| cost.per_thousand(cost.kms))?;
        row("Secrets Manager", |cost| cost.per_thousand(cost.secrets_manager))?;
        row("KMS calls per 100 tokens vended (target 1)", |cost| cost.per_thousand(cost.kms) / 10.0)?;
        row("KMS calls per 100 tokens fetched from Amazon", |cost| ratio(cost.kms, cost.lwa) * 100.0)
    }
}

impl Cost {
    fn per_thousand(&self, calls: u64) -> f64 {
        ratio(calls, self.requests as u64) * 1000.0
    }
}

fn columns(costs: &[Cost], cell: impl Fn(&Cost) -> String) -> String {
    costs.iter().map(cell).collect::<Vec<_>>().join(" | ")
}

/// The median and the 99th percentile, in milliseconds.
pub(crate) fn both(sample: &Sample) -> String {
    format!("{} / {}", milliseconds(sample.median()), milliseconds(sample.percentile(99)))
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64() * 1000.0)
}

/// Bytes in mebibytes.
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", ratio(bytes, 1 << 20))
}

#[expect(clippy::cast_precision_loss, reason = "a table shows two decimal places")]
fn ratio(of: u64, to: u64) -> f64 {
    of as f64 / to as f64
}
