//! Lambda's operations on aliases and resource policies, by path.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing,
};
use bytes::Bytes;
use http::{StatusCode, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::aws::{
    Aws,
    function_name::Named,
    lambda::{Refusal, parameter},
};

/// The aliases of a page, unless the caller wants fewer (Lambda: `MaxItems`).
const PAGE: usize = 50;

/// The routes of these operations.
pub(super) fn routes() -> Router<Aws> {
    Router::new()
        .route("/2015-03-31/functions/{function}/aliases", routing::get(list).post(create))
        .route(
            "/2015-03-31/functions/{function}/aliases/{name}",
            routing::get(get).put(update).delete(delete),
        )
        .route("/2015-03-31/functions/{function}/policy", routing::get(policy).post(permit))
        .route("/2015-03-31/functions/{function}/policy/{statement}", routing::delete(forbid))
}

async fn create(State(aws): State<Aws>, Path(function): Path<String>, body: Bytes) -> Response {
    aws.count("Lambda.CreateAlias");
    let created = async {
        let function = aws.function(&function)?;
        aws.inner.aliases.create(function, parsed(&body)?).await
    };
    answer(StatusCode::CREATED, created.await)
}

async fn get(State(aws): State<Aws>, Path((function, name)): Path<(String, String)>) -> Response {
    aws.count("Lambda.GetAlias");
    let found = aws.function(&function).and_then(|function| aws.inner.aliases.get(function, &name));
    answer(StatusCode::OK, found)
}

async fn list(State(aws): State<Aws>, Path(function): Path<String>, uri: Uri) -> Response {
    aws.count("Lambda.ListAliases");
    let most = parameter(&uri, "MaxItems").and_then(|most| most.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let marker = parameter(&uri, "Marker");
    let listed =
        aws.function(&function).map(|function| aws.inner.aliases.list(function, marker.as_deref(), most));
    answer(StatusCode::OK, listed)
}

async fn update(
    State(aws): State<Aws>,
    Path((function, name)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    aws.count("Lambda.UpdateAlias");
    let updated = async {
        let function = aws.function(&function)?;
        aws.inner.aliases.update(function, &name, parsed(&body)?).await
    };
    answer(StatusCode::OK, updated.await)
}

async fn delete(State(aws): State<Aws>, Path((function, name)): Path<(String, String)>) -> Response {
    aws.count("Lambda.DeleteAlias");
    let deleted = async { aws.inner.aliases.delete(aws.function(&function)?, &name).await };
    nothing(deleted.await)
}

async fn permit(State(aws): State<Aws>, Path(function): Path<String>, uri: Uri, body: Bytes) -> Response {
    aws.count("Lambda.AddPermission");
    let qualifier = parameter(&uri, "Qualifier");
    let permitted = async {
        let named = aws.named(&function, qualifier.as_deref())?;
        aws.inner.aliases.permit(named.function, named.qualifier, parsed(&body)?).await
    };
    answer(StatusCode::CREATED, permitted.await)
}

async fn policy(State(aws): State<Aws>, Path(function): Path<String>, uri: Uri) -> Response {
    aws.count("Lambda.GetPolicy");
    let qualifier = parameter(&uri, "Qualifier");
    let named = aws.named(&function, qualifier.as_deref());
    answer(StatusCode::OK, named.and_then(|named| aws.inner.aliases.policy(named.function, named.qualifier)))
}

async fn forbid(
    State(aws): State<Aws>,
    Path((function, statement)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    aws.count("Lambda.RemovePermission");
    let qualifier = parameter(&uri, "Qualifier");
    let forbidden = async {
        let named = aws.named(&function, qualifier.as_deref())?;
        aws.inner.aliases.forbid(named.function, named.qualifier, &statement).await
    };
    nothing(forbidden.await)
}

impl Aws {
    /// The function of an identifier without a qualifier.
    fn function<'a>(&self, identifier: &'a str) -> Result<&'a str, Refusal> {
        Named::function(identifier, None, &self.inner.functions).map(|named| named.function)
    }

    fn named<'a>(&self, identifier: &'a str, qualifier: Option<&'a str>) -> Result<Named<'a>, Refusal> {
        Named::find(identifier, qualifier, &self.inner.functions, &self.inner.aliases)
    }
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal {
        status: StatusCode::BAD_REQUEST,
        kind: "InvalidRequestContentException",
        message: "Could not parse request body into json".to_owned(),
    })
}

fn answer(status: StatusCode, outcome: Result<Value, Refusal>) -> Response {
    outcome.map(|body| (status, Json(body))).into_response()
}

fn nothing(outcome: Result<(), Refusal>) -> Response {
    outcome.map(|()| StatusCode::NO_CONTENT).into_response()
}
