//! Links open what they were made for, until they expire, and nothing else.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{sync::Arc, time::Duration};

use anb_blob::{
    LinkError, LinkOptions, LinkQuery, LinkSigner, PartQuery, UploadToken, VerifiedLink,
    VerifiedPart,
};
use anb_testkit::FakeClock;
use url::Url;

const KEY: &str = "processed/0190/1/poster 480.jpg";
const HOUR: Duration = Duration::from_hours(1);

fn clock() -> Arc<FakeClock> {
    let clock = FakeClock::default();
    clock.set("2026-05-01T12:03:20.5Z".parse().unwrap());
    Arc::new(clock)
}

fn signer(secret: &[u8], clock: Arc<FakeClock>) -> LinkSigner {
    LinkSigner::new("https://anb.example/showcase/".parse().unwrap(), secret, clock)
}

fn options() -> LinkOptions {
    LinkOptions {
        expires_in: HOUR,
        content_type: "image/jpeg".into(),
        download_as: Some("Canasta & más.jpg".into()),
    }
}

/// The query as a web server reads it.
fn query(link: &Url) -> LinkQuery {
    serde_urlencoded::from_str(link.query().unwrap()).unwrap()
}

#[test]
fn a_link_opens_its_object_as_asked() {
    let signer = signer(b"secret", clock());

    let link = signer.sign(KEY, &options());
    let VerifiedLink { content_type, download_as, .. } = signer.verify(KEY, &query(&link)).unwrap();

    assert_eq!(link.host_str(), Some("anb.example"));
    assert_eq!(link.path(), "/showcase/media/processed/0190/1/poster%20480.jpg");
    assert_eq!(content_type, "image/jpeg");
    assert_eq!(download_as.as_deref(), Some("Canasta & más.jpg"));
}

#[test]
fn whatever_is_changed_makes_it_a_forgery() {
    let signer = signer(b"secret", clock());
    let genuine = query(&signer.sign(KEY, &options()));
    let forgeries = [
        LinkQuery { expires: genuine.expires + 1, ..genuine.clone() },
        LinkQuery { content_type: "text/html".into(), ..genuine.clone() },
        LinkQuery { download_as: None, ..genuine.clone() },
        LinkQuery { download_as: Some("x".into()), ..genuine.clone() },
        LinkQuery { signature: genuine.signature.replace(['0', '1'], "2"), ..genuine.clone() },
        LinkQuery { signature: genuine.signature[..62].into(), ..genuine.clone() },
        LinkQuery { signature: genuine.signature.to_uppercase(), ..genuine.clone() },
        LinkQuery { signature: String::new(), ..genuine.clone() },
    ];

    for forgery in forgeries {
        assert_eq!(signer.verify(KEY, &forgery), Err(LinkError::Forged), "{forgery:?}");
    }
    for other_key in ["uploads/0190/original", "", "processed/0190/1/poster 480.jp"] {
        assert_eq!(signer.verify(other_key, &genuine), Err(LinkError::Forged), "{other_key}");
    }
    assert!(signer.verify(KEY, &genuine).is_ok());
}

#[test]
fn bytes_cannot_move_from_one_field_to_the_next() {
    let signer = signer(b"secret", clock());
    let options = |content_type: &str, name: Option<&str>| LinkOptions {
        expires_in: HOUR,
        content_type: content_type.into(),
        download_as: name.map(Into::into),
    };
    let signature = |options| query(&signer.sign(KEY, &options)).signature;

    let signatures = std::collections::BTreeSet::from([
        signature(options("video/mp4", None)),
        signature(options("video/mp4", Some(""))),
        signature(options("video/mp", Some("4"))),
        signature(options("", Some("video/mp4"))),
    ]);

    assert_eq!(signatures.len(), 4);
}

#[test]
fn nobody_else_can_sign() {
    let clock = clock();
    let link = signer(b"another secret", clock.clone()).sign(KEY, &options());

    let outcome = signer(b"secret", clock).verify(KEY, &query(&link));

    assert_eq!(outcome, Err(LinkError::Forged));
}

