//! How much memory each function should have: it needs little, and memory buys its share of a processor.
//!
//! Each real binary runs as one environment with the share of a processor that a size comes with. It starts on a whole one, as Lambda
//! lets on-demand functions start, and is held to its share from its first request for an event on. Services answer after about
//! as long as they take in AWS ([`WAITS`]), over TLS, since both waiting and handshakes decide what a share amounts to; Login with
//! Amazon and SP-API are spoken to without TLS. Invocations come one at a time with pauses, as callers' do.

use std::{
    collections::HashMap,
    future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use local::functions::{Function, FunctionError};
use serde_json::{Value, json};

use crate::{
    Fault,
    binaries::Binary,
    crowd::{Crowd, Sealing},
    partners::{Partners, authorize},
    process::Process,
    processor_share::{ProcessorShare, WHOLE},
    refresher,
    sample::Sample,
    tls::Tls,
};

/// The sizes in MB; the last has a whole processor.
pub(crate) const SIZES: [u32; 5] = [128, 256, 512, 1024, WHOLE];

/// How long each service takes for an answer, in milliseconds. They are inputs and not measured: about what AWS takes within a
/// region, and Amazon over the internet.
pub(crate) const WAITS: [(&str, u64); 5] =
    [("dynamodb", 4), ("kms", 6), ("secretsmanager", 10), ("token", 100), ("sp-api", 100)];

/// The functions that are measured, one for each of the template's parameters and one more that browsers wait for.
pub(crate) const FUNCTIONS: [&str; 5] =
    ["get-access-token", "login-uri", "code-exchange", "authorizations", "token-refresher"];

/// Those that a browser goes through to authorize.
const PAGES: [&str; 2] = ["login-uri", "code-exchange"];

/// How often something is asked of new environments, of one environment, and of one that must go to Amazon for it.
const COLD: usize = 20;
const WARM: usize = 100;
const SLOW: usize = 30;

/// How many partners there must be: the warm ones are asked for once each, so that no token is remembered.
const PARTNERS: usize = WARM + SLOW;

/// How many tokens are due for the refresher, and how many may be at Amazon at once: the template's default.
const DUE: u16 = 1000;
const AT_ONCE: u16 = 16;

/// The time-out of `code-exchange`, which exchanges no code without time to save what it brings.
const PAGES_TIMEOUT: Duration = Duration::from_secs(90);

/// What was measured of one kind of invocation.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) function: &'static str,
    pub(crate) kind: &'static str,
    /// By size.
    pub(crate) samples: Vec<Sample>,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) rows: Vec<Row>,
    /// From the spawn to the first request for an event, on a whole processor, by function.
    pub(crate) starts: Vec<(&'static str, Sample)>,
    /// How long the refresher took for each token, by size.
    pub(crate) refreshed: Vec<Duration>,
}

/// Measures every function at every size.
pub(crate) async fn measure(binaries: &HashMap<&'static str, Binary>) -> Result<Figures, Fault> {
    let mut figures = Figures::default();
    // Whoever may not share out processors shall hear so at once.
    let shares = SIZES.map(ProcessorShare::of).into_iter().collect::<Result<Vec<_>, _>>()?;
    let partners = Partners::authorized(PARTNERS).await?;
    partners.slow_down(&WAITS).await?;
    let crowd = Crowd::gathered(DUE.into(), 0, Sealing::Together).await?;
    let tls = Tls::in_front_of(partners.stack.ports().aws).await?;
    let crowds_tls = Tls::in_front_of(crowd.stack.ports().aws).await?;
    for (share, size) in shares.iter().zip(SIZES) {
        let mut bench = Bench { binaries, partners: &partners, share, size, tls: &tls, figures: &mut figures };
        bench.tokens().await?;
        bench.pages().await?;
        bench.lists().await?;
        let bench = Bench { tls: &crowds_tls, ..bench };
        bench.refreshes(&crowd).await?;
        eprintln!("{size} MB measured");
    }
    // Their last processes end here, and the groups can be removed.
    for function in PAGES {
        let ended: Function = Arc::new(|_| Box::pin(future::ready(Err(failed("measured")))));
        partners.stack.functions().register(function, ended);
    }
    Ok(figures)
}

/// One size at which everything is measured.
struct Bench<'a> {
    binaries: &'a HashMap<&'static str, Binary>,
    partners: &'a Partners,
    share: &'a ProcessorShare,
    size: u32,
    tls: &'a Tls,
    figures: &'a mut Figures,
}

