//! What goes wrong, and when: a seed says it all.

use std::{fmt, time::Duration};

use rand::{
    RngExt, SeedableRng,
    rngs::StdRng,
    seq::{IndexedRandom, SliceRandom},
};

/// One of our processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Member {
    Web(usize),
    Worker(usize),
}

/// What our processes depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    Database,
    Storage,
    Queue,
}

/// Something that goes wrong, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9`, and a new start after `rest`.
    Kill { member: Member, rest: Duration },
    /// A new start in which the process dies when it reaches `point` for the
    /// `times`th time.
    DieAt { member: Member, point: String, times: u32 },
    /// SIGTERM, as in a deployment, and a new start.
    Stop { member: Member },
    /// The database server crashes and comes back after `rest`.
    CrashDatabase { rest: Duration },
    /// Every connection to the service is reset.
    Cut { service: Service },
    /// No byte gets through, and no connection ends.
    Stall { service: Service, length: Duration },
    /// New connections are reset.
    Refuse { service: Service, length: Duration },
    /// The service answers every request with an error.
    Answer { service: Service, status: u16, length: Duration },
    /// The service does what it is asked, and answers late.
    Delay { service: Service, length: Duration },
    /// The service does what it is asked, and its answer is lost; so many times.
    LoseAnswers { service: Service, times: u32 },
    /// Each message sent arrives twice; so many times.
    SendTwice { times: u32 },
    /// The clock of a process is wrong, by milliseconds, and then right again.
    WrongClock { member: Member, ahead_ms: i64, length: Duration },
}

/// A fault, and the pause before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub pause: Duration,
    pub fault: Fault,
}

/// What faults can happen to.
#[derive(Debug, Clone)]
pub struct Scene {
    pub webs: usize,
    pub workers: usize,
    /// Storage and queue are services behind HTTP.
    pub on_aws: bool,
    pub web_points: Vec<String>,
    pub worker_points: Vec<String>,
}

/// The same seed, number and scene make the same plan.
pub fn plan(seed: u64, faults: usize, scene: &Scene) -> Vec<Step> {
    let mut planner = Planner {
        rng: StdRng::seed_from_u64(seed),
        scene,
        web_points: Deck::of(&scene.web_points),
        worker_points: Deck::of(&scene.worker_points),
    };
    (0..faults).map(|_| planner.step()).collect()
}

struct Planner<'s> {
    rng: StdRng,
    scene: &'s Scene,
    web_points: Deck,
    worker_points: Deck,
}

/// How often each kind of fault is drawn; the second half needs AWS.
const KINDS: [(&str, u32); 12] = [
    ("kill", 16),
    ("die at", 26),
    ("stop", 8),
    ("crash database", 4),
    ("cut", 12),
    ("stall", 8),
    ("refuse", 5),
    ("wrong clock", 6),
    ("answer", 12),
    ("delay", 6),
    ("lose answers", 8),
    ("send twice", 5),
];
const WITHOUT_AWS: usize = 8;

impl Planner<'_> {
    fn step(&mut self) -> Step {
        Step { pause: self.millis(100, 900), fault: self.fault() }
    }

    fn fault(&mut self) -> Fault {
        let kinds = if self.scene.on_aws { &KINDS[..] } else { &KINDS[..WITHOUT_AWS] };
        let kind = kinds.choose_weighted(&mut self.rng, |kind| kind.1).expect("there are kinds").0;
        match kind {
            "kill" => Fault::Kill { member: self.member(), rest: self.millis(0, 800) },
            "die at" => self.die_at(),
            "stop" => Fault::Stop { member: self.member() },
            "crash database" => Fault::CrashDatabase { rest: self.millis(0, 1500) },
            "cut" => Fault::Cut { service: self.service() },
            "stall" => Fault::Stall { service: self.service(), length: self.millis(200, 4000) },
            "refuse" => Fault::Refuse { service: self.service(), length: self.millis(100, 2500) },
            "wrong clock" => self.wrong_clock(),
            "answer" => Fault::Answer {
                service: self.behind_http(),
                status: *[500, 503].choose(&mut self.rng).expect("there are two"),
                length: self.millis(100, 2500),
            },
            "delay" => Fault::Delay { service: self.behind_http(), length: self.millis(500, 6000) },
            "lose answers" => Fault::LoseAnswers {
                service: self.behind_http(),
                times: self.rng.random_range(1..=3),
            },
            _ => Fault::SendTwice { times: self.rng.random_range(1..=3) },
        }
    }

    fn die_at(&mut self) -> Fault {
        let member = self.member();
        let points = match member {
            Member::Web(_) => &mut self.web_points,
            Member::Worker(_) => &mut self.worker_points,
        };
        let point = points.deal(&mut self.rng);
        let times = if self.rng.random_bool(0.25) { 2 } else { 1 };
        Fault::DieAt { member, point, times }
    }

    /// Never right: a second is more than a lease is renewed early by.
    fn wrong_clock(&mut self) -> Fault {
        let behind = self.rng.random_bool(0.5);
        let seconds = self.rng.random_range(2..=10);
        Fault::WrongClock {
            member: Member::Worker(self.rng.random_range(0..self.scene.workers)),
            ahead_ms: if behind { -seconds * 1000 } else { seconds * 1000 },
            length: self.millis(500, 3000),
        }
    }

    /// Mostly a worker: it has more to lose.
    fn member(&mut self) -> Member {
        if self.rng.random_bool(0.3) {
            Member::Web(self.rng.random_range(0..self.scene.webs))
        } else {
            Member::Worker(self.rng.random_range(0..self.scene.workers))
        }
    }

    fn service(&mut self) -> Service {
        if self.scene.on_aws && self.rng.random_bool(0.6) {
            self.behind_http()
        } else {
            Service::Database
        }
    }

    fn behind_http(&mut self) -> Service {
        *[Service::Storage, Service::Queue].choose(&mut self.rng).expect("there are two")
    }

    fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.rng.random_range(from..=to))
    }
}

