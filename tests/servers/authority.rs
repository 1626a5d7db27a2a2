//! Makes a throw-away certificate authority and one server certificate with the `openssl` program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the certificate is good for; 127.0.0.1 is in it too.
const CONFIG: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = paytriage tests
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, DNS:mail.shop.test, IP:127.0.0.1
";

pub struct Authority {
    folder: PathBuf,
}

impl Authority {
    pub fn create(folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("folder for certificates");
        fs::write(folder.join("openssl.cnf"), CONFIG).expect("openssl.cnf");
        let make = |name: &str, section: &str, more: &[&str]| {
            let made = Command::new("openssl")
                .current_dir(folder)
                .args(["req", "-x509", "-config", "openssl.cnf", "-extensions", section, "-days", "2", "-nodes"])
                .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
                .args([
                    "-subj",
                    &format!("/CN={name}"),
                    "-keyout",
                    &format!("{name}.key"),
                    "-out",
                    &format!("{name}.pem"),
                ])
                .args(more)
                .output()
                .expect("openssl is installed (tests/run.sh installs it)");
            assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
        };
        make("ca", "authority", &[]);
        make("server", "server", &["-CA", "ca.pem", "-CAkey", "ca.key"]);
        Self { folder: folder.to_owned() }
    }

    /// The authority's certificate, PEM: what a client must trust.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    pub fn certificate(&self) -> PathBuf {
        self.folder.join("server.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.join("server.key")
    }
}
