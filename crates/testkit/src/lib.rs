//! Builders, fakes and servers for the tests.
//!
//! A test of anything that touches the database is written once and runs on
//! both kinds:
//!
//! ```no_run
//! use anb_testkit::TestStore;
//!
//! anb_testkit::on_each_database! {
//!     async fn a_new_player_has_no_videos(store: TestStore) {
//!         let ana = store.a_player("Ana").await;
//!         assert_eq!(store.videos_of(ana.id).await.unwrap(), []);
//!     }
//! }
//! # fn main() {}
//! ```

mod clock;
mod http;
mod ids;
mod jury;
mod locales;
mod log;
mod moto;
mod postgres;
mod store;
mod verbs;

pub use clock::FakeClock;
pub use http::http;
pub use ids::SequentialIds;
pub use locales::Locales;
pub use log::Log;
pub use moto::Moto;
pub use postgres::{Postgres, PostgresServer, TlsPostgres};
pub use store::TestStore;
pub use verbs::{original, published};

/// Makes two tests of each function, `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$attribute:meta])* async fn $name:ident($store:ident: $kind:ty) $story:block)+) => {$(
        #[cfg(test)]
        mod $name {
            use super::*;

            async fn story($store: $kind) $story

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::TestStore::sqlite().await).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::TestStore::postgres().await).await;
            }
        }
    )+};
}
