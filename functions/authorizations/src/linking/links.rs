//! Links: an invitation to authorize, and one to authorize again.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    amazon::marketplace::PartnerType,
    application::Application,
    browser::integrator_url::is_integrator_url,
    deadline::{Deadline, patiently},
    error::Error,
    grant::{
        Grant, GrantKey, GrantKind, Status,
        renewal_links::{consent_host, store_marketplace},
    },
    ids::{Account, SellingPartnerId},
    journey::link::{AuthorizationLink, Label, VALID_AT_MOST, VALID_FOR, new_link_id},
    region::Region,
};

use super::{Linking, fields::Fields};

/// How many rows are read to find the one grant that is meant.
const READ_AT_MOST: usize = 10;

/// Where at Amazon's a partner consents, and as what.
struct Place {
    central_host: String,
    region: Region,
    partner_type: PartnerType,
}

impl Linking {
    pub(super) async fn create_link(
        &self,
        mut fields: Fields,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let named = fields.optional("applicationId")?;
        let account: Account = fields.required("account")?;
        let label: Label = fields.required("label")?;
        let partner_type = fields.optional("type")?.unwrap_or(PartnerType::Seller);
        let marketplace = fields.text("marketplace")?;
        let place = self.place(marketplace.as_deref(), fields.optional("region")?, partner_type)?;
        let return_url = fields.text("returnUrl")?;
        let most = VALID_AT_MOST.as_secs();
        let valid_for = fields.seconds("validSeconds", most)?.map_or(VALID_FOR, SignedDuration::from_secs);
        let by = fields.by()?;
        fields.end()?;
        let application = self.application(named, now, deadline).await?;
        let link = AuthorizationLink {
            link_id: new_link_id(),
            application_id: application.application_id.clone(),
            account: Some(account),
            label,
            central_host: place.central_host,
            region: place.region,
            partner_type: place.partner_type,
            expected_partner: None,
            return_url: registered(return_url, &application)?,
            created_by: by,
            created_at: now,
            expires_at: now + valid_for,
        };
        self.store(&link, deadline).await
    }

    pub(super) async fn request_renewal(
        &self,
        mut fields: Fields,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let named = fields.optional("applicationId")?;
        let account: Option<Account> = fields.optional("account")?;
        let partner: Option<SellingPartnerId> = fields.optional("sellingPartnerId")?;
        let region: Option<Region> = fields.optional("region")?;
        let label: Option<Label> = fields.optional("label")?;
        let return_url = fields.text("returnUrl")?;
        let by = fields.by()?;
        fields.end()?;
        let application = self.application(named, now, deadline).await?;
        let return_url = registered(return_url, &application)?;
        let keys = match (&account, &partner) {
            (Some(account), None) => patiently(deadline, || self.grants.keys_of_account(account)).await?,
            (None, Some(partner)) => patiently(deadline, || self.grants.keys_of_partner(partner)).await?,
            (None, None) => return Err(Error::invalid("account", "it or sellingPartnerId")),
            (Some(_), Some(_)) => return Err(Error::invalid("account", "it or sellingPartnerId, not both")),
        };
        let grant = self.only(keys, &application, region, account.as_ref(), deadline).await?;
        if grant.kind == GrantKind::SelfAuthorized {
            return Err(Error::RequestRefused("a self-authorized application is renewed in Amazon's portal"));
        }
        let place = self.place_of(&grant)?;
        let manage = self.amazon.manage_your_apps_url(&place.central_host);
        let link = AuthorizationLink {
            link_id: new_link_id(),
            application_id: grant.application_id.clone(),
            label: label.unwrap_or_else(|| label_of(&grant)),
            account: grant.account,
            central_host: place.central_host,
            region: place.region,
            partner_type: place.partner_type,
            expected_partner: Some(grant.selling_partner_id),
            return_url,
            created_by: by,
            created_at: now,
            expires_at: now + VALID_FOR,
        };
        let mut answer = self.store(&link, deadline).await?;
        answer["manageYourAppsUrl"] = json!(manage);
        Ok(answer)
    }

