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
    facts::{LOGIN_WITH_AMAZON_HOST, STOREFRONT_HOSTS, TOKEN_INFO_PATHS, TOKEN_PATHS},
    layout::error_page,
    login_with_amazon,
    marketplaces::Central,
    pages::{OfficialHost, appstore, confirm, consent, index, manage},
    random,
    sp_api::{self, endpoint::Endpoint},
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
        let tokens = TOKEN_PATHS.map(|path| (path, post(login_with_amazon::token)));
        let descriptions = TOKEN_INFO_PATHS.map(|path| (path, get(login_with_amazon::token_info)));
        let login_with_amazon = tokens
            .into_iter()
            .chain(descriptions)
            .fold(Router::new(), |router, (path, method)| router.route(path, method));
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
        let Some(site) = Site::of(&host, &mut request) else {
            let because = format!("no simulated site of Amazon has the host name {host}");
            return error_page(StatusCode::NOT_FOUND, None, &because);
        };
        let mut ids = Vec::new();
        if !matches!(site, Site::Central(_) | Site::Storefront) {
            ids.push(("x-amzn-requestid", random::uuid()));
        }
        if matches!(site, Site::SpApi(_)) {
            ids.extend(random::gateway_ids(self.amazon.now().as_second()));
        }
        let router = match site {
            Site::Central(central) => {
                request.extensions_mut().insert(central);
                &self.central
            }
            Site::Storefront => &self.storefront,
            Site::LoginWithAmazon => &self.login_with_amazon,
            Site::Loopback => &self.loopback,
            Site::SpApi(endpoint) => {
                request.extensions_mut().insert(endpoint);
                &self.sp_api
            }
        };
        request.extensions_mut().insert(OfficialHost(host));
        let mut response = router.clone().oneshot(request).await.into_response();
        if let Some((_, request_id)) = ids.first() {
            self.amazon.backend().calls.latest_request_id.clone_from(request_id);
        }
        for (name, id) in ids {
            let value = HeaderValue::from_str(&id).expect("letters and digits are a header value");
            response.headers_mut().insert(name, value);
        }
        response
    }
}

enum Site {
    Central(Central),
    Storefront,
    LoginWithAmazon,
    SpApi(Endpoint),
    /// Everything that programs call, for those that cannot resolve Amazon's names under `localhost`, and the index.
    Loopback,
}

impl Site {
    /// Returns the site of a request. If the path of the request names an endpoint of SP-API, that part is taken off.
    fn of(host: &str, request: &mut Request) -> Option<Self> {
        if let Some(central) = Central::at(host) {
            return Some(Self::Central(central));
        }
        if let Some(endpoint) = Endpoint::at(host) {
            return Some(Self::SpApi(endpoint));
        }
        match host {
            LOGIN_WITH_AMAZON_HOST => Some(Self::LoginWithAmazon),
            "127.0.0.1" | "localhost" | "[::1]" => {
                if let Some((endpoint, behind)) = Endpoint::under(request.uri()) {
                    *request.uri_mut() = behind;
                    return Some(Self::SpApi(endpoint));
                }
                // A client that resolves a path against an endpoint loses the endpoint's own path.
                let of_sp_api = request.headers().contains_key("x-amz-access-token");
                Some(if of_sp_api { Self::SpApi(Endpoint::ANY_REGION) } else { Self::Loopback })
            }
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
