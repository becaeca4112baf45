//! TLS in front of the local AWS. On Lambda every connection to AWS begins with a handshake, which is slow with a small share of a
//! processor.

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

use crate::Fault;

/// The host name in the certificate.
const NAME: &str = "localhost";

/// The root certificates of a Debian-like system. A function parses them with the benchmark's certificate, as it does on Lambda.
const SYSTEMS_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// TLS proxies for an emulator that speaks plain HTTP. Dropping it closes them. KMS has one of its own, since services of AWS share no
/// connection.
pub(crate) struct Tls {
    address: SocketAddr,
    kms: SocketAddr,
    roots: PathBuf,
    _serving: JoinSet<()>,
}

impl Tls {
    /// Starts the proxies for this port.
    pub(crate) async fn in_front_of(port: u16) -> Result<Self, Fault> {
        let CertifiedKey { cert, key_pair } = generate_simple_self_signed([NAME.to_owned()])?;
        let key = PrivateKeyDer::Pkcs8(key_pair.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let of_kms = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, kms) = (listener.local_addr()?, of_kms.local_addr()?);
        let roots = std::env::temp_dir().join(format!("spapi-auth-benchmark-{}.pem", address.port()));
        let systems = fs::read_to_string(SYSTEMS_ROOTS)
            .map_err(|error| format!("could not read the root certificates {SYSTEMS_ROOTS}, whose parsing is part of a start: {error}"))?;
        // A new file, never through a link: this may run as root, in a directory where other users can write.
        let mut file = fs::File::create_new(&roots)?;
        file.write_all((systems + &cert.pem()).as_bytes())?;
        let mut serving = JoinSet::new();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        serving.spawn(serve(listener, acceptor.clone(), port));
        serving.spawn(serve(of_kms, acceptor, port));
        Ok(Self { address, kms, roots, _serving: serving })
    }

    /// The variables with which a function uses these proxies.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ENDPOINT_URL", format!("https://{NAME}:{}", self.address.port())),
            ("AWS_ENDPOINT_URL_KMS", format!("https://{NAME}:{}", self.kms.port())),
            ("SSL_CERT_FILE", self.roots.display().to_string()),
        ]
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.roots);
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, port: u16) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        connections.spawn(async move {
            client.set_nodelay(true)?;
            let mut client = acceptor.accept(client).await?;
            let mut service = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            service.set_nodelay(true)?;
            copy_bidirectional(&mut client, &mut service).await
        });
        while connections.try_join_next().is_some() {}
    }
}
