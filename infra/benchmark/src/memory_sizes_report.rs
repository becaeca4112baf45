//! The tables of memory sizes, in Markdown.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::{
    memory_sizes::{FUNCTIONS, Figures, SIZES, WAITS},
    prices::{Unit, cost},
    sample::Sample,
};

const MILLION: f64 = 1e6;

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let waits = WAITS.map(|(service, milliseconds)| format!("{service} {milliseconds} ms"));
        let waits = waits.join(", ");
        writeln!(f, "Assumed: periods of 20 ms; {waits}, the last two without TLS.\n")?;

        header(f, "median / slowest in ms (count)")?;
        for ((function, kind), of) in &self.rows {
            let many = of.took[0].len();
            row(f, &format!("`{}`, {kind} ({many})", FUNCTIONS[*function]), of.took.iter().map(both))?;
        }
        writeln!(
            f,
            "\nFrom the spawn to the first `/next`, on a whole processor: {} ms ({}).\n",
            both(&self.starts),
            self.starts.len()
        )?;

        header(f, "US$ per million, a first invocation with its start")?;
        for ((function, kind), of) in &self.rows {
            let costs = of.billed.iter().zip(SIZES).map(|(billed, size)| {
                let seconds = MILLION * billed.mean_of(begun_milliseconds).as_secs_f64();
                format!("{:.2}", cost(Unit::Invocation, MILLION) + gigabyte_seconds(size, seconds))
            });
            row(f, &format!("`{}`, {kind}", FUNCTIONS[*function]), costs)?;
        }
        writeln!(f)?;
        header(f, &format!("`token-refresher`, median of {}", self.refreshed[0].len()))?;
        let each = || self.refreshed.iter().map(|each| each.median().as_secs_f64());
        row(f, "tokens per second", each().map(|each| format!("{:.0}", 1.0 / each)))?;
        let costs =
            each().zip(SIZES).map(|(each, size)| format!("{:.2}", gigabyte_seconds(size, MILLION * each)));
        row(f, "US$ per million tokens", costs)
    }
}

fn header(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    row(f, name, SIZES.map(|size| format!("{size} MB")))?;
    row(f, "---", SIZES.map(|_| "--:"))
}

fn row<C: AsRef<str>>(f: &mut Formatter<'_>, name: &str, cells: impl IntoIterator<Item = C>) -> fmt::Result {
    write!(f, "| {name} |")?;
    cells.into_iter().try_for_each(|cell| write!(f, " {} |", cell.as_ref()))?;
    writeln!(f)
}

/// Rounds up to a millisecond, as Lambda bills each invocation.
fn begun_milliseconds(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(u64::MAX))
}

fn gigabyte_seconds(size: u32, seconds: f64) -> f64 {
    cost(Unit::GigabyteSecond, seconds * f64::from(size) / 1024.0)
}

fn both(sample: &Sample) -> String {
    let milliseconds = |duration: Duration| format!("{:.1}", duration.as_secs_f64() * 1000.0);
    format!("{} / {}", milliseconds(sample.median()), milliseconds(sample.percentile(100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_started_millisecond_is_billed() {
        assert_eq!(begun_milliseconds(Duration::from_micros(13)), Duration::from_millis(1));
        assert_eq!(begun_milliseconds(Duration::from_millis(2)), Duration::from_millis(2));
        assert_eq!(begun_milliseconds(Duration::from_micros(2001)), Duration::from_millis(3));
    }
}
