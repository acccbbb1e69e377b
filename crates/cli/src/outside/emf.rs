//! Lines for `CloudWatch`, in the log stream and none of its log lines.

use std::{
    io::{Write as _, stderr},
    time::Duration,
};

use anb_domain::Clock;
use anb_telemetry::emf;
use tokio_util::sync::CancellationToken;

const PERIOD: Duration = Duration::from_mins(1);

/// Once a minute, and once more at the end.
pub async fn write_lines(project: &str, clock: &dyn Clock, stop: &CancellationToken) {
    let write = || {
        if let Some(line) = emf::line(project, clock.now().timestamp_millis()) {
            // A service goes on when nobody reads.
            let _ = writeln!(stderr(), "{line}");
        }
    };
    while stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
        write();
    }
    write();
}
