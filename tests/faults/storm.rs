//! The storm itself: before, during, after.

use std::{
    env,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, Semaphore},
    task::JoinSet,
    time::sleep,
};

use crate::{
    clients::{Client, World},
    clips::Clips,
    evidence::Witness,
    operator::Operator,
    plan::{Step, plan},
    promises::Remains,
    stack::Stack,
    summary::{Summary, say},
    support::processes::{assert_no_ffmpeg_below, last_lines},
};

const CLIENTS: u64 = 4;

/// Faults of a storm on AWS, unless `FAULTS` says otherwise; one without AWS,
/// where fewer things can go wrong, has a quarter.
const FAULTS: u64 = 200;

/// Storms take turns: each has the machine for itself.
static TURN: Mutex<()> = Mutex::const_new(());

/// So many faults last at the same time; more, and nothing would ever work.
const AT_ONCE: usize = 3;

/// Within this time everything that was accepted must have ended.
const SETTLE_LIMIT: Duration = Duration::from_mins(5);

/// Longer than uploads may stay open and strays may lie about.
const LATER: Duration = Duration::from_hours(25);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; script/test runs it beside the other tests"]
async fn with_storage_and_queue_of_our_own() {
    weather_a_storm(false, number("FAULTS").unwrap_or(FAULTS) / 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; script/test runs it beside the other tests"]
async fn with_s3_and_sqs() {
    weather_a_storm(true, number("FAULTS").unwrap_or(FAULTS)).await;
}

async fn weather_a_storm(on_aws: bool, faults: u64) {
    let _turn = TURN.lock().await;
    let seed = number("FAULTS_SEED").unwrap_or_else(rand::random);
    say(format_args!("{faults} faults{}, seed {seed}", if on_aws { " on AWS" } else { "" }));

    let began = Instant::now();
    let stack = Arc::new(Stack::start(on_aws).await);
    let witness = Arc::new(Witness::of(&stack).await);
    let world = Arc::new(World {
        ledger: crate::ledger::Ledger::default(),
        clips: Clips::draw(),
        waiting: 0.into(),
        is_over: false.into(),
    });
    let ports = stack.web_ports();
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut client = Client::sign_up(&world, &ports, seed, number).await;
        client.upload_first().await;
        clients.push(client);
    }
    settle(&stack, &witness, seed).await;

    let plan = plan(seed, usize::try_from(faults).expect("a count"), &stack.scene());
    let stormed = storm(&stack, &witness, &world, clients, (seed, &plan)).await;
    stack.heal().await;
    let settling = Instant::now();
    settle(&stack, &witness, seed).await;
    let settled = settling.elapsed();
    stack.stop().await;
    assert_no_ffmpeg_below(stack.folder.path());
    // Twice: what the first finds, the second makes sure of.
    for _ in 0..2 {
        stack.runs_in_the_future(LATER, &["admin", "reconcile", "--sweep"]).await;
    }

    let remains = Remains::of(&stack, &witness).await;
    let summary = Summary { plan: &plan, remains: &remains, stack: &stack, ledger: &world.ledger };
    summary.print([began.elapsed(), stormed, settled]);
    let broken = remains.broken_promises(&world.ledger.open());
    if let Some(first) = broken.first() {
        tell(&stack, &plan);
        panic!("seed {seed}: {} promises broken; the first: {first}", broken.len());
    }
    let published = remains.videos.iter().filter(|video| video.status == "completed").count();
    assert!(published > 0, "seed {seed}: nothing is published in the end");
    assert!(!remains.jobs.is_empty(), "seed {seed}: nothing was ever made again");
}

/// Runs the plan while the clients live; returns how long it took.
async fn storm(
    stack: &Arc<Stack>,
    witness: &Arc<Witness>,
    world: &Arc<World>,
    clients: Vec<Client>,
    (seed, plan): (u64, &[Step]),
) -> Duration {
    let began = Instant::now();
    let mut lives = JoinSet::new();
    for client in clients {
        lives.spawn(client.live());
    }
    lives.spawn(Operator::new(world, stack, witness, seed).live());
    let mut upkeep = JoinSet::new();
    let (count, waiting) = (Arc::clone(witness), Arc::clone(world));
    upkeep.spawn(async move {
        loop {
            // While the database is down, what was counted last stands.
            if let Some(unsettled) = count.unsettled().await {
                waiting.waiting.store(unsettled, Ordering::Relaxed);
            }
            sleep(Duration::from_millis(200)).await;
        }
    });
    let kept = Arc::clone(stack);
    upkeep.spawn(async move { kept.keep_alive().await });

    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut faults = JoinSet::new();
    for step in plan {
        sleep(step.pause).await;
        let place = Arc::clone(&room).acquire_owned().await.expect("it is never closed");
        let (stack, fault) = (Arc::clone(stack), step.fault.clone());
        faults.spawn(async move {
            stack.suffer(&fault).await;
            drop(place);
        });
    }
    while let Some(ended) = faults.join_next().await {
        ended.expect("a fault does not fail");
    }
    world.is_over.store(true, Ordering::Relaxed);
    while let Some(ended) = lives.join_next().await {
        ended.expect("a client does not fail");
    }
    upkeep.shutdown().await;
    began.elapsed()
}

/// Waits until everything that was accepted has ended.
async fn settle(stack: &Stack, witness: &Witness, seed: u64) {
    let began = Instant::now();
    while let Some(unrest) = witness.unrest(stack).await {
        let videos = || async {
            let ended = ["completed", "rejected", "failed", "deleted", "uploading"];
            let mut videos = witness.videos().await;
            videos.retain(|video| !ended.contains(&video.status.as_str()));
            let attempts = witness.attempts().await;
            let with_attempts = videos.iter().map(|video| (video, attempts.get(&video.id)));
            format!("{:#?}", with_attempts.collect::<Vec<_>>())
        };
        if began.elapsed() > SETTLE_LIMIT {
            tell(stack, &[]);
            panic!("seed {seed}: after {SETTLE_LIMIT:?} {unrest}: {}", videos().await);
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// The plan and the ends of the logs.
fn tell(stack: &Stack, plan: &[Step]) {
    for (number, step) in plan.iter().enumerate() {
        eprintln!("{number:4} {step}");
    }
    for log in stack.logs() {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        eprintln!("--- {}\n{}", log.display(), last_lines(&text, 40));
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, not {text}")))
}
