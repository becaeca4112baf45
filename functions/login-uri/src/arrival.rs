//! What Amazon sends with a browser to the Login URI (F§2), checked parameter by parameter.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use shared::{
    amazon::{Amazon, marketplace::CentralHost},
    browser::{
        page::{Choice, Label, Message},
        query::{BadParameter, Query},
    },
    ids::{RequestId, SellingPartnerId},
    journey::request::Arrival,
};

use crate::{
    callback_target::{CallbackTarget, named_host},
    stop::{Refusal, Stop},
};

/// The longest `amazon_state` that is accepted, in bytes. A URL must have room for twice that. Amazon has sent more than 200
/// characters (F§2).
const LONGEST_AMAZON_STATE: usize = 4096;

/// The `journey` of a partner who continues none.
const NO_JOURNEY: &str = "none";

/// The field of a form in which [`FromAmazon::packed`] comes back.
pub(crate) const ARRIVAL: &str = "arrival";

/// Returns the query of the arrival that a form on a page of this site carries in its field `arrival`, with the site that the partner
/// chose there. Returns `None` if there is no such field, or if it holds what no query may hold: then nothing reads it.
///
/// The field comes from the browser, as the query of an arrival does, so it is checked as one.
pub(crate) fn unpacked(raw_query: &str) -> Option<String> {
    let query = Query::parse(raw_query);
    let packed = query.find(ARRIVAL).ok()??.raw();
    let arrival = String::from_utf8(URL_SAFE_NO_PAD.decode(packed).ok()?).ok()?;
    let is_query = arrival.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    let central = query.find("central").ok()?.map(|chosen| format!("&central={}", chosen.raw()));
    is_query.then(|| arrival + &central.unwrap_or_default())
}

/// What the partner chose on the page that asks which journey this is.
pub(crate) enum Chosen {
    /// Nothing yet.
    Nothing,
    /// None of the journeys of this browser.
    NoJourney,
    /// This journey.
    Journey(RequestId),
}

/// The parameters that Amazon sent with the browser.
pub(crate) struct FromAmazon {
    pub(crate) target: CallbackTarget,
    pub(crate) partner: SellingPartnerId,
    /// The region and the type of partner that belong to the target's host. Sometimes Amazon sends a path without a host, or
    /// `amazon.com`, which identify neither (F§2.1).
    pub(crate) central: Option<CentralHost>,
    /// The values as received, still percent-encoded.
    callback_uri: String,
    amazon_state: String,
    partner_as_sent: String,
    pub(crate) version: Option<String>,
    /// What the partner chose on a page of this site.
    pub(crate) chosen: Chosen,
    /// The site of Amazon at which the partner is signed in, if the partner chose it on a page of this site.
    pub(crate) chosen_host: Option<(String, CentralHost)>,
}

impl FromAmazon {
    /// Reads the parameters, or says which of them is not as it should be.
    pub(crate) fn parse(query: &Query<'_>, amazon: &Amazon) -> Result<Self, Stop> {
        let missing = |name| Stop::Bad(BadParameter::missing(name));
        let callback_uri =
            query.find("amazon_callback_uri")?.ok_or_else(|| missing("amazon_callback_uri"))?;
        let text = query.text("amazon_callback_uri")?.unwrap_or_default();
        let target = CallbackTarget::parse(&text, amazon).ok_or_else(|| not_amazon(&text))?;
        let amazon_state = query.find("amazon_state")?.ok_or_else(|| missing("amazon_state"))?;
        query.text("amazon_state")?;
        if amazon_state.raw().len() > LONGEST_AMAZON_STATE {
            return Err(BadParameter::not("amazon_state", "at most 4096 bytes").into());
        }
        let partner: SellingPartnerId = query.required("selling_partner_id")?;
        let partner_as_sent = query.find("selling_partner_id")?.map(|value| value.raw().to_owned());
        let version = query.find("version")?.map(|version| version.raw().to_owned());
        if version.as_ref().is_some_and(|version| !is_version(version)) {
            return Err(BadParameter::not("version", "at most 32 letters, digits, -, _ and .").into());
        }
        let chosen = match query.text("journey")? {
            None => Chosen::Nothing,
            Some(none) if none == NO_JOURNEY => Chosen::NoJourney,
            Some(_) => Chosen::Journey(query.required("journey")?),
        };
        let marketplaces = amazon.marketplaces();
        let chosen_host = match query.text("central")? {
            None => None,
            Some(host) => {
                let central = marketplaces.central_host(&host);
                let central = central.ok_or(BadParameter::not("central", "a consent host of the table"))?;
                Some((host, central))
            }
        };
        let central = target.host.as_deref().and_then(|host| marketplaces.central_host(host));
        Ok(Self {
            target,
            partner,
            central,
            callback_uri: callback_uri.raw().to_owned(),
            amazon_state: amazon_state.raw().to_owned(),
            partner_as_sent: partner_as_sent.unwrap_or_default(),
            version,
            chosen,
            chosen_host,
        })
    }

