use std::time::Duration;

use anb_domain::{Clock as _, VideoId, VideoStatus};
use anb_store::{BeginPartsError, NewPartUpload, Player, StoreError};
use anb_testkit::{TestStore, on_each_database, original};
use futures::future::join_all;

const HOUR: Duration = Duration::from_hours(1);
const MOST: u64 = 3;

fn mate(store: &TestStore, owner: &Player) -> NewPartUpload {
    NewPartUpload {
        category: None,
        owner: owner.id,
        expires_at: store.clock.now() + HOUR,
        title: "Mate de espaldas".parse().unwrap(),
        size_bytes: 3_000_000,
        part_size_bytes: 1_000_000,
    }
}

async fn begins(store: &TestStore, owner: &Player) -> VideoId {
    store.begin_part_upload(mate(store, owner), MOST).await.unwrap()
}

on_each_database! {
    async fn an_upload_in_parts_is_open_until_it_is_completed(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let id = begins(&store, &ana).await;
        let open = store.part_upload(id).await.unwrap().unwrap();
        assert_eq!((open.owner, open.title.as_str()), (ana.id, "Mate de espaldas"));
        assert_eq!((open.size_bytes, open.part_size_bytes), (3_000_000, 1_000_000));
        assert_eq!(open.expires_at, store.clock.now() + HOUR);
        assert_eq!(open.token, None, "storage knows nothing of it");
        assert_eq!(store.staged_parts(id).await.unwrap(), None);

        assert!(store.part_upload_begun(id, "token-1").await.unwrap());
        assert!(!store.part_upload_begun(id, "token-2").await.unwrap(), "once");
        let open = store.part_upload(id).await.unwrap().unwrap();
        assert_eq!(open.token.as_deref(), Some("token-1"));
        assert_eq!(store.part_uploads_of(ana.id).await.unwrap(), [open]);
        assert_eq!(store.videos_of(ana.id).await.unwrap(), []);
        assert_eq!(store.outbox_backlog().await.unwrap().0, 0);

        let arrived = anb_store::UploadedOriginal { sha256: None, ..original("Mate de espaldas") };
        let video = store.complete_upload(id, arrived).await.unwrap().unwrap();
        assert_eq!((video.status, video.sha256), (VideoStatus::Pending, None));
        assert_eq!(store.part_upload(id).await.unwrap(), None);
        assert_eq!(store.staged_parts(id).await.unwrap(), None);
        assert_eq!(store.outbox_backlog().await.unwrap().0, 1);
    }

    async fn an_upload_that_is_given_up_takes_its_parts_along(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let id = begins(&store, &ana).await;
        store.abandon_upload(id).await.unwrap();
        assert_eq!(store.part_upload(id).await.unwrap(), None);
        assert!(!store.part_upload_begun(id, "token").await.unwrap());
        assert_eq!(store.staged_parts(id).await.unwrap(), None);
    }

    async fn a_player_has_only_so_many_open(store: TestStore) {
        let (ana, luis) = (store.a_player("Ana").await, store.a_player("Luis").await);
        let other = store.of_another_process().await;
        let begun = join_all((0..8).map(|n| {
            let store_of = if n % 2 == 0 { (*store).clone() } else { other.clone() };
            let new = mate(&store, &ana);
            tokio::spawn(async move { store_of.begin_part_upload(new, MOST).await })
        }));
        let begun: Vec<_> = begun.await.into_iter().map(Result::unwrap).collect();
        assert_eq!(begun.iter().filter(|begun| begun.is_ok()).count(), 3);
        for refused in begun.iter().filter_map(|begun| begun.as_ref().err()) {
            assert!(matches!(refused, BeginPartsError::TooManyOpen(3)), "{refused}");
        }
        begins(&store, &luis).await;

        let open = store.part_uploads_of(ana.id).await.unwrap();
        store.abandon_upload(open[0].video).await.unwrap();
        begins(&store, &ana).await;
        store.clock.advance(HOUR);
        assert_eq!(store.part_uploads_of(ana.id).await.unwrap(), []);
        begins(&store, &ana).await;
    }

    async fn nobody_uploads_for_a_player_who_is_gone(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let new = mate(&store, &ana);
        store.delete_player(ana.id).await.unwrap();
        let refused = store.begin_part_upload(new, MOST).await;
        assert!(matches!(refused, Err(BeginPartsError::Store(StoreError::Database(_)))));
    }

    async fn what_storage_holds_is_known_until_it_is_purged(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let id = begins(&store, &ana).await;
        store.part_upload_begun(id, "token").await.unwrap();

        store.delete_player(ana.id).await.unwrap();

        assert_eq!(store.part_upload(id).await.unwrap(), None, "it is no longer open");
        assert_eq!(store.staged_parts(id).await.unwrap().as_deref(), Some("token"));
        assert_eq!(store.video(id).await.unwrap().unwrap().title, "", "what she wrote is gone");
        store.tombstone_purged(id).await.unwrap();
        assert_eq!(store.staged_parts(id).await.unwrap(), None);
    }

    async fn a_hash_is_noted_where_there_was_none(store: TestStore) {
        let ana = store.a_player("Ana").await;
        let id = begins(&store, &ana).await;
        let arrived = anb_store::UploadedOriginal { sha256: None, ..original("Mate") };
        store.complete_upload(id, arrived).await.unwrap();
        for hash in ["cd".repeat(32), "ef".repeat(32)] {
            store.note_sha256(id, &hash).await.unwrap();
            let noted = store.video(id).await.unwrap().unwrap().sha256;
            assert_eq!(noted, Some("cd".repeat(32)), "the first one stays");
        }
        let known = store.a_pending_video(&ana).await;
        store.note_sha256(known.id, &"ef".repeat(32)).await.unwrap();
        assert_eq!(store.video(known.id).await.unwrap().unwrap().sha256, known.sha256);
    }
}
