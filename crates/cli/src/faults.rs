//! Panics, told without a backtrace: to people by [`say`], in the log by
//! [`log`].

use std::panic::PanicHookInfo;

/// Before there is a log.
pub fn say(panic: &PanicHookInfo<'_>) {
    leave_if_nobody_reads(panic);
    eprintln!("error: a fault in anb-video: {} ({})", message(panic), location(panic));
}

/// A panic is a line of the log like any other.
pub fn log(panic: &PanicHookInfo<'_>) {
    leave_if_nobody_reads(panic);
    tracing::error!(panic = message(panic), location = location(panic), "a task panicked");
}

/// `anb-video config show | head -1`: whoever stops reading has seen enough.
fn leave_if_nobody_reads(panic: &PanicHookInfo<'_>) {
    if message(panic).starts_with("failed printing to stdout") {
        std::process::exit(0);
    }
}

fn message<'p>(panic: &'p PanicHookInfo<'_>) -> &'p str {
    panic.payload_as_str().unwrap_or("no message")
}

fn location(panic: &PanicHookInfo<'_>) -> String {
    panic.location().map(ToString::to_string).unwrap_or_default()
}
