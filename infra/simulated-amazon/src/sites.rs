//! Which of Amazon's sites a request is for: its Host header tells.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, uri::Authority},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower::ServiceExt;

use crate::{
    SimulatedAmazon, control,
    facts::{LOGIN_WITH_AMAZON_HOST, Region, STOREFRONT_HOSTS, TOKEN_PATHS},
    login_with_amazon,
    marketplaces::Central,
    pages::{self, appstore, confirm, consent, index, manage},
    random, sp_api,
};

/// The host that the browser asked for, without port and `.localhost`.
#[derive(Clone, Debug)]
pub(crate) struct OfficialHost(pub(crate) String);

/// A router for each kind of site.
pub(crate) struct Sites {
    amazon: SimulatedAmazon,
    central: Router,
    storefront: Router,
    login_with_amazon: Router,
    loopback: Router,
    sp_api: Router,
}

impl Sites {
    pub(crate) fn new(amazon: &SimulatedAmazon) -> Self {
        let login_with_amazon = TOKEN_PATHS
            .into_iter()
            .fold(Router::new(), |router, path| router.route(path, post(login_with_amazon::token)));
        Self {
            amazon: amazon.clone(),
            central: central().with_state(amazon.clone()),
            storefront: storefront().with_state(amazon.clone()),
            loopback: login_with_amazon.clone().route("/", get(index::show)).with_state(amazon.clone()),
            login_with_amazon: login_with_amazon.with_state(amazon.clone()),
            sp_api: sp_api::router().with_state(amazon.clone()),
        }
    }

    pub(crate) async fn serve(&self, mut request: Request) -> Response {
        if request.uri().path().starts_with("/_control/") {
            return control::unknown_call();
        }
        let host = official_host(&request);
        let site = Site::of(&host);
        let called_by_programs =
            matches!(&site, Some(Site::LoginWithAmazon | Site::SpApi(_) | Site::Loopback));
        let router = match site {
            Some(Site::Central(central)) => {
                request.extensions_mut().insert(central);
                &self.central
            }
            Some(Site::Storefront) => &self.storefront,
            Some(Site::LoginWithAmazon) => &self.login_with_amazon,
            Some(Site::Loopback) => &self.loopback,
            Some(Site::SpApi(region)) => {
                request.extensions_mut().insert(region);
                &self.sp_api
            }
            None => {
                let because = "no site of Amazon's that is simulated here has this host name";
                return pages::error(StatusCode::NOT_FOUND, None, because);
            }
        };
        request.extensions_mut().insert(OfficialHost(host));
        let mut response = router.clone().oneshot(request).await.into_response();
        if called_by_programs {
            let id = random::uuid();
            let value = HeaderValue::from_str(&id).expect("letters and digits are a header value");
            response.headers_mut().insert("x-amzn-requestid", value);
            self.amazon.office().calls.latest_request_id = id;
        }
        response
    }
}

enum Site {
    Central(Central),
    Storefront,
    LoginWithAmazon,
    SpApi(Region),
    Loopback,
}

impl Site {
    fn of(host: &str) -> Option<Self> {
        if let Some(central) = Central::at(host) {
            return Some(Self::Central(central));
        }
        if let Some(region) = Region::ALL.into_iter().find(|region| region.sp_api_host() == host) {
            return Some(Self::SpApi(region));
        }
        match host {
            LOGIN_WITH_AMAZON_HOST => Some(Self::LoginWithAmazon),
            "127.0.0.1" | "localhost" | "[::1]" => Some(Self::Loopback),
            host if STOREFRONT_HOSTS.contains(&host) => Some(Self::Storefront),
            _ => None,
        }
    }
}

fn central() -> Router<SimulatedAmazon> {
    storefront()
        .route("/", get(index::show))
        .route("/apps/authorize/consent", get(consent::ask).post(consent::answer))
        .route("/appstore/{application_id}", get(appstore::show))
        .route("/apps/manage", get(manage::show))
        .route(
            "/apps/manage/{application_id}/reauthorize",
            get(manage::reauthorize).post(manage::reauthorize),
        )
        .route("/apps/manage/{application_id}/disable", post(manage::disable))
        .route("/apps/manage/{application_id}/enable", post(manage::enable))
}

fn storefront() -> Router<SimulatedAmazon> {
    Router::new()
        .route("/apps/authorize/confirm/{application_id}", get(confirm::finish))
        .route("/apps/authorize/confirm/{application_id}/", get(confirm::finish))
}

fn official_host(request: &Request) -> String {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = named.or_else(|| request.uri().authority().map(Authority::as_str));
    let host = authority.unwrap_or_default().to_ascii_lowercase();
    let without_port = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => &host,
    };
    without_port.strip_suffix(".localhost").unwrap_or(without_port).to_owned()
}
