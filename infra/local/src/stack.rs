//! Starts the whole system: gateway, simulated Amazon and AWS on three ports, and the functions behind them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use axum::{Router, serve::ListenerExt};
use shared::{
    aws::Aws as Clients,
    env::{Env, Unset},
    ids::ApplicationId,
};
use simulated_amazon::{Clock, Faults, SimulatedAmazon};
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    arn::REGION,
    aws::{self, Aws, PublishedEvent},
    console, control, demo,
    environment::{CREDENTIAL, aws_endpoint, environment, site_origin},
    functions::Functions,
    lambdas::Lambdas,
    metrics::Statistic,
    ports::{Numbers, PortError, Ports},
    seed,
    timekeeper::{Timekeeper, stored_clock},
};

/// The options of a local stack.
#[derive(Debug, Default)]
pub struct Options {
    /// The first of three ports; 0 takes any three free ports.
    pub port: u16,
    /// The data directory. Without it, everything stays in memory.
    pub data: Option<PathBuf>,
    /// Further variables of the functions, such as `DIRECT_AUTHORIZE`. They replace the stack's own of the same name.
    pub variables: Vec<(String, String)>,
    /// Turns the refresher's schedules off, so that only callers cause refreshes.
    pub without_refresher: bool,
}

/// A running local stack. Dropping it stops it.
pub struct Stack {
    ports: Numbers,
    amazon: SimulatedAmazon,
    aws: Aws,
    clock: Clock,
    functions: Functions,
    lambdas: Arc<Lambdas>,
    applications: seed::Registrar,
    timekeeper: Arc<Timekeeper>,
    _servers: JoinSet<io::Result<()>>,
}

