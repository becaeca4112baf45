//! Serves the simulated Amazon alone on loopback, for functions that run outside the local stack.
//!
//! `cargo run -p simulated-amazon --example serve -- <port> <application id>`. It prints each notification about the
//! application's client secret as one line of JSON.
#![expect(clippy::print_stdout, reason = "the standard output is where notifications go")]

use std::{error::Error, net::Ipv4Addr, sync::Arc};

use simulated_amazon::{Clock, Faults, SimulatedAmazon};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, application_id] = arguments.as_slice() else {
        return Err("expected a port and an application id".into());
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.parse()?)).await?;
    let amazon =
        SimulatedAmazon::open(listener.local_addr()?.port(), None, Clock::default(), Faults::default())?;
    amazon.subscribe(application_id.clone(), Arc::new(|notification| println!("{notification}")));
    axum::serve(listener, amazon.router()).await?;
    Ok(())
}
