//! Opens sockets with options and TLS that suit long-lived mail connections, for `inbox` and `outbox` alike.
//! It speaks no mail protocol: STARTTLS is asked for by the caller, who then hands the stream over for the handshake.

mod stream;
#[cfg(test)]
mod tests;
mod trust;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

pub use stream::Stream;
pub use trust::{Trust, install_crypto};

/// Where a server listens and how the line to it is protected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// A host name, or an IP address without brackets.
    pub host: String,
    pub port: u16,
    pub tls: Tls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// The caller upgrades with [`Stream::starttls`] before it sends anything secret.
    StartTls,
    /// No TLS: only to this very machine.
    None,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("{host} has no address: {source}")]
    Resolve { host: String, source: io::Error },
    #[error("{host}:{port} cannot be reached: {source}")]
    Unreachable { host: String, port: u16, source: io::Error },
    #[error("{host} did not answer within {limit:?}")]
    Timeout { host: String, limit: Duration },
    #[error("{host} is not this machine ({address}): without TLS it would see passwords and mail in the clear")]
    PlainToOthers { host: String, address: SocketAddr },
    #[error("TLS with {host} failed: {source}")]
    Tls { host: String, source: io::Error },
    #[error("{0:?} is not a host name")]
    HostName(String),
    #[error("the CA file holds no certificate that can be read: {0}")]
    CaFile(String),
    #[error("this build of TLS is of no use: {0}")]
    Provider(String),
    #[error("no trusted root certificates on this machine: install ca-certificates or name a CA file")]
    NoRoots,
}

impl ConnectError {
    /// False where only the admin can mend it.
    pub fn is_temporary(&self) -> bool {
        !matches!(
            self,
            Self::PlainToOthers { .. } | Self::HostName(_) | Self::CaFile(_) | Self::Provider(_) | Self::NoRoots
        )
    }
}

/// Connects within `limit`, handshake included. With [`Tls::StartTls`] the stream comes back plain.
pub async fn connect(endpoint: &Endpoint, trust: &Trust, limit: Duration) -> Result<Stream, ConnectError> {
    let late = || ConnectError::Timeout { host: endpoint.host.clone(), limit };
    let deadline = Instant::now() + limit;
    let addresses = timeout_at(deadline, resolve(endpoint)).await.map_err(|_| late())??;
    let tcp = timeout_at(deadline, dial(endpoint, &addresses, limit)).await.map_err(|_| late())??;
    match endpoint.tls {
        Tls::Implicit => timeout_at(deadline, trust.handshake(tcp, &endpoint.host)).await.map_err(|_| late())?,
        Tls::StartTls | Tls::None => Ok(Stream::Plain(tcp)),
    }
}

/// All addresses of the endpoint; for [`Tls::None`] every one of them is this machine, checked before any dialling.
async fn resolve(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, ConnectError> {
    let host = &endpoint.host;
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), endpoint.port))
        .await
        .map_err(|source| ConnectError::Resolve { host: host.clone(), source })?
        .collect();
    if endpoint.tls == Tls::None
        && let Some(address) = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback())
    {
        return Err(ConnectError::PlainToOthers { host: host.clone(), address: *address });
    }
    Ok(addresses)
}

/// Tries the addresses in turn, each with its share of the time, so that one dead address does not eat it all.
async fn dial(endpoint: &Endpoint, addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, ConnectError> {
    let share = limit / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => match tune(&tcp) {
                Ok(()) => return Ok(tcp),
                Err(error) => last = error,
            },
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(ConnectError::Unreachable { host: endpoint.host.clone(), port: endpoint.port, source: last })
}

/// A cut cable is noticed within two minutes, whether data is in flight (user time-out) or not (keep-alive).
fn tune(tcp: &TcpStream) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let socket = SockRef::from(tcp);
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    socket.set_tcp_keepalive(&keepalive.with_retries(4))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(Duration::from_secs(90)))?;
    Ok(())
}
