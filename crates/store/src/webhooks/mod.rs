//! Other systems that are told of events: who they are, what has happened, and
//! what has reached them.
//!
//! An event and its deliveries are written in the transaction that makes it
//! happen. Sending follows from them, so that whatever dies, nothing that has
//! happened goes untold; it may be told twice.

mod announce;
mod deliveries;
mod endpoints;
mod log;

pub(crate) use deliveries::forget_owner;
pub use deliveries::{Delivery, Send, Sent};
pub use endpoints::{Endpoint, EndpointId, NewEndpoint};
pub use log::{DeliveryState, LoggedDelivery};