impl Bench<'_> {
    async fn tokens(&mut self) -> Result<(), Fault> {
        const FUNCTION: &str = "get-access-token";
        let mut first = Sample::default();
        for number in 0..COLD {
            let process = self.environment(FUNCTION).await?;
            first.push(self.invoke(&process, &self.partners.request(number)).await?);
        }
        self.add(FUNCTION, "first invocation of an environment: from the table", first);

        let process = self.environment(FUNCTION).await?;
        let mut remembered = Sample::default();
        let same = self.partners.request(0);
        self.invoke(&process, &same).await?;
        for _ in 0..WARM {
            remembered.push(self.invoke(&process, &same).await?);
        }
        self.add(FUNCTION, "remembered", remembered);

        let mut kept = Sample::default();
        for number in 1..=WARM {
            kept.push(self.invoke(&process, &self.partners.request(number)).await?);
        }
        self.add(FUNCTION, "from the table", kept);

        let mut fetched = Sample::default();
        for number in WARM..WARM + SLOW {
            self.partners.forget(number).await?;
            let process = &process;
            fetched.push(self.invoke(process, &self.partners.request(number)).await?);
        }
        self.add(FUNCTION, "from Amazon", fetched);
        Ok(())
    }

    /// Partners authorize, each in a browser that goes through both functions.
    async fn pages(&mut self) -> Result<(), Fault> {
        let (mut first, mut later) = (Vec::new(), Vec::new());
        for function in PAGES {
            let taken = Arc::<Mutex<Sample>>::default();
            for number in 0..COLD {
                let process = self.environment(function).await?;
                self.stand_in(function, process, &taken);
                self.authorize(&format!("FIRST{number}{function}")).await?;
            }
            first.push(take(&taken));
            // The last environment goes on.
            for number in 0..SLOW {
                self.authorize(&format!("LATER{number}{function}")).await?;
            }
            later.push(take(&taken));
        }
        for ((function, first), later) in PAGES.into_iter().zip(first).zip(later) {
            self.add(function, "first invocation of an environment", first);
            self.add(function, "later", later);
        }
        Ok(())
    }

    async fn lists(&mut self) -> Result<(), Fault> {
        const FUNCTION: &str = "authorizations";
        let request = json!({"operation": "listGrants", "limit": 50});
        let mut first = Sample::default();
        for _ in 0..COLD {
            let process = self.environment(FUNCTION).await?;
            first.push(self.invoke(&process, &request).await?);
        }
        let process = self.environment(FUNCTION).await?;
        self.invoke(&process, &request).await?;
        let mut later = Sample::default();
        for _ in 0..SLOW {
            later.push(self.invoke(&process, &request).await?);
        }
        self.add(FUNCTION, "first invocation of an environment: 50 grants listed", first);
        self.add(FUNCTION, "50 grants listed", later);
        Ok(())
    }

    async fn refreshes(self, crowd: &Crowd) -> Result<(), Fault> {
        for (endpoint, milliseconds) in WAITS {
            crowd.wait_at(endpoint, milliseconds).await?;
        }
        crowd.make_due(DUE.into())?;
        let mut variables = self.variables("token-refresher");
        variables.push(("REFRESH_CONCURRENCY", AT_ONCE.to_string()));
        let mut process =
            Process::spawn(&self.binaries["token-refresher"], crowd.stack.ports(), &variables)?;
        process.started().await?;
        self.share.hold(process.id())?;
        let took = refresher::refresh_all(&process, crowd, DUE.into()).await?;
        self.figures.refreshed.push(took / u32::from(DUE));
        Ok(())
    }

    /// An environment that has started, and is held to its share from now on.
    async fn environment(&mut self, function: &'static str) -> Result<Process, Fault> {
        let variables = self.variables(function);
        let binary = &self.binaries[function];
        let mut process = Process::spawn(binary, self.partners.stack.ports(), &variables)?;
        let start = process.started().await?;
        self.share.hold(process.id())?;
        match self.figures.starts.iter_mut().find(|(name, _)| *name == function) {
            Some((_, starts)) => starts.push(start),
            None => self.figures.starts.push((function, std::iter::once(start).collect())),
        }
        Ok(process)
    }

    fn variables(&self, function: &'static str) -> Vec<(&'static str, String)> {
        let mut variables = Vec::from(self.tls.variables());
        variables.extend([
            ("AWS_LAMBDA_FUNCTION_NAME", function.to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", self.size.to_string()),
        ]);
        variables
    }

    /// How long one invocation takes, after a pause in which a period ends and others begin.
    async fn invoke(&self, process: &Process, request: &Value) -> Result<Duration, Fault> {
        pause().await;
        Ok(process.invoke(request, self.partners.now_ms()).await?.took)
    }

    /// The gateway invokes `process` from now on, and each invocation's time is added to `taken`.
    fn stand_in(&self, function: &'static str, process: Process, taken: &Arc<Mutex<Sample>>) {
        let (process, taken) = (Arc::new(process), Arc::clone(taken));
        let clock = self.partners.stack.clock().clone();
        let invoked: Function = Arc::new(move |event| {
            let (process, taken, now) = (Arc::clone(&process), Arc::clone(&taken), clock.now());
            Box::pin(async move {
                let answer =
                    process.invoke_within(&event, now.as_millisecond(), PAGES_TIMEOUT).await.map_err(failed)?;
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(answer.took);
                serde_json::from_slice(&answer.body).map_err(failed)
            })
        });
        self.partners.stack.functions().register(function, invoked);
    }

    async fn authorize(&self, name: &str) -> Result<(), Fault> {
        pause().await;
        let partner = format!("A{}{}", self.size, name.to_uppercase().replace('-', ""));
        authorize(self.partners.stack.ports().gateway, &partner).await
    }

    fn add(&mut self, function: &'static str, kind: &'static str, sample: Sample) {
        let rows = &mut self.figures.rows;
        match rows.iter_mut().find(|row| row.function == function && row.kind == kind) {
            Some(row) => row.samples.push(sample),
            None => rows.push(Row { function, kind, samples: vec![sample] }),
        }
    }
}

/// Between two periods and four, so that invocations begin anywhere in one.
async fn pause() {
    tokio::time::sleep(Duration::from_micros(rand::random_range(40_000..80_000))).await;
}

fn failed(fault: impl ToString) -> FunctionError {
    FunctionError { error_type: "Benchmark".to_owned(), error_message: fault.to_string() }
}

fn take(taken: &Mutex<Sample>) -> Sample {
    std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner))
}
