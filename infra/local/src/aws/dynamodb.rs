//! DynamoDB: an engine on `SQLite`, which serves the protocol on an inner address.
//!
//! Requests are forwarded to the engine's server unchanged: only there does the engine answer malformed requests as DynamoDB does.

use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use dynoxide::{
    AttributeValue, Database, DynoxideError, ImportOptions, Item, actions::get_item::GetItemRequest,
};
use http::{
    HeaderMap, Request, Uri,
    header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use simulated_amazon::Clock;
use thiserror::Error;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    aws::{
        OpenError,
        backups::Backups,
        lagging_reads::LaggingReads,
        service::{self, Service},
    },
    locked::Locked,
    template::{self, TableError},
};

pub(super) struct Dynamodb {
    client: Client<HttpConnector, Body>,
    database: Database,
    address: Uri,
    backups: Backups,
    /// The reads that lag behind the tables, if some do.
    lagging: Locked<Option<Arc<LaggingReads>>>,
    /// The engine's server stops when this is dropped.
    _running: oneshot::Sender<()>,
}

/// Why rows could not be imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// One of them is not a row.
    #[error("not a row in DynamoDB's JSON")]
    Malformed(#[from] serde_json::Error),
    /// The engine refused them.
    #[error("the DynamoDB engine refused the rows: {0}")]
    Refused(#[from] DynoxideError),
}

impl Dynamodb {
    pub(super) async fn open(data: Option<&Path>, clock: Clock) -> Result<Self, OpenError> {
        let database = match data {
            Some(data) => Database::new(&data.join("dynamodb.sqlite").to_string_lossy())?,
            None => Database::memory()?,
        };
        template::create_missing_tables(&database)?;
        let refused = |source| OpenError::File { path: "127.0.0.1".into(), source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(refused)?;
        let authority = listener.local_addr().map_err(refused)?.to_string();
        let address = Uri::builder()
            .scheme("http")
            .authority(authority)
            .path_and_query("/")
            .build()
            .expect("a socket address is an authority");
        let (running, stopped) = oneshot::channel::<()>();
        let served = database.clone();
        tokio::spawn(async move {
            let stop = async move {
                let _ = stopped.await;
            };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, served, stop).await {
                tracing::error!(error, "The DynamoDB engine stopped");
            }
        });
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            database,
            address,
            backups: Backups::new(clock),
            lagging: Locked::default(),
            _running: running,
        })
    }

    /// The engine, for reading streams as AWS's own services do: no fault applies, and no call is counted.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Returns those attributes of a row that are whole numbers, by name. Empty if the row does not exist. No secret is a number, so
    /// none is returned.
    pub(super) fn numbers(
        &self,
        table: &str,
        key: (&str, &str),
        attributes: &[&str],
    ) -> Result<BTreeMap<String, i64>, DynoxideError> {
        let request = GetItemRequest {
            table_name: table.to_owned(),
            key: HashMap::from([(key.0.to_owned(), AttributeValue::S(key.1.to_owned()))]),
            consistent_read: Some(true),
            projection_expression: Some(attributes.join(", ")),
            ..Default::default()
        };
        let row = self.database.get_item(request)?.item.unwrap_or_default();
        let number = |(name, value)| match value {
            AttributeValue::N(number) => number.parse().ok().map(|number| (name, number)),
            _ => None,
        };
        Ok(row.into_iter().filter_map(number).collect())
    }

    /// Makes the reads that are not consistent lag behind by so much from now on; by nothing, if `lag` is zero.
    pub(super) fn delay_reads(&self, lag: Duration) -> Result<(), TableError> {
        let lagging = match lag {
            Duration::ZERO => None,
            _ => Some(Arc::new(LaggingReads::of(&self.database, lag)?)),
        };
        *self.lagging.lock() = lagging;
        Ok(())
    }

    /// Imports rows into a table, all or none. Every read shows them at once.
    pub(super) fn import(&self, table: &str, rows: Vec<Value>) -> Result<(), ImportError> {
        let items = rows.into_iter().map(serde_json::from_value).collect::<Result<Vec<Item>, _>>()?;
        if let Some(lagging) = self.lagging.lock().as_ref() {
            lagging.import(table, items.clone())?;
        }
        self.database.import_items(table, items, ImportOptions::default())?;
        Ok(())
    }

    pub(super) async fn forward(&self, operation: &str, mut headers: HeaderMap, body: Bytes) -> Response {
        if let Some(answer) = self.backups.answer(&self.database, operation, &body) {
            return service::response(answer);
        }
        let lagging = self.lagging.lock().clone();
        if let Some(answer) =
            lagging.as_ref().and_then(|lagging| lagging.answer(&self.database, operation, &body))
        {
            return answer;
        }
        for name in [CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let mut request = Request::post(self.address.clone())
            .body(Body::from(body.clone()))
            .expect("an address and a body make a request");
        *request.headers_mut() = headers;
        match self.client.request(request).await {
            Ok(answer) => {
                if let Some(lagging) = lagging.filter(|_| answer.status().is_success()) {
                    lagging.follow(&self.database, operation, &body);
                }
                answer.map(Body::new).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "The DynamoDB engine did not answer");
                service::response(Service::Dynamodb.internal_error())
            }
        }
    }
}