    async fn store(&self, link: &AuthorizationLink, deadline: Deadline) -> Result<Value, Error> {
        let token = patiently(deadline, || self.links.create(link)).await?;
        tracing::info!(
            link.id = %link.link_id,
            application.id = %link.application_id,
            renews = link.expected_partner.is_some(),
            "Authorization link {} created",
            link.link_id
        );
        Ok(json!({
            "linkId": link.link_id,
            "url": format!("{}/authorize?link={}", self.site.origin(), token.expose()),
            "expiresAt": link.expires_at.strftime("%FT%TZ").to_string(),
        }))
    }

    fn place(
        &self,
        marketplace: Option<&str>,
        region: Option<Region>,
        partner_type: PartnerType,
    ) -> Result<Place, Error> {
        let marketplaces = self.amazon.marketplaces();
        let of = |marketplace: &shared::amazon::marketplace::Marketplace| Place {
            central_host: marketplace.central_host(partner_type).to_owned(),
            region: marketplace.region,
            partner_type,
        };
        match (marketplace, region) {
            (Some(named), region) => {
                let expected = "a marketplace of Amazon's, as its id or its country's code";
                let marketplace = marketplaces.find(named).ok_or(Error::invalid("marketplace", expected))?;
                if region.is_some_and(|region| region != marketplace.region) {
                    return Err(Error::invalid("region", "the marketplace's own, or none"));
                }
                Ok(of(marketplace))
            }
            (None, Some(region)) => marketplaces
                .find(largest(region))
                .map(of)
                .ok_or_else(|| Error::invalid("region", "one whose largest marketplace is in the table")),
            (None, None) => Err(Error::invalid("marketplace", "it or region")),
        }
    }

    /// Where the grant's partner consented, or would.
    fn place_of(&self, grant: &Grant) -> Result<Place, Error> {
        let marketplaces = self.amazon.marketplaces();
        if let Some((host, told)) = consent_host(grant, marketplaces) {
            return Ok(Place {
                central_host: host.to_owned(),
                region: told.region,
                partner_type: told.partner_type,
            });
        }
        let partner_type = grant.partner_type.unwrap_or(PartnerType::Seller);
        let store = store_marketplace(grant, marketplaces);
        self.place(store.map(|store| store.id.as_str()), Some(grant.region), partner_type)
    }

    /// The one grant among `keys` that fits and is not removed.
    async fn only(
        &self,
        keys: Vec<GrantKey>,
        application: &Application,
        region: Option<Region>,
        account: Option<&Account>,
        deadline: Deadline,
    ) -> Result<Grant, Error> {
        let fitting = keys
            .into_iter()
            .filter(|key| key.application_id == application.application_id)
            .filter(|key| region.is_none_or(|region| key.region == region))
            .take(READ_AT_MOST);
        let mut found: Vec<Grant> = Vec::new();
        for key in fitting {
            let grant = patiently(deadline, || self.grants.find(&key)).await?;
            // An index may lag behind: the row decides whose it is.
            found.extend(grant.filter(|grant| {
                grant.status != Status::Removed
                    && account.is_none_or(|account| grant.account.as_ref() == Some(account))
            }));
        }
        let grant = found.pop().ok_or(Error::UnknownSellingPartner)?;
        match found.iter().all(|other| other.region == grant.region) {
            _ if found.is_empty() => Ok(grant),
            true => Err(Error::AmbiguousSellingPartner("sellingPartnerId")),
            false => Err(Error::AmbiguousSellingPartner("region")),
        }
    }
}

/// A return URL, only as it is registered.
fn registered(return_url: Option<String>, application: &Application) -> Result<Option<String>, Error> {
    let expected = "one of the application's registered return URLs, exactly as it is written there";
    match return_url {
        Some(url) if !application.return_urls.contains(&url) || !is_integrator_url(&url) => {
            Err(Error::invalid("returnUrl", expected))
        }
        checked => Ok(checked),
    }
}

/// What a partner who is asked to renew knows itself by.
fn label_of(grant: &Grant) -> Label {
    let names = grant.stores.iter().filter_map(|store| store.name.parse().ok());
    names
        .chain(grant.selling_partner_id.as_str().parse().ok())
        .next()
        .unwrap_or_else(|| "Amazon 1".parse().expect("a word and a digit are a label"))
}

/// Any host of a region begins a regional authorization (F§1.7); most partners know this marketplace's.
fn largest(region: Region) -> &'static str {
    match region {
        Region::Na => "US",
        Region::Eu => "GB",
        Region::Fe => "JP",
    }
}
