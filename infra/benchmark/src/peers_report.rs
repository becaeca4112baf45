//! The table of the peers, in Markdown.

use std::fmt::{self, Display, Formatter};

use crate::{
    peers::{AMAZON_TAKES, AT_ONCE, KNOWN, Measured},
    report::{both, mebibytes},
};

/// All measurements of the peers, in the order of `Peer::ALL`.
pub(crate) struct PeersReport(pub(crate) [Measured; 4]);

impl Display for PeersReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | get-access-token | Python, python-amazon-sp-api | Python, by hand | Node, by hand |"
        )?;
        writeln!(f, "| --- | --: | --: | --: | --: |")?;
        let mut row = |name: &str, cell: &dyn Fn(&Measured) -> String| {
            let cells: Vec<_> = self.0.iter().map(cell).collect();
            writeln!(f, "| {name} | {} |", cells.join(" | "))
        };
        let [function, ..] = &self.0;
        let times = |measured: &Measured| {
            measured.first_answer.median().as_secs_f64() / function.first_answer.median().as_secs_f64()
        };
        row("cold start to the first answer, p50 / p99 ms", &|it| both(&it.first_answer))?;
        row("÷ `get-access-token`", &|it| format!("{:.1}", times(it)))?;
        row("a token in memory, p50 / p99 ms", &|it| both(&it.repeated))?;
        row("peak memory, MiB", &|it| mebibytes(it.peak_memory * 1024))?;
        row(
            &format!("calls to Amazon: a new environment, {KNOWN} partners whose tokens another one has"),
            &|it| it.calls_for_known.to_string(),
        )?;
        row(&format!("calls to Amazon: {AT_ONCE} environments, one cold token at once"), &|it| {
            it.calls_at_once.to_string()
        })?;
        row(&format!("the last of these answers, ms (Amazon takes {AMAZON_TAKES})"), &|it| {
            format!("{:.0}", it.last_answer.as_secs_f64() * 1000.0)
        })
    }
}