/// Why a local stack did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// A port could not be bound.
    #[error(transparent)]
    Port(#[from] PortError),
    /// AWS did not start.
    #[error(transparent)]
    Aws(#[from] aws::OpenError),
    /// The simulated Amazon did not start.
    #[error(transparent)]
    Amazon(#[from] simulated_amazon::OpenError),
    /// A function's variable is missing or malformed.
    #[error(transparent)]
    Variable(#[from] Unset),
    /// The data directory could not be created.
    #[error("could not create the data directory: {0}")]
    Directory(#[from] io::Error),
    /// The first application, its secret or the sealing key could not be created.
    #[error("could not seed the local stack: {0}")]
    Seed(#[from] seed::SeedError),
}

impl Stack {
    /// Starts everything. All three ports answer when this returns. They are bound before, and a request that arrives in between
    /// waits, so that none finds a part without the rest.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listeners = Ports::bind(options.port).await?;
        let ports = listeners.numbers()?;
        let data = options.data.as_deref();
        if let Some(directory) = data {
            fs::create_dir_all(directory)?;
        }

        let clock = stored_clock(data);
        let faults = Faults::default();
        let functions = Functions::default();
        let aws = Aws::open(data, functions.clone(), faults.clone(), clock.clone()).await?;
        let books = data.map(|directory: &Path| directory.join("amazon.json"));
        let amazon = SimulatedAmazon::open(ports.amazon, books, clock.clone(), faults)?;

        let mut servers = JoinSet::new();
        let mut serve = |listener: TcpListener, router: Router| {
            // With Nagle's algorithm, the second part of an answer would wait for an acknowledgement of the first.
            let listener = listener.tap_io(|connection| {
                let _ = connection.set_nodelay(true);
            });
            servers.spawn(async { axum::serve(listener, router).await })
        };
        let preparation = listeners.preparation.local_addr()?;
        serve(listeners.preparation, aws.router());
        let clients = Clients::new(sdk_config(&format!("http://{preparation}")));
        seed::Registrar::new(&clients, amazon.clone(), aws.clone(), ports).seed().await?;

        let clients = Clients::new(sdk_config(&aws_endpoint(ports)));
        let applications = seed::Registrar::new(&clients, amazon.clone(), aws.clone(), ports);
        let own = environment(ports).into_iter().map(|(name, value)| (name.to_owned(), value));
        let env = Env::from_pairs(own.chain(options.variables));
        let lambdas = Arc::new(Lambdas::from_env(&env, &clients, aws.cloud_watch())?);
        lambdas.register(&functions, &clock);
        serve(listeners.aws, aws.router());
        // Not before, because the function that writes the policy reaches AWS through that port.
        if env.optional("CONSUMERS") == Some("required") {
            seed::seed_consumers(&aws, &functions).await?;
        }
        let timekeeper = Arc::new(Timekeeper::new(
            amazon.clone(),
            &aws,
            &functions,
            clock.clone(),
            data,
            options.without_refresher,
        ));
        let controls = control::router(Arc::clone(&timekeeper), clock.clone())
            .merge(control::metrics_router(aws.clone(), clock.clone()))
            .merge(control::reads_router(aws.clone()));
        let amazon_and_controls = amazon.router().merge(controls);
        serve(listeners.amazon, amazon_and_controls.clone());
        let console = console::router(ports, aws.clone(), amazon_and_controls, clock.clone());
        let gateway = Lambdas::gateway(&site_origin(ports), functions.clone(), clock.clone());
        let pages = console.merge(gateway.into_router());
        serve(listeners.gateway, demo::beside(pages, ports, aws.clone()));

        let running = Arc::clone(&timekeeper);
        servers.spawn(async move {
            running.run().await;
            Ok(())
        });
        Ok(Self {
            ports,
            amazon,
            aws,
            clock,
            functions,
            lambdas,
            applications,
            timekeeper,
            _servers: servers,
        })
    }

    /// The numbers of the ports.
    pub fn ports(&self) -> Numbers {
        self.ports
    }

    /// The clock of the whole stack.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The local AWS, for counting calls.
    pub fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The simulated Amazon.
    pub fn amazon(&self) -> &SimulatedAmazon {
        &self.amazon
    }

    /// The functions by name. Registering a function under a known name replaces the earlier one.
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// The functions themselves, for calls without a gateway.
    pub fn lambdas(&self) -> &Arc<Lambdas> {
        &self.lambdas
    }

    /// Advances the clock, as `/_control/advance` does. When this returns, each schedule that became due has run once and the
    /// queues are drained. Returns the names of the schedules that ran.
    pub async fn advance(&self, seconds: u32) -> io::Result<Vec<&'static str>> {
        let (ran, stored) = self.timekeeper.advance(seconds).await;
        stored.map(|()| ran)
    }

    /// Runs the schedules that are due and returns their names. The stack itself does so within a second.
    pub async fn run_due(&self) -> Vec<&'static str> {
        self.timekeeper.run_due().await
    }

    /// Delivers every visible message of the queues to the functions.
    pub async fn drain(&self) {
        self.timekeeper.drain().await;
    }

    /// The latest 1,000 events since the start, oldest first. They include everything that is in the history by now.
    pub async fn events(&self) -> Vec<PublishedEvent> {
        self.aws.events(0).await
    }

    /// Every metric of every function since the start, as `/_control/metrics` returns them.
    pub fn metrics(&self) -> Vec<Statistic> {
        self.aws.cloud_watch().statistics(self.clock.now())
    }

    /// The latest 1,000 lines that the functions wrote for CloudWatch, oldest first.
    pub fn metric_lines(&self) -> Vec<String> {
        self.aws.cloud_watch().lines()
    }

    /// The configuration of an AWS client that reaches this stack.
    pub fn sdk_config(&self) -> SdkConfig {
        sdk_config(&aws_endpoint(self.ports))
    }

    /// Registers one more application, at Amazon and in the applications table.
    pub async fn register(
        &self,
        application: seed::NewApplication,
    ) -> Result<ApplicationId, seed::SeedError> {
        self.applications.register(application).await
    }
}

fn sdk_config(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new(CREDENTIAL, CREDENTIAL, None, None, "local stack");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .region(Region::new(REGION))
        .build()
}

#[cfg(test)]
mod tests;
