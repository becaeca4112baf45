//! Serves every site on one port: the Host header decides which site a request is for. Control calls are answered on every
//! host.

use std::{io, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, uri::Authority},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::fmt::rfc2822;
use tower::ServiceExt;

use crate::{
    amazon::SimulatedAmazon,
    control,
    facts::{LOGIN_WITH_AMAZON_HOST, Region, STOREFRONT_HOSTS, TOKEN_PATHS},
    layout::error_page,
    login_with_amazon,
    marketplaces::Central,
    pages::{OfficialHost, appstore, confirm, consent, index, manage},
    random, sp_api,
};

impl SimulatedAmazon {
    /// Returns the router of all sites and of the control calls.
    pub fn router(&self) -> Router {
        let sites = Arc::new(Sites::new(self));
        control::router()
            .with_state(self.clone())
            .fallback(move |request| async move { sites.serve(request).await })
            .layer(middleware::from_fn_with_state(self.clone(), save_before_the_answer))
    }
}

/// Saves what a request changed before it is answered, so that an answer never rests on a change that can be lost.
async fn save_before_the_answer(
    State(amazon): State<SimulatedAmazon>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    // Amazon sends its time with every answer; here it is that of the simulated clock.
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&amazon.now());
    if let Some(date) = date.ok().and_then(|date| date.parse().ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    amazon.backend().prune(amazon.now());
    if !amazon.is_saved() {
        return response;
    }
    let saved = tokio::task::spawn_blocking(move || amazon.save()).await.map_err(io::Error::other);
    match saved.flatten() {
        Ok(()) => response,
        Err(error) => {
            tracing::error!(%error, "The state of the simulated Amazon could not be saved");
            (StatusCode::INTERNAL_SERVER_ERROR, format!("the state could not be saved: {error}"))
                .into_response()
        }
    }
}

/// A router for each kind of site.
struct Sites {
    amazon: SimulatedAmazon,
    central: Router,
    storefront: Router,
    login_with_amazon: Router,
    loopback: Router,
    sp_api: Router,
}

impl Sites {
    fn new(amazon: &SimulatedAmazon) -> Self {
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

    async fn serve(&self, mut request: Request) -> Response {
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
                let because = format!("no simulated site of Amazon has the host name {host}");
                return error_page(StatusCode::NOT_FOUND, None, &because);
            }
        };
        request.extensions_mut().insert(OfficialHost(host));
        let mut response = router.clone().oneshot(request).await.into_response();
        if called_by_programs {
            let id = random::uuid();
            let value = HeaderValue::from_str(&id).expect("letters and digits are a header value");
            response.headers_mut().insert("x-amzn-requestid", value);
            self.amazon.backend().calls.latest_request_id = id;
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
