//! A PostgreSQL that speaks TLS on this machine's network, with a certificate
//! from an authority of its own.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

use super::{Cluster, FORGETFUL, own::spawn};

static SERVERS: AtomicU32 = AtomicU32::new(0);

/// A running server whose certificate is good for `localhost` alone. It and
/// its data go with the value.
pub struct TlsPostgres {
    cluster: Cluster,
    child: Child,
    port: u16,
    authorities: TempDir,
}

impl TlsPostgres {
    /// # Panics
    /// When it does not start, or there is no `openssl` to make certificates.
    #[must_use]
    pub fn start() -> Self {
        let number = SERVERS.fetch_add(1, Ordering::Relaxed);
        let cluster = Cluster::make(&format!("-tls-{number}"));
        let authorities = TempDir::with_prefix("anb-ca-").expect("the temp folder is writable");
        for authority in ["right", "wrong"] {
            make_authority(authorities.path(), authority);
        }
        issue(authorities.path(), "localhost");
        for file in ["server.pem", "server.key"] {
            give(&cluster, &authorities.path().join(file), file);
        }
        let port = free_port();
        let own = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "ssl=on".to_owned(),
            "ssl_cert_file=server.pem".to_owned(),
            "ssl_key_file=server.key".to_owned(),
        ];
        let settings: Vec<_> = own.iter().map(String::as_str).chain(FORGETFUL).collect();
        let child = spawn(cluster.server(&settings)).expect("setpriv starts");
        cluster.wait_until_ready(Some(child.id()));
        Self { cluster, child, port, authorities }
    }

    /// The URL by way of the network; `host` is `localhost` or another name of
    /// this machine.
    #[must_use]
    pub fn url(&self, host: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres", self.port)
    }

    /// The authority that has issued the certificate.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.authorities.path().join("right.pem")
    }

    /// An authority that has not.
    #[must_use]
    pub fn another_authority(&self) -> PathBuf {
        self.authorities.path().join("wrong.pem")
    }
}

impl Drop for TlsPostgres {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.cluster.folder);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// Copies a file to where the server looks, readable by it alone.
fn give(cluster: &Cluster, file: &Path, name: &str) {
    let copy = cluster.data().join(name);
    fs::copy(file, &copy).expect("the data folder is writable");
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).expect("it is ours");
    if let Some((user, group)) = cluster.owner {
        chown(&copy, Some(user), Some(group)).expect("root may give away");
    }
}

const NEW_KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/// `NAME.pem` and `NAME.key`.
fn make_authority(folder: &Path, name: &str) {
    let mut command = openssl(folder);
    command.args(["req", "-x509", "-days", "2"]).args(NEW_KEY);
    command.args(["-subj", &format!("/CN=the {name} authority")]);
    command.args(["-addext", "keyUsage=critical,keyCertSign"]);
    command.args(["-out", &format!("{name}.pem"), "-keyout", &format!("{name}.key")]);
    run(command);
}

/// `server.pem` and `server.key`, from the right authority.
fn issue(folder: &Path, host: &str) {
    let mut request = openssl(folder);
    request.args(["req", "-new", "-subj", "/CN=server"]).args(NEW_KEY);
    request.args(["-out", "server.csr", "-keyout", "server.key"]);
    run(request);

    let names = format!("subjectAltName=DNS:{host}\nbasicConstraints=CA:FALSE\n");
    fs::write(folder.join("names"), names).expect("the temp folder is writable");
    let mut command = openssl(folder);
    command.args(["x509", "-req", "-days", "2", "-in", "server.csr", "-out", "server.pem"]);
    command.args(["-CA", "right.pem", "-CAkey", "right.key", "-extfile", "names"]);
    command.args(["-set_serial", "1"]);
    run(command);
}

fn openssl(folder: &Path) -> Command {
    let mut command = Command::new("openssl");
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(mut command: Command) {
    let made = command.output().expect("openssl starts (Debian package openssl)");
    assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
}
