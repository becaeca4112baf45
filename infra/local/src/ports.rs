//! The three loopback ports of the local stack.

use std::{io, net::Ipv4Addr};

use thiserror::Error;
use tokio::net::TcpListener;

/// Listeners on three consecutive ports.
#[derive(Debug)]
pub struct Ports {
    /// The first port: browser routes and console.
    pub gateway: TcpListener,
    /// The second port: the simulated Amazon.
    pub amazon: TcpListener,
    /// The third port: the AWS endpoint.
    pub aws: TcpListener,
    /// Any free port, on which AWS answers the stack itself before the three others are served.
    pub preparation: TcpListener,
}

impl Ports {
    /// Binds `first` and the two ports after it on loopback; 0 takes any three free ports.
    pub async fn bind(first: u16) -> Result<Self, PortError> {
        Ok(Self {
            gateway: listen(first, 0, "gateway").await?,
            amazon: listen(first, 1, "simulated Amazon").await?,
            aws: listen(first, 2, "AWS endpoint").await?,
            preparation: listen(0, 0, "AWS endpoint of the preparation").await?,
        })
    }
}

impl Ports {
    /// The numbers of the ports.
    pub fn numbers(&self) -> io::Result<Numbers> {
        let number = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
        Ok(Numbers {
            gateway: number(&self.gateway)?,
            amazon: number(&self.amazon)?,
            aws: number(&self.aws)?,
        })
    }
}

/// The numbers of the three ports.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// The port of the gateway.
    pub gateway: u16,
    /// The port of the simulated Amazon.
    pub amazon: u16,
    /// The port of the AWS endpoint.
    pub aws: u16,
}

impl Numbers {
    /// Returns `first` and the two numbers after it.
    pub fn from(first: u16) -> Self {
        Self { gateway: first, amazon: first.saturating_add(1), aws: first.saturating_add(2) }
    }
}

/// What a user can do about a port.
const HINT: &str = "\nhint: choose the first of three other ports with --port";

/// Why a port could not be bound.
#[derive(Debug, Error)]
pub enum PortError {
    /// Another process listens there.
    #[error("port {port} ({purpose}) is already in use{}", HINT)]
    Taken {
        /// The port.
        port: u16,
        /// The service on it.
        purpose: &'static str,
    },
    /// The three ports would go beyond 65535.
    #[error("--port {first} leaves no room for three ports\nhint: choose at most 65533")]
    OutOfRange {
        /// The first port.
        first: u16,
    },
    /// The operating system refused.
    #[error("could not listen on port {port} ({purpose}): {source}{}", HINT)]
    Refused {
        /// The port.
        port: u16,
        /// The service on it.
        purpose: &'static str,
        /// The reason from the operating system.
        #[source]
        source: io::Error,
    },
}

async fn listen(first: u16, offset: u16, purpose: &'static str) -> Result<TcpListener, PortError> {
    let port = match first {
        0 => 0,
        first => first.checked_add(offset).ok_or(PortError::OutOfRange { first })?,
    };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => PortError::Taken { port, purpose },
        _ => PortError::Refused { port, purpose, source },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn port_zero_takes_three_free_ports_on_loopback() {
        let ports = Ports::bind(0).await.unwrap();

        let addresses = [&ports.gateway, &ports.amazon, &ports.aws].map(|one| one.local_addr().unwrap());
        assert!(addresses.iter().all(|address| address.ip() == Ipv4Addr::LOCALHOST && address.port() != 0));
        assert_ne!(addresses[0], addresses[1]);
        assert_ne!(addresses[1], addresses[2]);
    }

    #[tokio::test]
    async fn a_taken_port_is_named_together_with_the_flag() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let taken = holder.local_addr().unwrap().port();

        let complaint = Ports::bind(taken).await.unwrap_err().to_string();

        assert!(complaint.contains(&taken.to_string()) && complaint.contains("--port"), "{complaint}");
    }

    #[tokio::test]
    async fn the_last_ports_have_no_room_for_three() {
        assert!(matches!(
            Ports::bind(65535).await,
            Err(PortError::OutOfRange { first: 65535 } | PortError::Taken { .. })
        ));
    }
}
