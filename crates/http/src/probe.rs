//! Whether what lies behind a service answers.

use std::{fmt::Display, future::Future, time::Duration};

/// A check that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(3);

/// Asks, and tells the log what is wrong.
pub async fn passes<T, E: Display>(
    check: &'static str,
    answer: impl Future<Output = Result<T, E>>,
) -> bool {
    match tokio::time::timeout(LONGEST, answer).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => {
            tracing::warn!(check, %error, "not ready");
            false
        }
        Err(_elapsed) => {
            tracing::warn!(check, error = "no answer in time", "not ready");
            false
        }
    }
}

/// How a readiness report says it.
#[must_use]
pub fn word(passed: bool) -> &'static str {
    if passed { "ok" } else { "error" }
}
