//! Whom TLS believes: the machine's root certificates and, where given, the admin's own CA.
//! It never skips a check: there is no switch for that.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{ConnectError, Stream};

/// The first line of `main` and of test binaries that use TLS through other crates.
pub fn install_crypto() {
    // An error says that a provider stands already, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Loads the roots once; cheap to clone.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
    roots: usize,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} roots)", self.roots)
    }
}

impl Trust {
    /// Nobody, loading nothing: enough for [`super::Tls::None`].
    pub fn nobody() -> Result<Self, ConnectError> {
        Self::of(RootCertStore::empty())
    }

    /// `extra_ca`: the PEM bytes of a CA file, believed in addition to the machine's roots.
    pub fn new(extra_ca: Option<&[u8]>) -> Result<Self, ConnectError> {
        let mut roots = RootCertStore::empty();
        // Single roots that cannot be read are no reason to stop: the others still count.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(pem) = extra_ca {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| ConnectError::CaFile(error.to_string()))?;
                roots.add(certificate).map_err(|error| ConnectError::CaFile(error.to_string()))?;
            }
            if roots.len() == before {
                return Err(ConnectError::CaFile("it has no CERTIFICATE section".to_owned()));
            }
        }
        Self::of(roots)
    }

    fn of(roots: RootCertStore) -> Result<Self, ConnectError> {
        let count = roots.len();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ConnectError::Provider(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), roots: count })
    }

    pub(super) async fn handshake(&self, tcp: TcpStream, host: &str) -> Result<Stream, ConnectError> {
        if self.roots == 0 {
            return Err(ConnectError::NoRoots);
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| ConnectError::HostName(host.to_owned()))?;
        let tls = TlsConnector::from(self.config.clone())
            .connect(name, tcp)
            .await
            .map_err(|source| ConnectError::Tls { host: host.to_owned(), source })?;
        Ok(Stream::Tls(Box::new(tls)))
    }
}
