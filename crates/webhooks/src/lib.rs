//! Tells other systems what has happened, by
//! [Standard Webhooks](https://www.standardwebhooks.com): a POST for each
//! event, signed, and sent again for three days when it is not taken.
//!
//! What is to be sent lies in the database ([`anb_store::webhooks`]); any
//! number of processes may send.

mod address;
mod post;
mod resolver;
mod secret;
mod sender;

use std::time::Duration;

pub use address::{AddressError, Reach, check};
pub use post::Post;
pub use secret::Secrets;
pub use sender::Sender;

/// After a secret was renewed, for how long events are signed with the one
/// before as well, so that receivers can take their time.
pub const SECRET_OVERLAP: Duration = Duration::from_hours(24);
