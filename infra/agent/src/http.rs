//! One HTTP/1.1 request on a connection of its own, for Lambda's Extensions API and for `--health`. A client library would be most of
//! the binary.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The status, the head as text, and the body.
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Sends a request and reads until the other side closes the connection. `headers` are whole lines, at least one.
pub(crate) async fn exchange(
    mut connection: impl AsyncRead + AsyncWrite + Unpin,
    request_line: &str,
    headers: &[String],
    body: &str,
) -> io::Result<Reply> {
    let request = format!(
        "{request_line} HTTP/1.1\r\n{}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        headers.join("\r\n"),
        body.len()
    );
    connection.write_all(request.as_bytes()).await?;
    let mut reply = Vec::new();
    connection.read_to_end(&mut reply).await?;
    let reply = String::from_utf8_lossy(&reply);
    let malformed = || io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP");
    let (head, body) = reply.split_once("\r\n\r\n").ok_or_else(malformed)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(malformed)?;
    Ok(Reply { status, head: head.to_owned(), body: body.to_owned() })
}
