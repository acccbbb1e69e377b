use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use anb_config::Settings;
use anyhow::{Context as _, bail};
use clap::Args;

use super::web::ListenArgs;
use crate::args::SettingsArgs;

const EXAMPLES: &str = "\
Examples:
  anb-video healthcheck
  anb-video healthcheck --listen 127.0.0.1:9000 --timeout-ms 500
  anb-video healthcheck --console       Of the operators' console
  anb-video healthcheck --worker        Of a process that is only a worker
  HEALTHCHECK CMD [\"anb-video\", \"healthcheck\"]      In a Dockerfile";

/// Asks the server on this machine for `/health`. Exit status 0: it is
/// healthy; 1: it is not, or does not answer in time.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HealthcheckArgs {
    #[command(flatten)]
    listen: ListenArgs,
    /// Ask the console, on console.listen
    #[arg(long, conflicts_with = "listen")]
    console: bool,
    /// Ask the worker, on worker.listen
    #[arg(long, conflicts_with_all = ["listen", "console"])]
    worker: bool,
    /// Milliseconds to wait for each step
    #[arg(long, value_name = "MS", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    timeout_ms: u64,
}

impl HealthcheckArgs {
    pub fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = settings.load(self.listen.flags())?;
        let address = reachable(self.address(&loaded.settings)?);
        let timeout = Duration::from_millis(self.timeout_ms);
        let status = status_line(address, timeout)
            .with_context(|| format!("no answer from http://{address}/health"))?;
        if status.split(' ').nth(1) != Some("200") {
            bail!("http://{address}/health answers {status}");
        }
        println!("healthy");
        Ok(ExitCode::SUCCESS)
    }
}

impl HealthcheckArgs {
    fn address(&self, settings: &Settings) -> anyhow::Result<SocketAddr> {
        if self.worker {
            return settings.worker.listen.context("worker.listen is not set: nobody answers");
        }
        Ok(if self.console { settings.console.listen } else { settings.web.listen })
    }
}

/// Where a server that listens on `address` can be reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, address.port())
}

fn status_line(address: SocketAddr, timeout: Duration) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(1024)).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