    /// Returns where Amazon wants the browser back, at `host`.
    pub(crate) fn returning_to(&self, host: &str, amazon: &Amazon) -> Arrival {
        Arrival {
            target: self.target.on(host, amazon),
            amazon_state: self.amazon_state.clone(),
            version: self.version.clone(),
        }
    }

    /// Returns the link that goes on without any journey of this browser.
    pub(crate) fn without_link(&self) -> Choice {
        Choice { label: Label::WithoutLink, href: self.again_with(&[("journey", NO_JOURNEY)]) }
    }

    /// Returns the same link for a partner who is not the one that the journey of this browser expects.
    pub(crate) fn instead(&self) -> Choice {
        Choice { label: Label::OtherAccount, ..self.without_link() }
    }

    /// Returns the path of `/login` with this arrival and with what the partner chooses. Amazon's values are as received.
    pub(crate) fn again_with(&self, choices: &[(&str, &str)]) -> String {
        format!("/login?{}", self.query_with(choices))
    }

    /// Returns the arrival in one word of ASCII, which a form can carry without a change (RFC 4648 section 5).
    pub(crate) fn packed(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.query_with(&[]))
    }

    fn query_with(&self, choices: &[(&str, &str)]) -> String {
        let journey = match &self.chosen {
            Chosen::Nothing => None,
            Chosen::NoJourney => Some(NO_JOURNEY),
            Chosen::Journey(id) => Some(id.as_str()),
        };
        let sent = [
            ("amazon_callback_uri", Some(self.callback_uri.as_str())),
            ("amazon_state", Some(&self.amazon_state)),
            ("selling_partner_id", Some(&self.partner_as_sent)),
            ("version", self.version.as_deref()),
            ("journey", journey),
            ("central", self.chosen_host.as_ref().map(|(host, _)| host.as_str())),
        ];
        let kept = sent.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let kept = kept.filter(|(name, _)| choices.iter().all(|(chosen, _)| chosen != name));
        let pairs: Vec<_> =
            kept.chain(choices.iter().copied()).map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }
}

/// The callback address is not one of Amazon's that we know. If it names a host, the log names it too: it may be a new one of
/// Amazon's.
fn not_amazon(callback_uri: &str) -> Stop {
    if let Some(host) = named_host(callback_uri) {
        let central = if host.contains("vendorcentral") { "vendorCentral" } else { "sellerCentral" };
        tracing::warn!(
            host,
            "Callback target is not Amazon's, host: {host}; hint: if it is the host of a new country, add a row with all six \
             fields to MARKETPLACES: {{\"{central}\": \"{host}\", \"id\": …, \"country\": …, \"name\": …, \"region\": …, …}}"
        );
    }
    Refusal::with(Message::NotAmazon)
        .bad(BadParameter::not("amazon_callback_uri", "an address of Amazon's at which a partner confirms"))
        .into()
}

fn is_version(raw: &str) -> bool {
    raw.len() <= 32 && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'.')
}
