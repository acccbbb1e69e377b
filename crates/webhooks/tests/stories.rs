//! What a receiver of events sees: a real server on this machine.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as the tests do")]

mod support;

use std::{collections::BTreeMap, process::Command, sync::Arc, time::Duration};

use anb_config::Settings;
use anb_contest::Contest;
use anb_domain::{
    Action, Clock as _, EventKind, Failure, FailureCode, SystemClock, webhook::MAX_SENDS,
};
use anb_store::{Actor, AuditFilter, DeliveryState, Endpoint, NewEndpoint};
use anb_testkit::{TestStore, on_each_database, published};
use anb_webhooks::{Post, Reach, Secrets, Sender};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use support::{Answer, Heard, Receiver};

const TIMEOUT: Duration = Duration::from_millis(500);

fn sender(store: &TestStore, reach: Reach) -> Sender {
    Sender {
        store: (**store).clone(),
        post: Arc::new(Post::new(reach, TIMEOUT).unwrap()),
        secrets: Arc::new(secrets()),
        clock: store.clock.clone(),
        contest: contest(store, None),
        keep: Duration::from_hours(24 * 30),
    }
}

fn contest(store: &TestStore, closes_at: Option<DateTime<Utc>>) -> Contest {
    let mut settings = Settings::default();
    settings.showcase.name = "Rising Stars".into();
    settings.showcase.voting.closes_at = closes_at;
    Contest::new((**store).clone(), &settings, store.clock.clone())
}

fn secrets() -> Secrets {
    Secrets::new(&SecretString::from("a secret key that is long enough for all of this"))
}

/// What an endpoint's owner checks signatures with.
fn webhook_of(endpoint: &Endpoint, secret: u32) -> Webhook {
    Webhook::new(secrets().of(endpoint.id, secret).expose_secret()).unwrap()
}

async fn an_endpoint(store: &TestStore, url: &str, events: &[EventKind]) -> Endpoint {
    let new = NewEndpoint {
        url: url.into(),
        description: "Club".into(),
        events: events.to_vec(),
        active: true,
    };
    store.create_endpoint(new, &Actor::system()).await.unwrap()
}

