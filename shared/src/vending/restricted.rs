//! The call for a restricted data token, at the pace that Amazon allows to all environments together (F§6).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Vending, fetch::NotFetched};
use crate::{
    access_token::{
        Failure,
        pace::{LONGEST_WAIT, Turn},
    },
    amazon::{
        restricted_data::RestrictedRequest,
        sp_api::{Error, Reason, RestrictedToken},
    },
    aws::AwsError,
    deadline::{Clock, Deadline},
    grant::GrantKey,
    secret::AccessToken,
};

/// What is kept free of the caller's time for the call, if it waits for its turn.
const CALL_TAKES: Duration = Duration::from_secs(1);

/// What a note on the pace may take. The caller waits for it.
const NOTE_TAKES: Duration = Duration::from_millis(500);

impl Vending {
    /// Asks for the token if Amazon allows one more now or in a moment. The caller has the lease.
    pub(super) async fn restricted_in_turn(
        &self,
        key: &GrantKey,
        request: &RestrictedRequest,
        own_token: &AccessToken,
        clock: Clock,
    ) -> Result<RestrictedToken, NotFetched> {
        let left = clock.deadline().remaining().saturating_sub(CALL_TAKES);
        let longest_wait = SignedDuration::try_from(left).map_or(LONGEST_WAIT, |left| left.min(LONGEST_WAIT));
        let (turn, bucket) = self.tokens.take_turn(key, longest_wait, clock).await?;
        match turn {
            Turn::After(pause) => tokio::time::sleep(pause.unsigned_abs()).await,
            Turn::NotBefore(at) => return Err(NotFetched::no_turn(at)),
        }
        let answer = self.sp_api.restricted_data_token(request, own_token, key.region).await;
        let now = clock.now();
        match &answer {
            Ok(token) if bucket.with_rate(token.rate) != bucket => {
                self.note(key, self.tokens.change_rate(key, bucket.with_rate(token.rate))).await;
            }
            Err(Error { reason: Reason::Throttled { retry_after }, .. }) => {
                self.note(key, self.tokens.empty_turns(key, bucket, *retry_after, now)).await;
            }
            Ok(_) | Err(_) => {}
        }
        answer.map_err(|error| NotFetched::of_sp_api(error, now))
    }

    /// Notes for all environments what Amazon said of the pace. If it is not noted, Amazon will say it again.
    async fn note(&self, key: &GrantKey, note: impl Future<Output = Result<(), AwsError>>) {
        if let Err(error) = Deadline::after(NOTE_TAKES).limiting(note).await {
            tracing::warn!(grant.key = %key, cause = %error, "Pace of restricted tokens of grant {key} was not noted: {error}");
        }
    }
}

impl NotFetched {
    fn no_turn(at: Timestamp) -> Self {
        Self::Amazon { failure: Failure::Throttled, not_before: Some(at), error: None, issued: None }
    }
}
