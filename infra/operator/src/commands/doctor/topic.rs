//! Checks whether the alarm topic has a subscriber. Without one, alarms reach no operator.

use aws_config::SdkConfig;
use aws_sdk_sns::{Client, error::ProvideErrorMetadata};

use super::{Finding, Verdict};

/// Reads how many subscriptions of the topic are confirmed and pending.
pub(super) async fn examine(arn: &str, config: &SdkConfig) -> Finding {
    let answer = match Client::new(config).get_topic_attributes().topic_arn(arn).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let code = error.code().unwrap_or("no answer");
            let says = format!("the subscriptions of the alarm topic cannot be read: {code}");
            return Finding::new(CHECK, Verdict::Warning, says)
                .with_remedy("look at the subscriptions of the alarm topic in the AWS console");
        }
    };
    let count = |name: &str| -> u64 {
        answer.attributes().and_then(|known| known.get(name)?.parse().ok()).unwrap_or_default()
    };
    finding(count("SubscriptionsConfirmed"), count("SubscriptionsPending"))
}

const CHECK: &str = "alarms";

fn finding(confirmed: u64, pending: u64) -> Finding {
    match (confirmed, pending) {
        (0, 0) => Finding::new(
            CHECK,
            Verdict::Warning,
            "alarms reach no operator: the alarm topic has no subscriber",
        )
        .with_remedy("subscribe an e-mail address or a chat to the alarm topic"),
        (0, _) => Finding::new(
            CHECK,
            Verdict::Warning,
            "alarms reach no operator: no subscription of the alarm topic is confirmed",
        )
        .with_remedy("confirm the subscription with the link that was sent to its address"),
        (1, _) => Finding::new(CHECK, Verdict::Ok, "the alarm topic has a subscriber"),
        (several, _) => {
            Finding::new(CHECK, Verdict::Ok, format!("the alarm topic has {several} subscribers"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_that_reach_no_operator_are_a_warning() {
        assert!(finding(0, 0).verdict == Verdict::Warning);
        assert!(finding(0, 1).says.contains("is confirmed"));
        assert!(finding(2, 1).verdict == Verdict::Ok);
    }
}