/// What the script of docs/webhooks.md thinks of it.
fn says_python(endpoint: &Endpoint, heard: &Heard) -> String {
    let docs = include_str!("../../../docs/webhooks.md");
    let script = docs.split("```python").nth(1).unwrap().split("```").next().unwrap();
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: BTreeMap<_, _> =
        names.map(|name| (name, heard.headers[name].to_str().unwrap())).into();
    let asked = json!({
        "secret": secrets().of(endpoint.id, 1).expose_secret(),
        "headers": headers,
        "body": String::from_utf8(heard.body.clone()).unwrap(),
    });
    let ask = "import json, sys\nq = json.loads(sys.argv[1])\n\
               print(is_ours(q['secret'], q['headers'], q['body'].encode()))";
    let mut python = Command::new("python3");
    python.args(["-c", &format!("{script}\n{ask}"), &asked.to_string()]);
    let output = python.output().expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn of_action(action: Action) -> AuditFilter {
    AuditFilter { action: Some(action), ..AuditFilter::default() }
}

/// Publishes a clip of a new player.
async fn a_published_video(store: &TestStore, player: &str) -> anb_domain::VideoId {
    let player = store.a_player(player).await;
    let video = store.a_pending_video(&player).await;
    let claim = store.claimed(video.id).await;
    assert!(store.publish(&claim, published()).await.unwrap());
    video.id
}

async fn states(store: &TestStore, endpoint: &Endpoint) -> Vec<(EventKind, DeliveryState, usize)> {
    let log = store.deliveries(endpoint.id, None, 50, 0).await.unwrap();
    let mut states: Vec<_> =
        log.items.iter().map(|item| (item.kind, item.state, item.sends.len())).collect();
    states.reverse();
    states
}

on_each_database! {
    async fn a_receiver_hears_signed_of_what_it_asked_for(store: TestStore) {
        // Receivers refuse what is not of these minutes.
        store.clock.set(SystemClock.now());
        let receiver = Receiver::start().await;
        let endpoint =
            an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted, EventKind::VideoFailed]).await;
        let deaf = an_endpoint(&store, &receiver.url(), &[EventKind::ContestClosed]).await;
        let video = a_published_video(&store, "Ana").await;

        let sender = sender(&store, Reach::Anywhere);
        assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 1);
        assert_eq!(sender.send_due(deaf.id).await.unwrap(), 0);

        let [heard] = &receiver.heard()[..] else { panic!("one event") };
        webhook_of(&endpoint, 1).verify(&heard.body, &heard.headers).unwrap();
        let event: Value = serde_json::from_slice(&heard.body).unwrap();
        assert_eq!(event["type"], "video.completed");
        assert_eq!(event["data"]["video_id"], video.to_string());
        assert_eq!(event["data"]["status"], "completed");
        let body = String::from_utf8(heard.body.clone()).unwrap();
        assert!(!body.contains("Ana") && !body.contains('@'), "nobody is named: {body}");
        assert_eq!(says_python(&endpoint, heard), "True");
        let mut forged = heard.clone();
        forged.body.push(b' ');
        assert_eq!(says_python(&endpoint, &forged), "False");
        let sent_at: i64 = heard.headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
        assert_eq!(sent_at, store.clock.now().timestamp());
        assert_eq!(
            states(&store, &endpoint).await,
            [(EventKind::VideoCompleted, DeliveryState::Delivered, 1)]
        );
    }

    async fn a_body_that_was_changed_on_the_way_is_noticed(store: TestStore) {
        store.clock.set(SystemClock.now());
        let receiver = Receiver::start().await;
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        sender(&store, Reach::Anywhere).send_due(endpoint.id).await.unwrap();
        let [heard] = &receiver.heard()[..] else { panic!("one event") };
        let changed = String::from_utf8(heard.body.clone()).unwrap().replace("completed", "failed");
        let webhook = webhook_of(&endpoint, 1);
        assert!(webhook.verify(&heard.body, &heard.headers).is_ok());
        assert!(webhook.verify(changed.as_bytes(), &heard.headers).is_err());
    }

    async fn rejected_and_failed_videos_are_told_with_their_reason(store: TestStore) {
        let receiver = Receiver::start().await;
        let endpoint =
            an_endpoint(&store, &receiver.url(), &[EventKind::VideoRejected, EventKind::VideoFailed]).await;
        let ana = store.a_player("Ana").await;
        let short = store.a_pending_video(&ana).await;
        let claim = store.claimed(short.id).await;
        store.reject(&claim, &Failure::new(FailureCode::TooShort), Vec::new()).await.unwrap();
        let broken = store.a_pending_video(&ana).await;
        let claim = store.claimed(broken.id).await;
        store.fail(&claim, &Failure::new(FailureCode::TimedOut), Vec::new()).await.unwrap();
        let lost = store.a_pending_video(&ana).await;
        let code = FailureCode::OriginalMissing;
        store.fail_pending(lost.id, &Failure::new(code)).await.unwrap();

        sender(&store, Reach::Anywhere).send_due(endpoint.id).await.unwrap();
        let mut told: Vec<_> = receiver
            .heard()
            .iter()
            .map(|heard| serde_json::from_slice::<Value>(&heard.body).unwrap())
            .map(|event| format!("{} {}", event["type"], event["data"]["failure"]["code"]))
            .collect();
        told.sort();
        assert_eq!(told, [
            r#""video.failed" "original_missing""#,
            r#""video.failed" "timed_out""#,
            r#""video.rejected" "too_short""#,
        ]);
    }

    async fn what_is_not_taken_is_sent_again_with_growing_pauses_and_then_given_up(store: TestStore) {
        let receiver = Receiver::start().await;
        receiver.answer(Answer::Status(StatusCode::INTERNAL_SERVER_ERROR));
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let sender = sender(&store, Reach::Anywhere);
        let mut pauses = Vec::new();
        for sends in 1.. {
            assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 1);
            assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 0, "not before the pause is over");
            let [(_, state, logged)] = states(&store, &endpoint).await[..] else { panic!() };
            assert_eq!(logged, sends);
            if state == DeliveryState::GivenUp {
                break;
            }
            let log = store.deliveries(endpoint.id, None, 1, 0).await.unwrap();
            let pause = log.items[0].due_at - store.clock.now();
            pauses.push(pause.num_seconds());
            store.clock.advance(pause.to_std().unwrap());
        }
        assert_eq!(receiver.heard().len(), usize::try_from(MAX_SENDS).unwrap());
        assert!(pauses.is_sorted() && pauses[0] == 5, "{pauses:?}");
        let ids: Vec<_> = receiver.heard().iter().map(|h| h.headers["webhook-id"].clone()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "a repetition is known by its id");
        let log = store.deliveries(endpoint.id, None, 1, 0).await.unwrap();
        let (_, last) = log.items[0].sends.last().unwrap();
        assert_eq!((last.status, last.answer.as_deref()), (Some(500), Some("so it is")));
    }

    async fn a_receiver_that_recovers_gets_what_it_missed(store: TestStore) {
        let receiver = Receiver::start().await;
        receiver.answer(Answer::Never);
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let sender = sender(&store, Reach::Anywhere);
        sender.send_due(endpoint.id).await.unwrap();
        let log = store.deliveries(endpoint.id, None, 1, 0).await.unwrap();
        assert_eq!(log.items[0].sends[0].1.error.as_deref(), Some("no answer in time"));

        receiver.answer(Answer::Status(StatusCode::NO_CONTENT));
        store.clock.advance(Duration::from_secs(5));
        sender.send_due(endpoint.id).await.unwrap();
        assert_eq!(
            states(&store, &endpoint).await,
            [(EventKind::VideoCompleted, DeliveryState::Delivered, 2)]
        );
    }

    async fn a_receiver_decides_when_to_be_asked_again_or_never(store: TestStore) {
        let receiver = Receiver::start().await;
        receiver.answer(Answer::RetryAfter("120"));
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let sender = sender(&store, Reach::Anywhere);
        sender.send_due(endpoint.id).await.unwrap();
        store.clock.advance(Duration::from_secs(119));
        assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 0);
        store.clock.advance(Duration::from_secs(1));
        receiver.answer(Answer::Status(StatusCode::GONE));
        assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 1);
        assert!(!store.endpoint(endpoint.id).await.unwrap().unwrap().active, "it is left alone");
        let [noted] = &store.audit(&of_action(Action::WEBHOOK_SWITCHED_OFF), 9).await.unwrap()[..] else {
            panic!("noted once");
        };
        assert_eq!((&noted.actor, noted.reason.as_deref()), (&Actor::system(), Some("410 Gone")));
        assert_eq!(noted.subject.id, endpoint.id.0.to_string());
        assert_eq!(noted.before.clone().zip(noted.after.clone()), Some((
            json!({ "active": true }),
            json!({ "active": false }),
        )));
        a_published_video(&store, "Berta").await;
        assert_eq!(states(&store, &endpoint).await.len(), 1);
    }

    async fn of_many_events_that_are_refused_at_once_one_switches_off(store: TestStore) {
        let receiver = Receiver::start().await;
        receiver.answer(Answer::Status(StatusCode::GONE));
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        for player in ["Ana", "Berta", "Carla"] {
            a_published_video(&store, player).await;
        }
        assert_eq!(sender(&store, Reach::Anywhere).send_due(endpoint.id).await.unwrap(), 3);
        let noted = store.audit(&of_action(Action::WEBHOOK_SWITCHED_OFF), 9).await.unwrap();
        assert_eq!(noted.len(), 1);
    }

    async fn an_answer_that_leads_elsewhere_is_not_followed(store: TestStore) {
        let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
        receiver.answer(Answer::Redirect(elsewhere.url()));
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        sender(&store, Reach::Anywhere).send_due(endpoint.id).await.unwrap();
        assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
        let [(_, state, _)] = states(&store, &endpoint).await[..] else { panic!() };
        assert_eq!(state, DeliveryState::Waiting);
    }

    async fn nothing_is_sent_into_our_own_network(store: TestStore) {
        let receiver = Receiver::start().await;
        let sender = sender(&store, Reach::Public);
        // By number, and by a name that leads there.
        let encrypted = |host: &str| format!("https://{host}:{}/events", receiver.port());
        for url in [encrypted("127.0.0.1"), encrypted("[::1]"), encrypted("localhost"), receiver.url()] {
            let endpoint = an_endpoint(&store, &url, &[EventKind::VideoCompleted]).await;
            store.announce_ping(endpoint.id, &Actor::system()).await.unwrap();
            sender.send_due(endpoint.id).await.unwrap();
            let log = store.deliveries(endpoint.id, None, 1, 0).await.unwrap();
            let (_, send) = &log.items[0].sends[0];
            assert!(send.error.is_some() && send.status.is_none(), "{url}: {send:?}");
        }
        assert_eq!(receiver.connections(), 0);
    }

    async fn a_renewed_secret_signs_beside_the_old_one_for_a_day(store: TestStore) {
        let receiver = Receiver::start().await;
        let endpoint = an_endpoint(&store, &receiver.url(), &[]).await;
        let sender = sender(&store, Reach::Anywhere);
        store.clock.advance(Duration::from_mins(1));
        store.renew_secret(endpoint.id, &Actor::system()).await.unwrap();
        let good = |number| {
            let heard = receiver.heard().pop().unwrap();
            let header = |name| heard.headers[name].to_str().unwrap();
            let sent_at = header("webhook-timestamp").parse().unwrap();
            let expected =
                webhook_of(&endpoint, number).sign(header("webhook-id"), sent_at, &heard.body).unwrap();
            header("webhook-signature").split(' ').any(|signature| signature == expected)
        };
        store.announce_ping(endpoint.id, &Actor::system()).await.unwrap();
        sender.send_due(endpoint.id).await.unwrap();
        assert_eq!([1, 2, 3].map(good), [true, true, false]);

        store.clock.advance(Duration::from_hours(24));
        store.announce_ping(endpoint.id, &Actor::system()).await.unwrap();
        sender.send_due(endpoint.id).await.unwrap();
        assert_eq!([1, 2, 3].map(good), [false, true, false]);
    }

    async fn what_a_dead_process_was_sending_is_sent_by_another(store: TestStore) {
        let receiver = Receiver::start().await;
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let lease = Duration::from_mins(1);
        let taken = store.take_deliveries(endpoint.id, 4, lease).await.unwrap();
        assert_eq!(taken.len(), 1);
        let sender = sender(&store, Reach::Anywhere);
        assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 0, "it is on loan");
        store.clock.advance(lease);
        assert_eq!(sender.send_due(endpoint.id).await.unwrap(), 1);
    }

    async fn an_outcome_that_comes_late_changes_nothing(store: TestStore) {
        let receiver = Receiver::start().await;
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let lease = Duration::from_mins(1);
        let [slow] = &store.take_deliveries(endpoint.id, 4, lease).await.unwrap()[..] else { panic!() };
        store.clock.advance(lease);
        sender(&store, Reach::Anywhere).send_due(endpoint.id).await.unwrap();
        let late = anb_store::Send::default();
        store.note_send(slow, &late, anb_store::Sent::GivenUp).await.unwrap();
        assert_eq!(
            states(&store, &endpoint).await,
            [(EventKind::VideoCompleted, DeliveryState::Delivered, 1)]
        );
    }

    async fn the_closing_of_the_contest_is_told_once_to_who_asked_before(store: TestStore) {
        let receiver = Receiver::start().await;
        let early = an_endpoint(&store, &receiver.url(), &[EventKind::ContestClosed]).await;
        let closes_at = store.clock.now() + TimeDelta::hours(1);
        let mut sender = sender(&store, Reach::Anywhere);
        sender.contest = contest(&store, Some(closes_at));
        sender.look_at_the_calendar().await.unwrap();
        assert_eq!(states(&store, &early).await, [], "it is open");

        store.clock.advance(Duration::from_hours(2));
        let late = an_endpoint(&store, &receiver.url(), &[EventKind::ContestClosed]).await;
        sender.look_at_the_calendar().await.unwrap();
        sender.look_at_the_calendar().await.unwrap();
        store.clock.advance(Duration::from_hours(24 * 40));
        sender.look_at_the_calendar().await.unwrap();
        assert_eq!(
            states(&store, &early).await,
            [(EventKind::ContestClosed, DeliveryState::Waiting, 0)]
        );
        assert_eq!(states(&store, &late).await, []);
        sender.send_due(early.id).await.unwrap();
        let event: Value = serde_json::from_slice(&receiver.heard()[0].body).unwrap();
        assert_eq!(event["data"]["showcase"], "Rising Stars");

        // It is reopened, and closes again.
        sender.contest = contest(&store, Some(store.clock.now()));
        sender.look_at_the_calendar().await.unwrap();
        assert_eq!(states(&store, &early).await.len(), 2);
    }

    async fn old_events_are_forgotten(store: TestStore) {
        let receiver = Receiver::start().await;
        let endpoint = an_endpoint(&store, &receiver.url(), &[EventKind::VideoCompleted]).await;
        a_published_video(&store, "Ana").await;
        let sender = sender(&store, Reach::Anywhere);
        sender.send_due(endpoint.id).await.unwrap();
        store.clock.advance(Duration::from_hours(24 * 29));
        sender.look_at_the_calendar().await.unwrap();
        assert_eq!(states(&store, &endpoint).await.len(), 1);
        store.clock.advance(Duration::from_hours(24 * 2));
        sender.look_at_the_calendar().await.unwrap();
        assert_eq!(states(&store, &endpoint).await.len(), 0);
    }

    async fn a_receiver_that_hangs_holds_up_nobody_else(store: TestStore) {
        let (hanging, quick) = (Receiver::start().await, Receiver::start().await);
        hanging.answer(Answer::Never);
        an_endpoint(&store, &hanging.url(), &[EventKind::VideoCompleted]).await;
        an_endpoint(&store, &quick.url(), &[EventKind::VideoCompleted]).await;
        for player in ["Ana", "Berta", "Carla", "Diana", "Elena", "Fabiola"] {
            a_published_video(&store, player).await;
        }
        let patient = Post::new(Reach::Anywhere, Duration::from_mins(5)).unwrap();
        let sender = Sender { post: Arc::new(patient), ..sender(&store, Reach::Anywhere) };
        let stop = tokio_util::sync::CancellationToken::new();
        let running = tokio::spawn(sender.run(stop.clone()));
        quick.has_heard(6).await;
        stop.cancel();
        running.await.unwrap();
    }
}
