//! What every store must do, run by each implementation's tests.
//!
//! A test file implements [`Harness`] for its store and hands a constructor to
//! [`blob_conformance!`](crate::blob_conformance), which makes one test of each
//! case.

mod material;
mod names;
mod objects;
mod parts;
mod writes;

use std::path::Path;

use async_trait::async_trait;
use bytes::Bytes;
use url::Url;

use crate::BlobStore;
pub use names::*;
pub use objects::*;
pub use parts::*;
pub use writes::*;

/// A fresh, empty store.
#[async_trait]
pub trait Harness: Send + Sync {
    /// The implementation under test.
    type Store: BlobStore;

    /// The store, always the same one.
    fn store(&self) -> &Self::Store;

    /// A folder of this machine for the files of the test.
    fn folder(&self) -> &Path;

    /// How many writes that have not ended it holds.
    async fn staged(&self) -> usize;

    /// Sends the bytes to the link of a part, as a browser does; returns
    /// whether they were taken.
    async fn send_part(&self, link: &Url, bytes: Bytes) -> bool;

    /// Whether whoever serves the links of this test looks at their
    /// signatures, as the real ones do.
    fn checks_signatures(&self) -> bool {
        true
    }
}

/// Makes a test of every case, for the [`Harness`] that `$harness` (an
/// expression, evaluated inside an async function for each test) gives.
#[macro_export]
macro_rules! blob_conformance {
    ($harness:expr) => {
        $crate::blob_conformance! { @cases $harness;
            bytes_come_back_as_they_went_in
            files_go_in_and_come_out
            a_range_gives_just_these_bytes
            a_second_write_replaces_the_first
            a_source_that_fails_leaves_nothing
            a_write_given_up_leaves_nothing
            a_write_given_up_at_any_moment_leaves_nothing
            a_failed_replacement_leaves_the_old_object
            two_writers_leave_one_whole_object
            what_a_killed_process_left_is_purged
            what_is_not_there_is_not_found
            a_deleted_object_is_gone
            deleting_the_neighbour_disturbs_no_write
            a_list_shows_what_is_below_its_prefix_and_no_more
            a_list_hides_writes_that_have_not_ended
            keys_that_lead_elsewhere_are_refused
            other_bytes_have_another_etag
            parts_in_any_order_become_one_object
            a_part_sent_again_replaces_the_first
            what_has_arrived_is_told_to_whoever_resumes
            parts_pass_through_us_too
            a_part_that_fails_leaves_the_one_before
            a_link_takes_its_part_and_no_other
            a_missing_part_is_not_passed_over
            there_is_no_object_before_all_is_joined
            an_upload_is_joined_once
            joining_given_up_can_be_done_again
            two_who_join_leave_one_whole_object
            an_upload_without_parts_is_an_empty_object
            what_was_given_up_takes_no_more_parts
            uploads_nobody_goes_on_with_are_purged
            a_token_opens_its_own_upload_only
        }
    };
    (@cases $harness:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = $harness;
                $crate::conformance::$case(&harness).await;
            }
        )*
    };
}
