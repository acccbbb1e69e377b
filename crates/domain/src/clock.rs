//! Time and identity come in from outside, so that tests decide both.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The current moment, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where real time enters")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Makes identifiers nobody has used before.
pub trait IdSource: Send + Sync + 'static {
    /// A UUID version 7: unique, and sorting by the time it was made
    /// ([RFC 9562 §5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)).
    fn sortable(&self) -> Uuid;

    /// A UUID version 4: 122 unguessable random bits, fit for a lease token
    /// ([RFC 9562 §5.4](https://www.rfc-editor.org/rfc/rfc9562#section-5.4)).
    fn unguessable(&self) -> Uuid;
}

/// Identifiers from the machine's clock and random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place where real ids are made")]
    fn sortable(&self) -> Uuid {
        Uuid::now_v7()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where real ids are made")]
    fn unguessable(&self) -> Uuid {
        Uuid::new_v4()
    }
}
