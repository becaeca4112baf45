//! Why a journey does not end in a grant, and what the log, the history of journeys and the browser get then.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    amazon::{failure::AmazonRequestId, lwa},
    aws::{AwsError, metrics::Metric, sealing::SealError},
    browser::{page::Message, stopped::Stopped},
    deadline::Clock,
    error::Error,
    journey::{request::Outcome, request_store::Redeemed},
    region::Region,
};

use crate::{
    CodeExchange,
    ending::{Ended, Ending},
};

/// Why the journey does not end in a grant now.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The journey ends with this outcome, because Amazon refused the exchange.
    Refused(Outcome, lwa::Error),
    /// The journey ends, because the refresh token that Amazon issued could not be saved.
    Lost(Error),
    /// The journey does not end yet, and a reload continues it.
    Later(Error),
    /// The journey ends without a grant and without an exchange, for this reason.
    BreakOff(Message, &'static str),
    /// The journey does not end yet: too many codes of journeys like it were refused, and nothing was sent to Amazon.
    HeldBack,
    /// Another attempt has taken the journey over.
    Overtaken,
    /// The partner's grant was moved to this region, so the authorization is saved there.
    Moved(Region),
}

impl CodeExchange {
    /// Stores how the journey ends, if it ends, writes the log line, and answers the browser.
    pub(crate) async fn stop(
        &self,
        stop: Stop,
        redeemed: &Redeemed,
        (ending, journey): (&Ending<'_>, Stopped),
        headers: &HeaderMap,
        clock: Clock,
    ) -> Response<Body> {
        let id = &redeemed.request.request_id;
        match stop {
            Stop::BreakOff(message, reason) => {
                self.end(redeemed, self.requests.break_off(redeemed), clock.deadline()).await;
                journey.because(reason).log(message);
                ending.page(message, headers)
            }
            Stop::Refused(outcome, error) => {
                if outcome == Outcome::CodeRefused {
                    self.metrics.count(Metric::CodesRefused(redeemed.request.application_id.clone()));
                }
                self.end(redeemed, self.requests.finish(redeemed, outcome, clock.began()), clock.deadline())
                    .await;
                tracing::warn!(
                    request.id = %id,
                    ?outcome,
                    cause = %error,
                    amazon.requestId = error.request_id.as_ref().map(AmazonRequestId::as_str),
                    "Authorization ended without a grant, {outcome:?}: {error}; {journey}"
                );
                ending.response(&Ended { outcome, connection: None }, headers)
            }
            Stop::Lost(error) => {
                // Said first: if AWS does not answer, the function's time may end while the journey is being ended.
                self.metrics.count(Metric::RefreshTokensLost);
                let kind = error.kind();
                tracing::error!(
                    request.id = %id,
                    cause = error.cause(),
                    aws.requestId = error.aws().and_then(AwsError::request_id),
                    "Amazon issued a refresh token that was not saved and is lost, {journey}: {kind}; \
                     hint: the partner must authorize again"
                );
                // Amazon has accepted the code, so trying it again would only revoke what it brought.
                let outcome = Outcome::CodeRefused;
                let finish = self.requests.finish(redeemed, outcome, clock.began());
                self.end(redeemed, finish, clock.deadline()).await;
                ending.response(&Ended { outcome, connection: None }, headers)
            }
            Stop::Later(error) => {
                let (cause, amazon_id) = (error.cause(), error.amazon_request_id());
                // Every failure of Amazon or AWS is transient here; what is ours to look into is an ERROR.
                if error.is_ours() {
                    tracing::error!(
                        request.id = %id,
                        cause,
                        amazon.requestId = amazon_id,
                        "Authorization is not finished yet and a reload continues it, {journey}: {error}"
                    );
                } else {
                    tracing::warn!(
                        request.id = %id,
                        cause,
                        amazon.requestId = amazon_id,
                        "Authorization is not finished yet and a reload continues it, {journey}: {error}"
                    );
                }
                ending.page(Message::Exchanging, headers)
            }
            Stop::HeldBack => {
                self.end(redeemed, self.requests.unredeem(redeemed), clock.deadline()).await;
                let reason = "Amazon refused too many codes of journeys without a link or a sign-in within this minute";
                journey.because(reason).log(Message::Unavailable);
                ending.page(Message::Unavailable, headers)
            }
            Stop::Overtaken | Stop::Moved(_) => ending.page(Message::Exchanging, headers),
        }
    }
}

impl From<AwsError> for Stop {
    fn from(error: AwsError) -> Self {
        Self::Later(error.into())
    }
}

impl From<SealError> for Stop {
    fn from(error: SealError) -> Self {
        Self::Later(error.into())
    }
}
