//! Receive → claim → process → publish, with heartbeat, retry and drain; the
//! outbox relay and the reconciler.
