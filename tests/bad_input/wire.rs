//! The gateway's socket, for what no HTTP client would send.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use crate::support::world::World;

/// An answer as it came over the wire.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let (head, _) = self.text.split_once("\r\n\r\n")?;
        let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(super) fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// A parameter of the URL where the browser would be sent, exactly as written there.
    pub(super) fn raw_location_parameter(&self, name: &str) -> Option<&str> {
        let (_, query) = self.location().split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    pub(super) fn support_code(&self) -> Option<&str> {
        let (_, rest) = self.text.split_once("<code dir=\"ltr\">")?;
        rest.split_once("</code>").map(|(code, _)| code)
    }
}

/// Asks for `target` unchanged, with more header lines if need be.
pub(super) async fn get(world: &World, target: impl AsRef<[u8]>, header_lines: impl AsRef<[u8]>) -> Answer {
    let port = world.stack.ports().gateway;
    let host = format!(" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    let request = [b"GET ", target.as_ref(), host.as_bytes(), header_lines.as_ref(), b"\r\n"].concat();
    tokio::task::spawn_blocking(move || exchanged(port, &request)).await.unwrap()
}

fn exchanged(port: u16, request: &[u8]) -> Answer {
    let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The gateway may have heard enough before we are done.
    drop(socket.write_all(request));
    let mut answer = Vec::new();
    drop(socket.read_to_end(&mut answer));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer {
        status: status.unwrap_or_else(|| panic!("no answer to {}: {text}", request.escape_ascii())),
        text,
    }
}
