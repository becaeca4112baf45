//! Whether anybody hears the alarms: a topic without a subscriber tells nobody.

use aws_config::SdkConfig;
use aws_sdk_sns::{Client, error::ProvideErrorMetadata};

use super::{Finding, Verdict};

/// Looks at the topic's confirmed subscriptions.
pub(super) async fn examine(arn: &str, config: &SdkConfig) -> Finding {
    let answer = match Client::new(config).get_topic_attributes().topic_arn(arn).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let code = error.code().unwrap_or("no answer");
            let says = format!("whether anybody hears the alarms cannot be seen from here ({code})");
            return Finding::new(CHECK, Verdict::Warning, says)
                .and("look at the subscriptions of the alarm topic in the AWS console");
        }
    };
    let count = |name: &str| -> u64 {
        answer.attributes().and_then(|known| known.get(name)?.parse().ok()).unwrap_or_default()
    };
    judge(count("SubscriptionsConfirmed"), count("SubscriptionsPending"))
}

const CHECK: &str = "alarms";

fn judge(confirmed: u64, pending: u64) -> Finding {
    match (confirmed, pending) {
        (0, 0) => {
            Finding::new(CHECK, Verdict::Warning, "nobody hears the alarms: their topic has no subscriber")
                .and("subscribe an address or a chat to the alarm topic")
        }
        (0, _) => Finding::new(
            CHECK,
            Verdict::Warning,
            "nobody hears the alarms yet: a subscription waits for confirmation",
        )
        .and("confirm it by the link that was sent to its address"),
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
    fn alarms_that_nobody_hears_are_a_warning() {
        assert!(judge(0, 0).verdict == Verdict::Warning);
        assert!(judge(0, 1).says.contains("confirmation"));
        assert!(judge(2, 1).verdict == Verdict::Ok);
    }
}
