//! Measured durations and their statistics.

use std::time::Duration;

/// Measured durations of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(Vec<Duration>);

impl Sample {
    pub(crate) fn push(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The mean of `of(duration)`.
    pub(crate) fn mean_of(&self, of: fn(Duration) -> Duration) -> Duration {
        let sum: Duration = self.0.iter().copied().map(of).sum();
        sum / u32::try_from(self.0.len()).unwrap_or(u32::MAX).max(1)
    }

    /// The duration that 50 percent do not exceed.
    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The duration that `percent` of the durations do not exceed (nearest rank).
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_measured_duration_of_the_nearest_rank() {
        let mut sample = Sample::default();
        for milliseconds in (1..=200).rev() {
            sample.push(Duration::from_millis(milliseconds));
        }

        assert_eq!(sample.median(), Duration::from_millis(100));
        assert_eq!(sample.percentile(99), Duration::from_millis(198));
        assert_eq!(Sample::default().median(), Duration::ZERO);
    }
}
