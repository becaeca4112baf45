//! The tables of the refresher, in Markdown.

use std::fmt::{self, Display, Formatter};

use crate::{
    cost_model::{CostModel, Counted},
    refresher::{COUNTED, Figures, Run},
};

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.paces(f)?;
        self.requests(f)?;
        self.memory(f)?;
        self.among(f)?;
        writeln!(f)?;
        self.cost_model().fmt(f)
    }
}

impl Figures {
    fn paces(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| Calls in flight | Latency of LWA | Due | Refreshed per second | Ideal | Of the ideal | Processor per token: \
             refresher | Amazon and AWS |\n| --: | --: | --: | --: | --: | --: | --: | --: |"
        )?;
        for run in &self.paces {
            let ideal = run.ideal();
            let of_ideal = ideal.map(|ideal| format!("{:.0} %", run.rate() / ideal * 100.0));
            writeln!(
                f,
                "| {}{} | {} ms | {} | {:.0} | {} | {} | {:.2} ms | {:.2} ms |",
                run.at_once,
                if run.is_behind { ", behind" } else { "" },
                run.latency.as_millis(),
                run.refreshed,
                run.rate(),
                ideal.map_or_else(|| "-".to_owned(), |ideal| format!("{ideal:.0}")),
                of_ideal.unwrap_or_else(|| "-".to_owned()),
                run.processor_each() * 1000.0,
                run.stand_ins_each() * 1000.0,
            )?;
        }
        Ok(())
    }

    fn requests(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n| Requests per token | First run | Later | At most, later |\n| --- | --: | --: | --: |"
        )?;
        let mut row = |name: &str, of: fn(&Run) -> u64, at_most: &str| {
            let (first, later) = (self.first.each(of(&self.first)), self.later.each(of(&self.later)));
            writeln!(f, "| {name} | {first:.3} | {later:.3} | {at_most} |")
        };
        row("DynamoDB, writes", |run| run.writes, "2.1")?;
        row("DynamoDB, reads", |run| run.reads, "1.1")?;
        row("KMS", |run| run.kms, "0.02")?;
        row("SQS", |run| run.sqs, "-")?;
        row("Secrets Manager", |run| run.secrets_manager, "-")?;
        writeln!(f, "| Login with Amazon | 1 | 1 | - |")
    }

    fn memory(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| Due | Peak memory, MiB (at most 48) | Time |\n| --: | --: | --: |")?;
        for run in &self.crowds {
            writeln!(
                f,
                "| {} | {:.1} | {:.1} s |",
                run.refreshed,
                run.peak_mebibytes(),
                run.took.as_secs_f64()
            )?;
        }
        let peaks = || self.crowds.iter().map(Run::peak_mebibytes);
        let (least, most) = (peaks().fold(f64::MAX, f64::min), peaks().fold(0.0, f64::max));
        writeln!(f, "| most ÷ least (at most 1.2) | {:.2} | |", most / least)
    }

    fn among(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (alone, among) = (self.alone.median().as_secs_f64(), self.among.median().as_secs_f64());
        writeln!(f, "\n| 1,000 due, Amazon without delay | Median of {} |\n| --- | --: |", self.alone.len())?;
        writeln!(f, "| among 1,000 stored | {alone:.2} s |")?;
        writeln!(f, "| among {} stored | {among:.2} s |", self.stored)?;
        writeln!(f, "| ratio (at most 1.2) | {:.2} |", among / alone)
    }

    fn cost_model(&self) -> CostModel {
        let usual = self.paces.iter().find(|run| run.at_once == 16 && !run.is_behind).unwrap_or(&self.later);
        CostModel(Counted {
            writes: self.later.each(self.later.writes),
            seconds: 1.0 / usual.rate(),
            processor: usual.processor_each(),
            kms_of_environment: self.later.each(self.later.kms) * f64::from(COUNTED),
            token_row: self.token_row.into(),
            grant_row: self.grant_row.into(),
        })
    }
}
