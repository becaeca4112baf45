//! AWS's public prices in US East (N. Virginia), x86, on demand, beyond every free tier, in US dollars, as of 2026-11.
//!
//! They are inputs, copied from the published pages; check them before you rely on them. `page` is the page on aws.amazon.com.

/// A unit with a price.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unit {
    Alarm,
    ApiRequest,
    ArchiveGigabyteMonth,
    ArchivedGigabyte,
    BackupGigabyte,
    BusEvent,
    Dashboard,
    DataKeyRequest,
    GigabyteSecond,
    Invocation,
    Key,
    LogGigabyte,
    LogGigabyteMonth,
    Metric,
    QueueRequest,
    Read,
    ScheduledRun,
    Secret,
    SecretRequest,
    StorageGigabyte,
    Trace,
    Write,
}

struct Price {
    unit: Unit,
    dollars: f64,
    /// The quantity that `dollars` pays for.
    per: f64,
    page: &'static str,
    what: &'static str,
}

const fn price(unit: Unit, dollars: f64, per: f64, page: &'static str, what: &'static str) -> Price {
    Price { unit, dollars, per, page, what }
}

const MILLION: f64 = 1_000_000.0;

const TABLE: [Price; 22] = [
    price(Unit::Invocation, 0.20, MILLION, "lambda/pricing", "Lambda requests"),
    price(Unit::GigabyteSecond, 0.000_016_666_7, 1.0, "lambda/pricing", "Lambda GB-second"),
    price(Unit::Write, 0.625, MILLION, "dynamodb/pricing/on-demand", "DynamoDB write request units"),
    price(Unit::Read, 0.125, MILLION, "dynamodb/pricing/on-demand", "DynamoDB read request units"),
    price(Unit::StorageGigabyte, 0.25, 1.0, "dynamodb/pricing/on-demand", "DynamoDB storage, GB-month"),
    price(Unit::BackupGigabyte, 0.20, 1.0, "dynamodb/pricing/on-demand", "point-in-time recovery, GB-month"),
    price(Unit::Key, 1.00, 1.0, "kms/pricing", "KMS key and month"),
    price(Unit::DataKeyRequest, 0.03, 10_000.0, "kms/pricing", "KMS requests"),
    price(Unit::QueueRequest, 0.40, MILLION, "sqs/pricing", "SQS requests, standard queue"),
    price(Unit::Secret, 0.40, 1.0, "secrets-manager/pricing", "secret and month"),
    price(Unit::SecretRequest, 0.05, 10_000.0, "secrets-manager/pricing", "Secrets Manager requests"),
    price(Unit::BusEvent, 1.00, MILLION, "eventbridge/pricing", "custom events"),
    price(Unit::ArchivedGigabyte, 0.10, 1.0, "eventbridge/pricing", "archive, GB taken in"),
    price(Unit::ArchiveGigabyteMonth, 0.023, 1.0, "eventbridge/pricing", "archive, GB-month"),
    price(Unit::ScheduledRun, 1.00, MILLION, "eventbridge/pricing", "Scheduler invocations"),
    price(Unit::ApiRequest, 1.00, MILLION, "api-gateway/pricing", "API Gateway, HTTP API requests"),
    price(Unit::LogGigabyte, 0.50, 1.0, "cloudwatch/pricing", "logs ingested, GB"),
    price(Unit::LogGigabyteMonth, 0.03, 1.0, "cloudwatch/pricing", "logs stored compressed, GB-month"),
    price(Unit::Metric, 0.30, 1.0, "cloudwatch/pricing", "custom metric and month, by the hour"),
    price(Unit::Alarm, 0.10, 1.0, "cloudwatch/pricing", "metric of an alarm and month"),
    price(Unit::Dashboard, 3.00, 1.0, "cloudwatch/pricing", "dashboard and month, beyond three"),
    price(Unit::Trace, 5.00, MILLION, "xray/pricing", "X-Ray traces recorded"),
];

/// Returns the cost of `quantity` units in dollars.
pub(crate) fn cost(unit: Unit, quantity: f64) -> f64 {
    TABLE.iter().filter(|price| price.unit == unit).map(|price| quantity * price.dollars / price.per).sum()
}

/// The prices as rows of Markdown.
pub(crate) fn rows() -> impl Iterator<Item = String> {
    TABLE
        .iter()
        .map(|Price { what, dollars, per, page, .. }| format!("| {what} | {dollars} | {per} | {page} |"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_one_price() {
        for price in &TABLE {
            let same = TABLE.iter().filter(|other| other.unit == price.unit).count();
            assert_eq!(same, 1, "{:?}", price.unit);
            assert!((cost(price.unit, price.per) - price.dollars).abs() < 1e-9);
        }
    }
}
