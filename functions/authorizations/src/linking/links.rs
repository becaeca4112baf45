//! Makes links: for a first authorization, and for the renewal of one.

use serde_json::{Value, json};
use shared::{
    amazon::marketplace::PartnerType,
    application::Application,
    browser::integrator_url::is_integrator_url,
    consumer::Reach,
    deadline::{Clock, Deadline, retry_until},
    error::Error,
    grant::{
        Grant, GrantKind,
        renewal_links::{consent_host, store_marketplace},
    },
    journey::link::{AuthorizationLink, Label, VALID_FOR, new_link_id},
    region::Region,
};

use super::Linking;
use crate::operation::{CreateLink, RequestRenewal};

/// The consent host, the region, and the type of partner of a link.
struct Place {
    central_host: String,
    region: Region,
    partner_type: PartnerType,
}

impl Linking {
    pub(crate) async fn create_link(
        &self,
        request: CreateLink,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let place = self.place(request.marketplace.as_deref(), request.region, request.partner_type)?;
        reach.allows(|policy| {
            policy.regions.covers(&place.region) && policy.accounts.covers(Some(&request.account))
        })?;
        let application = self.application(request.application_id, reach, clock).await?;
        let link = AuthorizationLink {
            link_id: new_link_id(),
            application_id: application.application_id.clone(),
            account: Some(request.account),
            label: request.label,
            central_host: place.central_host,
            region: place.region,
            partner_type: place.partner_type,
            expected_partner: None,
            return_url: self.registered(request.return_url, &application, clock).await?,
            language: request.language,
            created_by: request.by,
            created_at: clock.began(),
            expires_at: clock.began() + request.valid_for,
        };
        self.store(&link, clock.deadline()).await
    }

    pub(crate) async fn request_renewal(
        &self,
        request: RequestRenewal,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let application = self.application(request.grant.application_id.clone(), reach, clock).await?;
        let return_url = self.registered(request.return_url, &application, clock).await?;
        let application_id = application.application_id.clone();
        let meant = request.grant.of_application(application_id, reach, self.amazon.marketplaces())?;
        let grant = self.grants.meant(&meant, clock.deadline()).await?;
        if grant.kind == GrantKind::SelfAuthorized {
            return Err(Error::RequestRefused("a self-authorized application is renewed in Amazon's portal"));
        }
        let place = self.place_of(&grant)?;
        let manage = self.amazon.manage_your_apps_url(&place.central_host);
        let link = AuthorizationLink {
            link_id: new_link_id(),
            application_id: grant.application_id.clone(),
            label: request.label.unwrap_or_else(|| label_of(&grant)),
            account: grant.account,
            central_host: place.central_host,
            region: place.region,
            partner_type: place.partner_type,
            expected_partner: Some(grant.selling_partner_id),
            return_url,
            language: request.language,
            created_by: request.by,
            created_at: clock.began(),
            expires_at: clock.began() + VALID_FOR,
        };
        let mut answer = self.store(&link, clock.deadline()).await?;
        answer["manageYourAppsUrl"] = json!(manage);
        Ok(answer)
    }

    async fn store(&self, link: &AuthorizationLink, deadline: Deadline) -> Result<Value, Error> {
        let token = retry_until(deadline, || self.links.create(link)).await?;
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

    /// Returns the return URL if it is registered. The comparison is exact, and with the registry itself: a link is made as soon as its
    /// URL is registered, and none is made for a URL that was taken away a moment ago.
    async fn registered(
        &self,
        return_url: Option<String>,
        application: &Application,
        clock: Clock,
    ) -> Result<Option<String>, Error> {
        let Some(url) = return_url else {
            return Ok(None);
        };
        let read = || self.applications.current(&application.application_id);
        let current = retry_until(clock.deadline(), read).await?.ok_or(Error::UnknownApplication)?;
        if current.leads_back_to(&url) && is_integrator_url(&url) {
            return Ok(Some(url));
        }
        let expected = "one of the application's registered return URLs, exactly as it is written there";
        Err(Error::invalid("returnUrl", expected))
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
                let expected = "the id or the country code of a marketplace of Amazon";
                let marketplace = marketplaces.find(named).ok_or(Error::invalid("marketplace", expected))?;
                if region.is_some_and(|region| region != marketplace.region) {
                    return Err(Error::invalid("region", "the marketplace's region, or no region"));
                }
                Ok(of(marketplace))
            }
            (None, Some(region)) => marketplaces
                .find(largest(region))
                .map(of)
                .ok_or_else(|| Error::invalid("region", "one whose largest marketplace is in the table")),
            (None, None) => Err(Error::invalid("marketplace", "one of marketplace or region")),
        }
    }

    /// Returns the place at which the grant's partner consented, or would consent.
    fn place_of(&self, grant: &Grant) -> Result<Place, Error> {
        let marketplaces = self.amazon.marketplaces();
        if let Some((host, central)) = consent_host(grant, marketplaces) {
            return Ok(Place {
                central_host: host.to_owned(),
                region: central.region,
                partner_type: central.partner_type,
            });
        }
        let partner_type = grant.partner_type.unwrap_or(PartnerType::Seller);
        let store = store_marketplace(grant, marketplaces);
        self.place(store.map(|store| store.id.as_str()), Some(grant.region), partner_type)
    }
}

/// Returns a label that the partner recognizes: the name of a store, or the selling partner id.
fn label_of(grant: &Grant) -> Label {
    let names = grant.stores.iter().filter_map(|store| store.name.parse().ok());
    names
        .chain(grant.selling_partner_id.as_str().parse().ok())
        .next()
        .unwrap_or_else(|| "Amazon 1".parse().expect("a word and a digit are a label"))
}

/// Returns the country of the region's largest marketplace. Any host of a region begins a regional authorization (F§1.7), and
/// most partners know this one.
fn largest(region: Region) -> &'static str {
    match region {
        Region::Na => "US",
        Region::Eu => "GB",
        Region::Fe => "JP",
    }
}
