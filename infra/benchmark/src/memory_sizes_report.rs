//! The tables of memory sizes, in Markdown.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::{
    memory_sizes::{Figures, SIZES, WAITS},
    prices::{Unit, cost},
    sample::Sample,
};

const MILLION: f64 = 1e6;

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let waits = WAITS.map(|(service, milliseconds)| format!("{service} {milliseconds} ms"));
        writeln!(f, "Assumed: {}.\n", waits.join(", "))?;
        let rows = || self.rows.iter().map(|row| (format!("`{}`, {}", row.function, row.kind), &row.samples));

        header(f, "p50 / p99 in ms")?;
        for (name, samples) in rows() {
            row(f, &name, samples.iter().map(both))?;
        }
        let starts = self.starts.iter().map(|(function, start)| format!("`{function}` {}", both(start)));
        writeln!(f, "\nStart on a whole processor, p50 / p99 in ms: {}.\n", starts.collect::<Vec<_>>().join(", "))?;

        header(f, "US$ a million")?;
        for (name, samples) in rows() {
            let costs = samples.iter().zip(SIZES).map(|(sample, size)| {
                let seconds = MILLION * sample.mean_of(billed).as_secs_f64();
                format!("{:.2}", cost(Unit::Invocation, MILLION) + gigabyte_seconds(size, seconds))
            });
            row(f, &name, costs)?;
        }
        writeln!(f)?;
        header(f, "`token-refresher`")?;
        let each = || self.refreshed.iter();
        row(f, "tokens a second", each().map(|each| format!("{:.0}", 1.0 / each.as_secs_f64())))?;
        let costs = each()
            .zip(SIZES)
            .map(|(each, size)| format!("{:.2}", gigabyte_seconds(size, MILLION * each.as_secs_f64())));
        row(f, "US$ a million tokens", costs)
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

/// Lambda bills each invocation by the millisecond that it has begun.
fn billed(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(u64::MAX))
}

fn gigabyte_seconds(size: u32, seconds: f64) -> f64 {
    cost(Unit::GigabyteSecond, seconds * f64::from(size) / 1024.0)
}

fn both(sample: &Sample) -> String {
    let milliseconds = |duration: Duration| format!("{:.1}", duration.as_secs_f64() * 1000.0);
    format!("{} / {}", milliseconds(sample.median()), milliseconds(sample.percentile(99)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_millisecond_that_has_begun_is_billed() {
        assert_eq!(billed(Duration::from_micros(13)), Duration::from_millis(1));
        assert_eq!(billed(Duration::from_millis(2)), Duration::from_millis(2));
        assert_eq!(billed(Duration::from_micros(2001)), Duration::from_millis(3));
    }
}
