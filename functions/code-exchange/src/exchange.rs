//! The exchange of a code for a refresh token (F§4.2).

use shared::{
    amazon::{
        failure::NoAnswer,
        lwa::{self, Tokens},
    },
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    journey::{request::Outcome, request_store::Redeemed},
};

use crate::{CodeExchange, EXCHANGE_WITHIN, SAVING_TAKES, Stop, callback::Callback};

impl CodeExchange {
    /// Exchanges the code with the current client secret. If Amazon rejects the secret, tries once with the other stored version.
    pub(crate) async fn exchange(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        clock: Clock,
    ) -> Result<Tokens, Stop> {
        let request = &redeemed.request;
        let application = &request.application_id;
        let patience = clock.by(EXCHANGE_WITHIN);
        let credentials =
            retry_until(patience, || self.credentials.current(application, clock.began())).await?;
        let exchange = async |credentials: &_| {
            // Once Amazon has accepted the code, its tokens must be saved. No call begins without time for that.
            if clock.deadline().remaining() < SAVING_TAKES * 2 {
                return Err(lwa::Reason::unavailable(NoAnswer::NotCalled).into());
            }
            let call =
                || self.lwa.exchange(&callback.code, &request.redirect_uri, credentials, clock.began());
            retry_until(patience, call).await
        };
        let answer = exchange(&credentials).await;
        if !is_credentials_rejected(&answer) {
            return Ok(answer?);
        }
        let other =
            retry_until(patience, || self.credentials.instead_of(&credentials, application, clock.began()))
                .await?;
        let answer = match other {
            Some(other) => exchange(&other).await,
            None => answer,
        };
        if is_credentials_rejected(&answer) {
            self.metrics.count(Metric::ApplicationCredentialsRejected);
        }
        Ok(answer?)
    }
}

fn is_credentials_rejected(answer: &Result<Tokens, lwa::Error>) -> bool {
    answer.as_ref().is_err_and(|error| error.reason == lwa::Reason::InvalidClient)
}

impl From<lwa::Error> for Stop {
    fn from(error: lwa::Error) -> Self {
        let outcome = match error.reason {
            lwa::Reason::InvalidGrant => Outcome::CodeRefused,
            lwa::Reason::InvalidClient | lwa::Reason::Refused(_) => Outcome::ApplicationRefused,
            lwa::Reason::Throttled { .. } | lwa::Reason::Unavailable { .. } => {
                return Self::Later(error.into());
            }
        };
        Self::Refused(outcome, error)
    }
}
