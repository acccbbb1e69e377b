//! A storm of faults over the whole platform, and the promises that must
//! outlast it (docs/decisions/0022).
//!
//! `FAULTS` says how many faults there are, `FAULTS_SEED` which. (Not `ANB_…`:
//! those are settings of the product, which would refuse them.)

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod aws;
mod clients;
mod clips;
mod evidence;
mod http;
mod ledger;
mod operator;
mod plan;
mod promises;
mod proxy;
mod stack;
mod storm;
mod summary;
#[path = "../support/mod.rs"]
mod support;