/// Deals every card before it deals one again.
struct Deck {
    cards: Vec<String>,
    left: Vec<String>,
}

impl Deck {
    fn of(cards: &[String]) -> Self {
        assert!(!cards.is_empty(), "there are no fail points");
        Self { cards: cards.to_vec(), left: Vec::new() }
    }

    fn deal(&mut self, rng: &mut StdRng) -> String {
        if self.left.is_empty() {
            self.left.clone_from(&self.cards);
            self.left.shuffle(rng);
        }
        self.left.pop().expect("it has just been filled")
    }
}

impl Fault {
    /// What to count it as.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Kill { .. } => "kill -9",
            Self::DieAt { .. } => "death at a fail point",
            Self::Stop { .. } => "SIGTERM",
            Self::CrashDatabase { .. } => "PostgreSQL crash",
            Self::Cut { .. } => "connections cut",
            Self::Stall { .. } => "connections stalled",
            Self::Refuse { .. } => "connections refused",
            Self::Answer { .. } => "answers 500 and 503",
            Self::Delay { .. } => "late answers",
            Self::LoseAnswers { .. } => "lost answers",
            Self::SendTwice { .. } => "messages doubled",
            Self::WrongClock { .. } => "wrong clock",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {} ms: {:?}", self.pause.as_millis(), self.fault)
    }
}

/// The fail points of the web crate, read off its source, so that none is
/// forgotten.
pub fn fail_points_of_web() -> Vec<String> {
    let mut points = Vec::new();
    collect(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src").as_ref(), &mut points);
    points.sort();
    points.dedup();
    points
}

fn collect(folder: &std::path::Path, points: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the source is here").flatten() {
        if entry.path().is_dir() {
            collect(&entry.path(), points);
            continue;
        }
        let source = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let named = source.split("fail_point!(\"").skip(1);
        points.extend(named.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn scene() -> Scene {
        let points = |of: &str| (1..=5).map(|n| format!("{of}::{n}")).collect();
        let (web_points, worker_points) = (points("web"), points("worker"));
        Scene { webs: 2, workers: 3, on_aws: true, web_points, worker_points }
    }

    #[test]
    fn a_seed_says_it_all() {
        assert_eq!(plan(7, 300, &scene()), plan(7, 300, &scene()));
        assert_ne!(plan(7, 300, &scene()), plan(8, 300, &scene()));
        assert_eq!(plan(7, 300, &scene())[..100], plan(7, 100, &scene()));
    }

    #[test]
    fn a_run_has_faults_of_every_kind_and_at_every_point() {
        let plan = plan(1, 200, &scene());
        let kinds: HashSet<_> = plan.iter().map(|step| step.fault.kind()).collect();
        assert_eq!(kinds.len(), KINDS.len());
        let points = plan.iter().filter_map(|step| match &step.fault {
            Fault::DieAt { point, .. } => Some(point),
            _ => None,
        });
        assert_eq!(points.collect::<HashSet<_>>().len(), 10);
    }

    #[test]
    fn the_points_of_an_upload_are_found() {
        let points = fail_points_of_web();
        assert!(points.contains(&"web::upload::row_written".to_owned()), "{points:?}");
    }
}
