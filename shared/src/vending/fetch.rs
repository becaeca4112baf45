//! One call to Amazon under a lease, with the secret that Amazon accepts.

use std::{
    collections::HashMap,
    sync::{MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::{Vending, Wanted};
use crate::{
    access_token::Failure,
    amazon::{
        credentials::Credentials,
        failure::{AmazonError, AmazonRequestId},
        lwa::{self, NoAccessToken, Tokens},
        sp_api::{self, RestrictedToken},
    },
    aws::sealing::Sealed,
    deadline::Clock,
    error::{Cause, Error},
    grant::{Grant, GrantKey, version::VersionId},
    ids::ApplicationId,
    secret::{AccessToken, Fingerprint, RefreshToken},
};

/// A client secret that Amazon refused is not tried again for this long, by any environment.
const BREAKER_HOLDS: SignedDuration = SignedDuration::from_secs(60);

/// After an answer that cannot be used, no caller tries again for this long.
const PAUSE_AFTER_UNUSABLE: SignedDuration = SignedDuration::from_secs(60);

/// A client secret that Amazon accepted this recently needs no look at the breaker.
const ACCEPTED_LATELY: SignedDuration = SignedDuration::from_mins(5);

/// A token from Amazon, to be kept under a version of the grant.
pub(super) struct Fetched {
    pub(super) access_token: AccessToken,
    pub(super) expires_at: Timestamp,
    pub(super) grant_version: VersionId,
}

/// What Login with Amazon is asked.
pub(super) enum Call {
    Refresh(RefreshToken),
    ClientCredentials(String),
}

/// No token.
pub(super) enum NotFetched {
    /// Amazon's doing: the others should hear of it, until `not_before` if Amazon named a time. Without an error, Amazon
    /// was not asked: it has refused the client secret already, or allows no more restricted tokens until then.
    Amazon {
        failure: Failure,
        not_before: Option<Timestamp>,
        error: Option<AmazonError>,
        issued: Option<Issued>,
    },
    /// Our doing, or AWS's: it says nothing to others.
    Internal(Error),
    /// Amazon issued another refresh token, and AWS failed until it could not be stored any more.
    Lost(Error),
}

/// The refresh token that Amazon issued with an answer that has no access token.
pub(super) enum Issued {
    Unstored(RefreshToken),
    /// It was stored, and the grant has had this version since.
    Stored(VersionId),
}

impl Vending {
    /// Goes to Amazon once; twice only where the first client secret is refused and there is another to try.
    pub(super) async fn fetch(
        &self,
        wanted: &Wanted,
        grant: Option<&Grant>,
        own_token: Option<&AccessToken>,
        clock: Clock,
    ) -> Result<Fetched, NotFetched> {
        match (wanted, grant, own_token) {
            (Wanted::Partner(key), Some(grant), _) => {
                let refresh_token =
                    self.refresh_token_of(key, grant.refresh_token.as_ref(), clock.began()).await?;
                let _unstored = self.unstored.begin();
                let answer = self
                    .with_accepted_secret(wanted.application(), &Call::Refresh(refresh_token), clock.began())
                    .await;
                let replacement = match &answer {
                    Ok(tokens) => tokens.refresh_token.as_ref(),
                    Err(none) => none.replacement(),
                };
                let grant_version = self.keep_replacement(replacement, grant, clock).await?;
                let tokens = answer.map_err(|none| none.stored_under(&grant_version))?;
                Ok(Fetched {
                    access_token: tokens.access_token,
                    expires_at: tokens.expires_at,
                    grant_version,
                })
            }
            (Wanted::Restricted(key, request), Some(grant), Some(own_token)) => {
                let RestrictedToken { token, lifetime, .. } =
                    Box::pin(self.restricted_in_turn(key, request, own_token, clock)).await?;
                let expires_at = clock.began() + lifetime;
                let secret_ends_at =
                    self.credentials.current(&key.application_id, clock.began()).await?.ends_at;
                let expires_at = secret_ends_at.map_or(expires_at, |end| end.min(expires_at));
                Ok(Fetched { access_token: token, expires_at, grant_version: grant.version_id() })
            }
            (Wanted::Scope(application, scope), _, _) => {
                let call = Call::ClientCredentials(scope.clone());
                let tokens = self.with_accepted_secret(application, &call, clock.began()).await?;
                Ok(Fetched {
                    access_token: tokens.access_token,
                    expires_at: tokens.expires_at,
                    grant_version: VersionId::default(),
                })
            }
            (Wanted::Partner(_) | Wanted::Restricted(..), _, _) => {
                Err(NotFetched::Internal(Error::UnknownSellingPartner))
            }
        }
    }

    pub(super) async fn refresh_token_of(
        &self,
        key: &GrantKey,
        sealed: Option<&Sealed>,
        now: Timestamp,
    ) -> Result<RefreshToken, Error> {
        // A removed grant has none.
        let sealed = sealed.ok_or(Error::UnknownSellingPartner)?;
        Ok(RefreshToken::new(self.sealer.open(sealed, &key.refresh_token_owner(), now).await?))
    }

    /// Calls Amazon with the present secret; with the newer or the previous one if Amazon refuses that. A secret that
    /// was refused is not tried again for a minute, so that a bad one does not cost a refused call for every token.
    pub(super) async fn with_accepted_secret(
        &self,
        application: &ApplicationId,
        call: &Call,
        now: Timestamp,
    ) -> Result<Tokens, NotFetched> {
        let refused = NotFetched::Amazon {
            failure: Failure::CredentialsRefused,
            not_before: None,
            error: None,
            issued: None,
        };
        let current = self.credentials.current(application, now).await?;
        if let Some(answer) = self.call_unless_refused(call, application, &current, now).await? {
            return answer.map_err(|error| NotFetched::of_lwa(error, now));
        }
        let Some(other) = self.credentials.instead_of(&current, application, now).await? else {
            return Err(refused);
        };
        match self.call_unless_refused(call, application, &other, now).await? {
            Some(answer) => answer.map_err(|error| NotFetched::of_lwa(error, now)),
            None => Err(refused),
        }
    }

    /// Calls Amazon with this secret; nothing if Amazon refuses it, or has refused it within the last minute.
    async fn call_unless_refused(
        &self,
        call: &Call,
        application: &ApplicationId,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Option<Result<Tokens, NoAccessToken>>, NotFetched> {
        let secret = credentials.client_secret.fingerprint();
        if self.was_refused_lately(application, &secret, now).await? {
            return Ok(None);
        }
        let answer = self.call(call, credentials, now).await;
        if let Err(NoAccessToken { error, .. }) = &answer
            && error.reason == lwa::Reason::InvalidClient
        {
            tracing::error!(
                application.id = %application,
                amazon.requestId = error.request_id.as_ref().map(AmazonRequestId::as_str),
                "Client secret of application {application} was rejected: {error}; \
                 set a valid one with setClientSecret"
            );
            self.accepted().remove(application);
            if let Err(error) = self.tokens.open_breaker(application, &secret, now + BREAKER_HOLDS).await {
                tracing::warn!(
                    application.id = %application,
                    cause = %error,
                    "Rejection of the client secret of application {application} was not recorded: {error}"
                );
            }
            return Ok(None);
        }
        if answer.is_ok() {
            self.accepted().insert(application.clone(), (secret, now));
        }
        Ok(Some(answer))
    }

    async fn call(
        &self,
        call: &Call,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, NoAccessToken> {
        match call {
            Call::Refresh(refresh_token) => self.lwa.refresh(refresh_token, credentials, now).await,
            Call::ClientCredentials(scope) => {
                Ok(self.lwa.client_credentials(scope, credentials, now).await?)
            }
        }
    }

    async fn was_refused_lately(
        &self,
        application: &ApplicationId,
        secret: &Fingerprint,
        now: Timestamp,
    ) -> Result<bool, NotFetched> {
        let accepted = self.accepted().get(application).cloned();
        if accepted
            .is_some_and(|(accepted, at)| accepted == *secret && now.duration_since(at) < ACCEPTED_LATELY)
        {
            return Ok(false);
        }
        Ok(self.tokens.breaker(application, secret).await?.is_some_and(|not_before| not_before > now))
    }

    fn accepted(&self) -> MutexGuard<'_, HashMap<ApplicationId, (Fingerprint, Timestamp)>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NotFetched {
    fn of_lwa(NoAccessToken { error, replacement }: NoAccessToken, now: Timestamp) -> Self {
        let later = |retry_after: Option<SignedDuration>| retry_after.map(|pause| now + pause);
        let (failure, not_before) = match &error.reason {
            lwa::Reason::InvalidGrant => (Failure::GrantRefused, None),
            lwa::Reason::InvalidClient => (Failure::CredentialsRefused, None),
            lwa::Reason::Refused(..) => (Failure::RequestRefused, None),
            lwa::Reason::Throttled { retry_after } => (Failure::Throttled, later(*retry_after)),
            lwa::Reason::Unavailable { retry_after, .. } => (Failure::Unavailable, later(*retry_after)),
            // Each such answer issues a token that is not handed out, so callers do not fetch the next immediately.
            lwa::Reason::Unusable(_) => (Failure::Unavailable, Some(now + PAUSE_AFTER_UNUSABLE)),
        };
        let issued = replacement.map(Issued::Unstored);
        Self::Amazon { failure, not_before, error: Some(error.into()), issued }
    }

    /// Returns the refresh token that Amazon issued, and that is not stored yet.
    pub(super) fn replacement(&self) -> Option<&RefreshToken> {
        match self {
            Self::Amazon { issued: Some(Issued::Unstored(replacement)), .. } => Some(replacement),
            _ => None,
        }
    }

    /// Returns the same, now that the refresh token is stored under this version of the grant: the failure is recorded under it.
    fn stored_under(self, version: &VersionId) -> Self {
        match self {
            Self::Amazon { failure, not_before, error, issued: Some(_) } => {
                Self::Amazon { failure, not_before, error, issued: Some(Issued::Stored(version.clone())) }
            }
            other => other,
        }
    }

    /// Returns the version under which a failure is recorded of a fetch that began under `tried`.
    pub(super) fn version_after(issued: Option<Issued>, tried: VersionId) -> VersionId {
        match issued {
            Some(Issued::Stored(version)) => version,
            Some(Issued::Unstored(_)) | None => tried,
        }
    }

    pub(super) fn of_sp_api(error: sp_api::Error, now: Timestamp) -> Self {
        let (failure, not_before) = match error.reason {
            sp_api::Reason::Refused => (Failure::RequestRefused, None),
            sp_api::Reason::Throttled { retry_after } => {
                (Failure::Throttled, retry_after.map(|pause| now + pause))
            }
            sp_api::Reason::Unavailable(_) => (Failure::Unavailable, None),
        };
        Self::Amazon { failure, not_before, error: Some(error.into()), issued: None }
    }

    /// The error for the caller whose call to Amazon this was.
    pub(super) fn into_error(self, now: Timestamp) -> Error {
        match self {
            Self::Amazon { failure: Failure::Unavailable, error: Some(error), .. } => {
                Error::Unavailable(Cause::Amazon(error))
            }
            Self::Amazon { failure: Failure::Throttled, error: Some(error), .. } => {
                Error::AmazonThrottled(Cause::Amazon(error))
            }
            Self::Amazon {
                failure: Failure::RequestRefused, error: Some(AmazonError::Lwa(error)), ..
            } => error.into(),
            Self::Amazon { failure: Failure::Throttled, not_before: Some(not_before), .. } => {
                Error::AmazonThrottled(Cause::TurnsTaken(not_before.duration_since(now)))
            }
            Self::Amazon { failure, .. } => failure.into_error(SignedDuration::ZERO),
            Self::Internal(error) | Self::Lost(error) => error,
        }
    }
}

impl<E: Into<Error>> From<E> for NotFetched {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}

/// Writes a fetch of a token that Amazon did not give to the log. `what` names it: "Refresh of grant …".
pub(super) fn log_failure(what: &str, failure: Failure, error: Option<&AmazonError>) {
    let cause = match (error, failure) {
        (Some(error), _) => error.to_string(),
        (None, Failure::Throttled) => "other requests for restricted data tokens came first".to_owned(),
        (None, _) => "Login with Amazon refused the application's client secret".to_owned(),
    };
    let request_id = error.and_then(AmazonError::request_id).map(AmazonRequestId::as_str);
    tracing::warn!(cause, ?failure, amazon.requestId = request_id, "{what} failed: {cause}");
}
