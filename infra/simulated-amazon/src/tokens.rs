//! Grants and what stands for them: authorization codes, refresh tokens, access tokens (F§3, F§4).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Account, GrantKey, SellingPartnerId},
    facts::{CODE_LIFE, GRANT_LIFE},
    ledger::Ledger,
    random::{letters_and_digits, token},
    terms::{OnRefresh, Terms},
};

/// What a partner allowed an application.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Grant {
    pub(crate) authorized_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) disabled: bool,
}

impl Grant {
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        if self.disabled {
            Standing::Disabled
        } else if now >= self.ends_at {
            Standing::Expired
        } else {
            Standing::Active
        }
    }
}

/// How Manage Your Apps shows a grant.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Active,
    Disabled,
    Expired,
}

/// An authorization code on its way through the browser.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Code {
    pub(crate) grant: GrantKey,
    pub(crate) redirect_uri: String,
    pub(crate) ends_at: Timestamp,
    pub(crate) used: bool,
}

/// A refresh token that was given out once; it ends with its grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefreshToken {
    pub(crate) grant: GrantKey,
    pub(crate) killed: bool,
}

/// An access token, and what it opens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessToken {
    pub(crate) application_id: String,
    pub(crate) opens: Opens,
    pub(crate) ends_at: Timestamp,
    /// The index of the client secret that it was asked for with: the token ends with it (F§4.7).
    pub(crate) minted_with: usize,
}

/// Whose or which resources a token opens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Opens {
    /// All that the account allowed the application.
    Partner(Account),
    /// The grantless operations of a scope.
    Scope(String),
    /// Restricted resources (method and path) of an account.
    Restricted(Account, Vec<String>),
}

/// Whether a new authorization ends the refresh tokens of the one before, which no document tells (F§3.1).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnReauthorization {
    #[default]
    Keep,
    Kill,
}

/// The application that authenticated itself, and with which of its secrets.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) application_id: String,
    pub(crate) secret: usize,
}

impl Ledger {
    pub(crate) fn issue_code(&mut self, grant: GrantKey, redirect_uri: &str, now: Timestamp) -> String {
        let text = letters_and_digits(32);
        let code =
            Code { grant, redirect_uri: redirect_uri.to_owned(), ends_at: now + CODE_LIFE, used: false };
        self.codes.insert(text.clone(), code);
        text
    }

    /// Makes or renews the grant that a code stands for; returns an access token and a new refresh token.
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: Option<&str>,
        client: &Client,
        terms: &Terms,
        now: Timestamp,
    ) -> Option<(String, String)> {
        let code = self.codes.get_mut(code)?;
        let redirect_uri_fits = redirect_uri.is_none_or(|sent| sent == code.redirect_uri);
        let own = code.grant.application_id == client.application_id;
        if code.used || now >= code.ends_at || !own || !redirect_uri_fits {
            return None;
        }
        code.used = true;
        let grant = code.grant.clone();

        self.grants
            .insert(grant.clone(), Grant { authorized_at: now, ends_at: now + GRANT_LIFE, disabled: false });
        if self.on_reauthorization == OnReauthorization::Kill {
            for older in self.refresh_tokens.values_mut().filter(|older| older.grant == grant) {
                older.killed = true;
            }
        }
        let access_token = self.mint(Opens::Partner(grant.account.clone()), client, terms.life(), now);
        Some((access_token, self.issue_refresh_token(grant)))
    }

    /// Gives a refresh token for an account of the developer's own. It has no yearly clock, and ends none before it
    /// (F§3.4); a consent that is there keeps its clock.
    pub(crate) fn self_authorize(&mut self, grant: GrantKey, now: Timestamp) -> String {
        let own = Grant { authorized_at: now, ends_at: Timestamp::MAX, disabled: false };
        self.grants.entry(grant.clone()).or_insert(own);
        self.issue_refresh_token(grant)
    }

    /// Mints an access token for a refresh token of the same application whose grant is active; returns it, and the
    /// refresh token with which to come again.
    pub(crate) fn refresh(
        &mut self,
        sent: &str,
        client: &Client,
        terms: &Terms,
        now: Timestamp,
    ) -> Option<(String, String)> {
        let refresh_token = self.refresh_tokens.get_mut(sent).filter(|known| !known.killed)?;
        let grant = refresh_token.grant.clone();
        let own = grant.application_id == client.application_id;
        let standing = self.grants.get(&grant)?.standing(now);
        if !own || standing != Standing::Active {
            return None;
        }
        refresh_token.killed = terms.on_refresh == OnRefresh::Replace;
        let access_token = self.mint(Opens::Partner(grant.account.clone()), client, terms.life(), now);
        let refresh_token = match terms.on_refresh {
            OnRefresh::Echo => sent.to_owned(),
            OnRefresh::Replace => self.issue_refresh_token(grant),
        };
        Some((access_token, refresh_token))
    }

    pub(crate) fn mint(
        &mut self,
        opens: Opens,
        client: &Client,
        life: SignedDuration,
        now: Timestamp,
    ) -> String {
        let prefix = match opens {
            Opens::Partner(_) => "Atza|",
            Opens::Scope(_) => "Atc|",
            Opens::Restricted(..) => "Atz.sprdt|",
        };
        let text = token(prefix, ACCESS_TOKEN_BYTES);
        let access_token = AccessToken {
            application_id: client.application_id.clone(),
            opens,
            ends_at: now.saturating_add(life).unwrap_or(Timestamp::MAX),
            minted_with: client.secret,
        };
        self.access_tokens.insert(text.clone(), access_token);
        text
    }

    /// Whom a code is about, good or not.
    pub(crate) fn partner_of_code(&self, code: &str) -> Option<&SellingPartnerId> {
        self.codes.get(code).map(|code| &code.grant.account.selling_partner_id)
    }

    /// Whom a refresh token is about, good or not.
    pub(crate) fn partner_of_refresh_token(&self, refresh_token: &str) -> Option<&SellingPartnerId> {
        self.refresh_tokens.get(refresh_token).map(|token| &token.grant.account.selling_partner_id)
    }

    fn issue_refresh_token(&mut self, grant: GrantKey) -> String {
        let refresh_token = token("Atzr|", REFRESH_TOKEN_BYTES);
        self.refresh_tokens.insert(refresh_token.clone(), RefreshToken { grant, killed: false });
        refresh_token
    }
}

/// Gives 400 characters.
const REFRESH_TOKEN_BYTES: usize = 300;

/// Gives 384 characters: access tokens have at least 350 (F§4.4).
const ACCESS_TOKEN_BYTES: usize = 288;