#[test]
fn a_link_is_good_for_as_long_as_asked_and_at_most_five_minutes_longer() {
    let clock = clock();
    let signer = signer(b"secret", clock.clone());
    let link = query(&signer.sign(KEY, &options()));

    clock.advance(HOUR);
    assert!(signer.verify(KEY, &link).is_ok());
    clock.advance(Duration::from_mins(5));
    assert_eq!(signer.verify(KEY, &link), Err(LinkError::Expired));
}

#[test]
fn within_five_minutes_the_same_object_has_the_same_link() {
    let clock = clock();
    let signer = signer(b"secret", clock.clone());
    let first = signer.sign(KEY, &options());

    clock.advance(Duration::from_secs(90));
    assert_eq!(signer.sign(KEY, &options()), first);
    clock.advance(Duration::from_mins(1));
    assert_ne!(signer.sign(KEY, &options()), first);
}

#[test]
fn the_rest_of_its_life_is_told_for_caches() {
    let clock = clock();
    let signer = signer(b"secret", clock.clone());
    let link = query(&signer.sign(KEY, &options()));

    let left = |link: &LinkQuery| signer.verify(KEY, link).unwrap().expires_in;

    assert_eq!(left(&link), Duration::from_secs(3600 + 100));
    clock.advance(Duration::from_secs(1000));
    assert_eq!(left(&link), Duration::from_mins(45));
}

fn token() -> UploadToken {
    UploadToken("0190-token".into())
}

fn part_query(link: &Url) -> PartQuery {
    serde_urlencoded::from_str(link.query().unwrap()).unwrap()
}

#[test]
fn a_part_link_allows_its_part_as_asked() {
    let signer = signer(b"secret", clock());

    let link = signer.sign_part(KEY, &token(), 7, 5_000_000, HOUR);
    let allowed = signer.verify_part("0190-token", 7, &part_query(&link)).unwrap();

    assert_eq!(link.path(), "/showcase/media/parts/0190-token/7");
    assert_eq!(
        allowed,
        VerifiedPart { key: KEY.into(), token: token(), number: 7, size: 5_000_000 }
    );
}

#[test]
fn whatever_is_changed_makes_a_part_link_a_forgery() {
    let signer = signer(b"secret", clock());
    let genuine = part_query(&signer.sign_part(KEY, &token(), 7, 5_000_000, HOUR));
    let forgeries = [
        PartQuery { key: "uploads/0190/original".into(), ..genuine.clone() },
        PartQuery { size: genuine.size + 1, ..genuine.clone() },
        PartQuery { expires: genuine.expires + 1, ..genuine.clone() },
        PartQuery { signature: genuine.signature.replace(['0', '1'], "2"), ..genuine.clone() },
        PartQuery { signature: String::new(), ..genuine.clone() },
    ];

    for forgery in forgeries {
        let outcome = signer.verify_part("0190-token", 7, &forgery);
        assert_eq!(outcome, Err(LinkError::Forged), "{forgery:?}");
    }
    for (token, number) in [("0190-token", 8), ("0191-token", 7), ("", 7)] {
        let outcome = signer.verify_part(token, number, &genuine);
        assert_eq!(outcome, Err(LinkError::Forged), "{token} {number}");
    }
    assert!(signer.verify_part("0190-token", 7, &genuine).is_ok());
}

#[test]
fn a_part_link_ends_when_it_was_to_end() {
    let clock = clock();
    let signer = signer(b"secret", clock.clone());
    let link = part_query(&signer.sign_part(KEY, &token(), 7, 1, HOUR));

    clock.advance(Duration::from_secs(3599));
    assert!(signer.verify_part("0190-token", 7, &link).is_ok());
    clock.advance(Duration::from_secs(1));
    assert_eq!(signer.verify_part("0190-token", 7, &link), Err(LinkError::Expired));
}

#[test]
fn a_link_to_read_is_none_to_write() {
    let signer = signer(b"secret", clock());
    let read = query(&signer.sign(KEY, &options()));
    let write = part_query(&signer.sign_part(KEY, &token(), 1, 1, HOUR));

    let as_write = PartQuery { signature: read.signature.clone(), ..write.clone() };
    let as_read = LinkQuery { signature: write.signature, ..read };

    assert_eq!(signer.verify_part("0190-token", 1, &as_write), Err(LinkError::Forged));
    assert_eq!(signer.verify(KEY, &as_read), Err(LinkError::Forged));
}
