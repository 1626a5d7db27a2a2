//! A line-based conversation with a server, over TCP, TLS or a unix socket. Blocks, with a limit on each read.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};

use super::wait::TEN_SECONDS;

pub struct Dialogue {
    wire: BufReader<Wire>,
}

enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    Unix(UnixStream),
}

impl Dialogue {
    pub fn tcp(port: u16) -> io::Result<Self> {
        Ok(Self::over(Wire::Plain(connect(port)?)))
    }

    /// TLS from the first byte, trusting the authority in `ca_file` alone.
    pub fn tls(port: u16, ca_file: &Path) -> io::Result<Self> {
        Ok(Self::over(secure(connect(port)?, ca_file)))
    }

    pub fn unix(socket: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(TEN_SECONDS))?;
        Ok(Self::over(Wire::Unix(stream)))
    }

    /// Goes on in TLS after STARTTLS was agreed upon.
    pub fn start_tls(self, ca_file: &Path) -> Self {
        assert!(self.wire.buffer().is_empty(), "the server spoke before the handshake");
        match self.wire.into_inner() {
            Wire::Plain(stream) => Self::over(secure(stream, ca_file)),
            Wire::Tls(_) | Wire::Unix(_) => panic!("STARTTLS on what is no plain connection"),
        }
    }

    fn over(wire: Wire) -> Self {
        Self { wire: BufReader::new(wire) }
    }

    /// One line without its end; an error when the server has closed the line.
    pub fn read_line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        if self.wire.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }

    pub fn read_bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.wire.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub fn write_line(&mut self, line: &str) -> io::Result<()> {
        self.write_bytes(format!("{line}\r\n").as_bytes())
    }

    pub fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.get_mut().write_all(bytes)?;
        self.wire.get_mut().flush()
    }
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TEN_SECONDS))?;
    Ok(stream)
}

fn secure(stream: TcpStream, ca_file: &Path) -> Wire {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca_file).expect("CA file") {
        roots.add(certificate.expect("PEM")).expect("CA certificate");
    }
    // The provider is named here, so that the harness does not care which one the process has installed.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let session = ClientConnection::new(Arc::new(config), name).expect("TLS client");
    Wire::Tls(Box::new(StreamOwned::new(session, stream)))
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(stream) => stream.read(buffer),
            Wire::Tls(stream) => stream.read(buffer),
            Wire::Unix(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(stream) => stream.write(bytes),
            Wire::Tls(stream) => stream.write(bytes),
            Wire::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Wire::Plain(stream) => stream.flush(),
            Wire::Tls(stream) => stream.flush(),
            Wire::Unix(stream) => stream.flush(),
        }
    }
}
