//! The registry of applications: everything about them except their secrets.

mod branding;
mod logo;
mod store;

pub mod brake;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    branding::Branding,
    logo::Logo,
    store::{ApplicationStore, NotOne},
};
use crate::{
    amazon::marketplace::PartnerType,
    application::brake::Brake,
    ids::{ApplicationId, ClientId, LanguageTag},
    region::Region,
};

/// One SP-API application.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Application {
    /// Amazon's id of the application.
    pub application_id: ApplicationId,
    /// Its OAuth client.
    pub client_id: ClientId,
    /// The name that partners see.
    pub name: String,
    /// Whether it is a draft, whose consent needs `version=beta` (F§1.3).
    pub draft: bool,
    /// Whether vendors need `version=beta` even though the application is published. Amazon's support said so in 2022
    /// (F§1.3); it is unconfirmed whether this still holds.
    #[serde(default)]
    pub vendors_need_beta: bool,
    /// The region of a grant if nothing else determines it.
    pub default_region: Region,
    /// The scopes of which `get-access-token` may hand out the application's own tokens (F§4.3).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scopes: BTreeSet<String>,
    /// The integrator's page at which a partner who comes from Amazon signs in, so that the partner's account is
    /// known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_url: Option<String>,
    /// The addresses to which a browser may return when an authorization is finished. They are compared as text.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub return_urls: BTreeSet<String>,
    /// Whether an operator has stopped the application: no access token of it is handed out or refreshed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// An access token that was requested before this time is not handed out.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::second::optional"
    )]
    pub not_before: Option<Timestamp>,
    /// When the application's roles last changed at Amazon. A grant that was authorized before lacks the new ones (F§3.2).
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::second::optional"
    )]
    pub roles_changed_at: Option<Timestamp>,
    /// What partners see beside the name.
    #[serde(default, skip_serializing_if = "Branding::is_empty")]
    pub branding: Branding,
}

impl Application {
    /// Returns whether the consent of such a partner needs `version=beta`.
    pub fn needs_beta(&self, partner_type: PartnerType) -> bool {
        self.draft || (self.vendors_need_beta && partner_type == PartnerType::Vendor)
    }

    /// Returns what is read together with the tokens.
    pub fn brake(&self) -> Brake {
        Brake {
            disabled: self.disabled,
            not_before: self.not_before,
            roles_changed_at: self.roles_changed_at,
        }
    }

    /// Returns the same settings with the brake of `other`, which no registration sets.
    #[must_use]
    pub fn with_brake_of(self, other: &Self) -> Self {
        let Brake { disabled, not_before, roles_changed_at } = other.brake();
        Self { disabled, not_before, roles_changed_at, ..self }
    }

    /// Returns whether `url` is one of the return URLs, character by character.
    pub fn leads_back_to(&self, url: &str) -> bool {
        self.return_urls.contains(url)
    }
}

/// An application in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView<'a> {
    application_id: &'a ApplicationId,
    client_id: &'a ClientId,
    name: &'a str,
    draft: bool,
    vendors_need_beta: bool,
    default_region: Region,
    scopes: &'a BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_url: Option<&'a str>,
    return_urls: &'a BTreeSet<String>,
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles_changed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a LanguageTag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<&'a Logo>,
}

impl<'a> From<&'a Application> for ApplicationView<'a> {
    fn from(application: &'a Application) -> Self {
        Self {
            application_id: &application.application_id,
            client_id: &application.client_id,
            name: &application.name,
            draft: application.draft,
            vendors_need_beta: application.vendors_need_beta,
            default_region: application.default_region,
            scopes: &application.scopes,
            sign_in_url: application.sign_in_url.as_deref(),
            return_urls: &application.return_urls,
            disabled: application.disabled,
            not_before: application.not_before,
            roles_changed_at: application.roles_changed_at,
            company: application.branding.company.as_deref(),
            support_url: application.branding.support_url.as_deref(),
            home_url: application.branding.home_url.as_deref(),
            language: application.branding.language.as_ref(),
            logo: application.branding.logo.as_ref(),
        }
    }
}
