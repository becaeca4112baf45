//! The settings of an application in a request, and how they are parsed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shared::{
    application::{Branding, Logo},
    error::Error,
    history::actor::By,
    ids::{ApplicationId, ClientId, LanguageTag},
    lambda::payload::Fields,
    region::Region,
};

/// The settings of a new application.
pub(crate) struct RegisterApplication {
    pub(crate) application_id: ApplicationId,
    pub(crate) client_id: ClientId,
    pub(crate) name: String,
    pub(crate) draft: bool,
    pub(crate) vendors_need_beta: Option<bool>,
    pub(crate) default_region: Region,
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) sign_in_url: Option<String>,
    pub(crate) return_urls: Option<BTreeSet<String>>,
    pub(crate) branding: Branding,
    pub(crate) by: Option<By>,
}

impl RegisterApplication {
    pub(super) fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            application_id: fields.required("applicationId")?,
            client_id: fields.required("clientId")?,
            name: fields.must_have(Fields::text, "name")?,
            draft: fields.must_have(Fields::flag, "draft")?,
            vendors_need_beta: fields.flag("vendorsNeedBeta")?,
            default_region: fields.required("defaultRegion")?,
            scopes: fields.texts("scopes")?,
            sign_in_url: fields.text("signInUrl")?,
            return_urls: fields.texts("returnUrls")?,
            branding: Branding {
                company: fields.text("company")?,
                support_url: fields.text("supportUrl")?,
                home_url: fields.text("homeUrl")?,
                language: fields.optional("language")?,
                logo: fields.optional("logo")?,
            },
            by: fields.optional("by")?,
        })
    }
}

/// The settings that change. A field that is left out does not change.
pub(crate) struct UpdateApplication {
    pub(crate) application_id: ApplicationId,
    pub(crate) name: Option<String>,
    pub(crate) draft: Option<bool>,
    pub(crate) vendors_need_beta: Option<bool>,
    pub(crate) default_region: Option<Region>,
    pub(crate) scopes: Option<BTreeSet<String>>,
    /// `null` clears it, as it does each part of the branding.
    pub(crate) sign_in_url: Wish<String>,
    pub(crate) return_urls: Option<BTreeSet<String>>,
    pub(crate) company: Wish<String>,
    pub(crate) support_url: Wish<String>,
    pub(crate) home_url: Wish<String>,
    pub(crate) language: Wish<LanguageTag>,
    pub(crate) logo: Wish<Logo>,
    pub(crate) roles_changed_at: Wish<Timestamp>,
    pub(crate) by: Option<By>,
}

impl UpdateApplication {
    pub(super) fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            application_id: fields.required("applicationId")?,
            name: fields.text("name")?,
            draft: fields.flag("draft")?,
            vendors_need_beta: fields.flag("vendorsNeedBeta")?,
            default_region: fields.optional("defaultRegion")?,
            scopes: fields.texts("scopes")?,
            sign_in_url: Wish::take(fields, "signInUrl", Fields::text)?,
            return_urls: fields.texts("returnUrls")?,
            company: Wish::take(fields, "company", Fields::text)?,
            support_url: Wish::take(fields, "supportUrl", Fields::text)?,
            home_url: Wish::take(fields, "homeUrl", Fields::text)?,
            language: Wish::take(fields, "language", Fields::optional)?,
            logo: Wish::take(fields, "logo", Fields::optional)?,
            roles_changed_at: Wish::take(fields, "rolesChangedAt", |fields, name| {
                // The row holds whole seconds.
                Ok(fields.time(name)?.and_then(|time| Timestamp::from_second(time.as_second()).ok()))
            })?,
            by: fields.optional("by")?,
        })
    }
}

/// A change of an optional setting. A field that is left out changes nothing, and `null` clears the setting.
#[derive(Clone, Debug)]
pub(crate) enum Wish<T> {
    /// The setting does not change.
    Stays,
    /// The setting is cleared.
    Cleared,
    /// The setting gets this value.
    Set(T),
}

impl<T: Clone> Wish<T> {
    /// Takes the field `name` with `take`.
    fn take(
        fields: &mut Fields,
        name: &'static str,
        take: impl FnOnce(&mut Fields, &'static str) -> Result<Option<T>, Error>,
    ) -> Result<Self, Error> {
        let cleared = if fields.is_null(name) { Self::Cleared } else { Self::Stays };
        Ok(take(fields, name)?.map_or(cleared, Self::Set))
    }

    /// Returns the value after the change of `present`.
    pub(crate) fn applied_to(&self, present: Option<&T>) -> Option<T> {
        match self {
            Self::Stays => present.cloned(),
            Self::Cleared => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}
