//! How codes and tokens are issued and used up (F§3, F§4).

use jiff::{SignedDuration, Timestamp};

use crate::{
    accounts::{GrantKey, SellingPartnerId},
    facts::{CODE_LIFE, GRANT_LIFE},
    ledger::Ledger,
    random::{letters_and_digits, token},
    roles::MissingRoles,
    token_settings::{OnRefresh, TokenSettings},
    tokens::{AccessToken, Client, Code, Grant, GrantStatus, OnReauthorization, Opens, RefreshToken},
};

impl Ledger {
    /// Issues a code for one exchange of this grant.
    pub(crate) fn issue_code(&mut self, grant: GrantKey, redirect_uri: &str, now: Timestamp) -> String {
        let text = letters_and_digits(32);
        let code =
            Code { grant, redirect_uri: redirect_uri.to_owned(), ends_at: now + CODE_LIFE, used: false };
        self.codes.insert(text.clone(), code);
        text
    }

    /// Creates or renews the grant of a code; returns an access token and a new refresh token, or nothing if the code is
    /// not valid for this client and redirect URI.
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: Option<&str>,
        client: &Client,
        settings: &TokenSettings,
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

        self.authorize(&grant, Grant { authorized_at: now, ends_at: now + GRANT_LIFE, disabled: false });
        if self.on_reauthorization == OnReauthorization::Kill {
            for older in self.refresh_tokens.values_mut().filter(|older| older.grant == grant) {
                older.killed = true;
            }
        }
        let opens = Opens::Partner(grant.account.clone());
        let missing_roles = self.missing_roles_now(&grant);
        let access_token =
            self.issue_access_token(opens, missing_roles.clone(), client, settings.life(), now);
        Some((access_token, self.issue_refresh_token(grant, missing_roles)))
    }

    /// Issues a refresh token for an account of the developer's own. Its grant does not end after a year, and the refresh
    /// tokens before it stay valid (F§3.4); a grant that exists keeps its end.
    pub(crate) fn self_authorize(&mut self, grant: GrantKey, now: Timestamp) -> String {
        if !self.grants.contains_key(&grant) {
            self.authorize(&grant, Grant { authorized_at: now, ends_at: Timestamp::MAX, disabled: false });
        }
        let missing_roles = self.missing_roles_now(&grant);
        self.issue_refresh_token(grant, missing_roles)
    }

    /// Issues an access token for a refresh token of the same application whose grant is active; returns it, and the
    /// refresh token for the next refresh.
    pub(crate) fn refresh(
        &mut self,
        sent: &str,
        client: &Client,
        settings: &TokenSettings,
        now: Timestamp,
    ) -> Option<(String, String)> {
        let refresh_token = self.refresh_tokens.get_mut(sent).filter(|known| !known.killed)?;
        let (grant, missing_roles) = (refresh_token.grant.clone(), refresh_token.missing_roles.clone());
        let own = grant.application_id == client.application_id;
        let status = self.grants.get(&grant)?.status(now);
        if !own || status != GrantStatus::Active {
            return None;
        }
        refresh_token.killed = settings.on_refresh == OnRefresh::Replace;
        let opens = Opens::Partner(grant.account.clone());
        let access_token =
            self.issue_access_token(opens, missing_roles.clone(), client, settings.life(), now);
        let refresh_token = match settings.on_refresh {
            OnRefresh::Echo => sent.to_owned(),
            OnRefresh::Replace => self.issue_refresh_token(grant, missing_roles),
        };
        Some((access_token, refresh_token))
    }

    /// Issues an access token without these roles; it ends after `life`.
    pub(crate) fn issue_access_token(
        &mut self,
        opens: Opens,
        missing_roles: MissingRoles,
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
            client_secret: client.secret,
            missing_roles,
        };
        self.access_tokens.insert(text.clone(), access_token);
        text
    }

    /// Returns the partner of a code, valid or not.
    pub(crate) fn partner_of_code(&self, code: &str) -> Option<&SellingPartnerId> {
        self.codes.get(code).map(|code| &code.grant.account.selling_partner_id)
    }

    /// Returns the partner of a refresh token, valid or not.
    pub(crate) fn partner_of_refresh_token(&self, refresh_token: &str) -> Option<&SellingPartnerId> {
        self.refresh_tokens.get(refresh_token).map(|token| &token.grant.account.selling_partner_id)
    }

    fn missing_roles_now(&self, grant: &GrantKey) -> MissingRoles {
        let application = self.applications.get(&grant.application_id);
        application.map(|application| application.missing_roles.clone()).unwrap_or_default()
    }

    fn issue_refresh_token(&mut self, grant: GrantKey, missing_roles: MissingRoles) -> String {
        let refresh_token = token("Atzr|", REFRESH_TOKEN_BYTES);
        let issued = RefreshToken { grant, killed: false, missing_roles };
        self.refresh_tokens.insert(refresh_token.clone(), issued);
        refresh_token
    }
}

/// Gives 400 characters.
const REFRESH_TOKEN_BYTES: usize = 300;

/// Gives 384 characters: access tokens have at least 350 (F§4.4).
const ACCESS_TOKEN_BYTES: usize = 288;
