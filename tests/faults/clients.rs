//! People who upload, vote, withdraw and delete while everything falls apart,
//! and who write down what they were promised.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::{Client as Http, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    clips::{Clips, sha256},
    ledger::{Accepted, Known, Ledger},
    support::api::Api,
};

/// After this a client takes it that no answer will come.
pub const PATIENCE: Duration = Duration::from_secs(12);

/// How often a client asks again for what it may ask twice.
const TRIES: u32 = 3;

/// Within this time a site is there, before anything is wrong.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Uploads wait while so many videos do.
pub const MOST_WAITING: u64 = 6;

/// What all clients share.
pub struct World {
    pub ledger: Ledger,
    pub clips: Clips,
    /// Videos that wait for a worker, as last counted.
    pub waiting: AtomicU64,
    pub is_over: AtomicBool,
}

/// A person with an account and a will of their own.
pub struct Client {
    world: Arc<World>,
    apis: Vec<Api>,
    name: String,
    id: String,
    token: String,
    rng: StdRng,
    uploads: u32,
    /// Accepted videos that were not asked to be deleted.
    own: Vec<String>,
    /// The first link to each published video that was watched.
    links: HashMap<String, String>,
}

/// How a request went.
enum Answer {
    /// Done: a promise.
    Done(Value),
    /// Refused, with the problem's code: nothing was done.
    Refused(StatusCode, String),
    /// An error or silence: it may have been done or not.
    Unknown,
}

impl Client {
    /// Signs up, before the storm.
    pub async fn sign_up(world: &Arc<World>, ports: &[u16], seed: u64, number: u64) -> Self {
        let http = Http::builder().pool_max_idle_per_host(0).timeout(PATIENCE).build();
        let http = http.expect("a client needs nothing");
        let apis: Vec<_> = ports.iter().map(|port| Api::on_port(http.clone(), *port)).collect();
        for api in &apis {
            let began = Instant::now();
            while !api.is_healthy().await {
                assert!(began.elapsed() < START_LIMIT, "the site does not come up");
                sleep(Duration::from_millis(50)).await;
            }
        }
        let name = format!("Player{number}");
        let token = apis[0].new_player(&name, "Bogotá").await.expect("nothing is wrong yet");
        let me = apis[0].client.get(apis[0].url("/api/auth/me")).bearer_auth(&token).send().await;
        let me: Value = me.expect("an answer").json().await.expect("JSON");
        Self {
            world: Arc::clone(world),
            apis,
            name,
            id: me["id"].as_str().expect("an id").to_owned(),
            token,
            rng: StdRng::seed_from_u64(seed.wrapping_add(number)),
            uploads: 0,
            own: Vec::new(),
            links: HashMap::new(),
        }
    }

    /// Uploads a good clip while nothing is wrong, so that something is public
    /// when the storm begins.
    pub async fn upload_first(&mut self) {
        let title = self.next_title();
        let clip = self.world.clips.good(&title);
        self.world.ledger.open().sent.insert(title.clone(), sha256(&clip));
        let answer = read(self.api().upload(&self.token, &title, clip).await).await;
        assert!(matches!(answer, Answer::Done(_)), "nothing is wrong yet");
        self.accepted(title, &answer);
    }

    /// Does one thing after the other until it is all over, and then no half
    /// thing: what became of it would not be known.
    pub async fn live(mut self) {
        while !self.world.is_over.load(Ordering::Relaxed) {
            match self.rng.random_range(0..100) {
                0..25 => self.upload().await,
                25..40 => self.upload_in_parts().await,
                40..65 => self.vote().await,
                65..77 => self.withdraw().await,
                77..80 => self.delete().await,
                80..88 => self.look().await,
                _ => self.watch().await,
            }
            let pause = self.rng.random_range(50..300);
            sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Uploads a clip through the form.
    async fn upload(&mut self) {
        let Some((title, clip)) = self.next_clip() else { return };
        let answer = read(self.api().upload(&self.token, &title, clip).await).await;
        self.note("upload", &answer);
        self.accepted(title, &answer);
    }

    /// Uploads a clip in parts, patient where asking again is allowed.
    async fn upload_in_parts(&mut self) {
        let Some((title, clip)) = self.next_clip() else { return };
        let begin = json!({"title": title, "size": clip.len(), "content_type": "video/mp4"});
        let api = self.api();
        let request = api.client.post(api.url("/api/uploads")).json(&begin);
        let answer = read(request.bearer_auth(&self.token).send().await).await;
        self.note("part upload begun", &answer);
        let Answer::Done(upload) = answer else { return };
        if self.rng.random_bool(0.2) {
            return self.give_up(&upload, &clip).await;
        }
        for part in upload["parts"].as_array().expect("parts") {
            if !self.put(part, &clip).await {
                return;
            }
        }
        let path =
            format!("/api/uploads/{}/complete", upload["upload_id"].as_str().expect("an id"));
        for _ in 0..TRIES {
            let api = self.api();
            let request = api.client.post(api.url(&path)).bearer_auth(&self.token);
            let answer = read(request.send().await).await;
            self.note("part upload completed", &answer);
            if !matches!(answer, Answer::Unknown) {
                return self.accepted(title, &answer);
            }
        }
    }

    /// Changes its mind after the first part.
    async fn give_up(&mut self, upload: &Value, clip: &[u8]) {
        self.put(&upload["parts"][0], clip).await;
        let id = upload["upload_id"].as_str().expect("an id");
        let api = self.api();
        let request = api.client.delete(api.url(&format!("/api/uploads/{id}")));
        let answer = read(request.bearer_auth(&self.token).send().await).await;
        self.note("part upload given up", &answer);
        if let Answer::Done(_) = answer {
            self.world.ledger.open().given_up.insert(id.to_owned());
        }
    }

    /// Sends one part to its link.
    async fn put(&mut self, part: &Value, clip: &[u8]) -> bool {
        let at = |key: &str| part[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let (from, size) = (at("offset").expect("a number"), at("size").expect("a number"));
        let link = part["url"].as_str().expect("a link");
        for _ in 0..TRIES {
            let bytes = clip[from..from + size].to_vec();
            let sent = self.api().client.put(link).body(bytes).send().await;
            if sent.is_ok_and(|answer| answer.status().is_success()) {
                return true;
            }
        }
        false
    }

    /// A clip that nobody has sent before; `None` while enough of them wait.
    fn next_clip(&mut self) -> Option<(String, Vec<u8>)> {
        if self.world.waiting.load(Ordering::Relaxed) >= MOST_WAITING {
            return None;
        }
        let title = self.next_title();
        let clip = self.world.clips.any(&mut self.rng, &title);
        self.world.ledger.open().sent.insert(title.clone(), sha256(&clip));
        Some((title, clip))
    }

    fn next_title(&mut self) -> String {
        self.uploads += 1;
        format!("{} {}", self.name, self.uploads)
    }

    /// Writes down what an upload was promised, if anything.
    fn accepted(&mut self, title: String, answer: &Answer) {
        let Answer::Done(accepted) = answer else { return };
        let video = accepted["video_id"].as_str().expect("an id").to_owned();
        let promise = Accepted { title, deleted: Known::No };
        self.world.ledger.open().accepted.insert(video.clone(), promise);
        self.world.waiting.fetch_add(1, Ordering::Relaxed);
        self.own.push(video);
    }

    async fn vote(&mut self) {
        let Some(video) = self.some_published_video().await else { return };
        let key = (video, self.id.clone());
        let before = self.world.ledger.open().votes.get(&key).copied().unwrap_or(Known::No);
        if before == Known::Either {
            return;
        }
        let answer = read(self.api().vote(&self.token, &key.0).await).await;
        self.note("vote", &answer);
        let after = match &answer {
            Answer::Done(_) if before == Known::Yes => self.broken("counted a vote twice", &key.0),
            Answer::Done(_) => Known::Yes,
            Answer::Refused(_, code) if code == "already_voted" && before == Known::No => {
                self.broken("has a vote that was never cast or was withdrawn", &key.0)
            }
            Answer::Refused(..) => before,
            // A second vote changes nothing, answered or not.
            Answer::Unknown if before == Known::Yes => before,
            Answer::Unknown => Known::Either,
        };
        self.world.ledger.open().votes.insert(key, after);
    }

    async fn withdraw(&mut self) {
        let mine = |((_, player), known): (&(String, String), &Known)| {
            player == &self.id && *known == Known::Yes
        };
        let voted: Vec<_> = {
            let books = self.world.ledger.open();
            books.votes.iter().filter(|vote| mine(*vote)).map(|vote| vote.0.0.clone()).collect()
        };
        let Some(video) = voted.choose(&mut self.rng).cloned() else { return };
        let api = self.api();
        let vote = api.client.delete(api.url(&format!("/api/public/videos/{video}/vote")));
        let answer = read(vote.bearer_auth(&self.token).send().await).await;
        self.note("withdrawal", &answer);
        let after = match &answer {
            Answer::Done(_) => Known::No,
            Answer::Refused(_, code) if code == "not_voted" => {
                self.broken("has lost a vote", &video)
            }
            Answer::Refused(..) => Known::Yes,
            Answer::Unknown => Known::Either,
        };
        self.world.ledger.open().votes.insert((video, self.id.clone()), after);
    }

    async fn delete(&mut self) {
        if self.own.is_empty() {
            return;
        }
        let at = self.rng.random_range(0..self.own.len());
        let video = self.own[at].clone();
        // Whoever watches it must not wonder meanwhile.
        self.set_deleted(&video, Known::Either);
        let api = self.api();
        let request = api.client.delete(api.url(&format!("/api/videos/{video}")));
        let answer = read(request.bearer_auth(&self.token).send().await).await;
        self.note("deletion", &answer);
        let deleted = match &answer {
            Answer::Done(_) => Known::Yes,
            Answer::Refused(StatusCode::NOT_FOUND, _) => self.broken("lost an upload", &video),
            Answer::Refused(..) => Known::No,
            Answer::Unknown => Known::Either,
        };
        self.set_deleted(&video, deleted);
        if deleted != Known::No {
            self.own.swap_remove(at);
        }
    }

    fn set_deleted(&self, video: &str, deleted: Known) {
        if let Some(accepted) = self.world.ledger.open().accepted.get_mut(video) {
            accepted.deleted = deleted;
        }
    }

    /// Looks at a video of one's own: it must be there.
    async fn look(&mut self) {
        let Some(video) = self.own.choose(&mut self.rng).cloned() else { return };
        let api = self.api();
        let request = api.client.get(api.url(&format!("/api/videos/{video}")));
        let answer = read(request.bearer_auth(&self.token).send().await).await;
        self.note("look", &answer);
        if let Answer::Refused(StatusCode::NOT_FOUND, _) = answer {
            self.broken("lost an upload", &video);
        }
    }

    /// Watches a published video, mostly one that was watched before: it stays
    /// public, and its first link stays good, also when it is made again.
    async fn watch(&mut self) {
        let known: Vec<_> = self.links.keys().cloned().collect();
        let again = known.choose(&mut self.rng).filter(|_| self.rng.random_bool(0.7)).cloned();
        let Some(video) = (match again {
            Some(video) => Some(video),
            None => self.some_published_video().await,
        }) else {
            return;
        };
        let api = self.api();
        let page = api.client.get(api.url(&format!("/api/public/videos/{video}")));
        let answer = read(page.send().await).await;
        self.note("watching", &answer);
        let newest = match answer {
            Answer::Done(page) => page["processed_url"].as_str().expect("a link").to_owned(),
            Answer::Refused(..) => return self.missed("is not public any more", &video),
            Answer::Unknown => return,
        };
        let first = self.links.entry(video.clone()).or_insert_with(|| newest.clone()).clone();
        for link in [first, newest] {
            if self.leads_nowhere(&link).await {
                self.missed("has a link that leads nowhere", &video);
            }
        }
    }

    async fn leads_nowhere(&self, link: &str) -> bool {
        let gone = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::GONE];
        let answer = self.apis[0].client.get(link).send().await;
        answer.is_ok_and(|answer| gone.contains(&answer.status()))
    }

    /// A published video is not there: its owner may have had it deleted.
    fn missed(&mut self, what: &str, video: &str) {
        self.links.remove(video);
        if !self.world.ledger.may_be_deleted(video) {
            self.broken(what, video);
        }
    }

    /// Somebody else's, from the public list.
    async fn some_published_video(&mut self) -> Option<String> {
        let api = self.api();
        let list = read(api.client.get(api.url("/api/public/videos?limit=100")).send().await).await;
        let Answer::Done(Value::Array(videos)) = list else { return None };
        let ids = videos.iter().filter_map(|video| video["video_id"].as_str());
        let others: Vec<_> =
            ids.filter(|id| !self.own.iter().any(|own| own == id)).map(str::to_owned).collect();
        others.choose(&mut self.rng).cloned()
    }

    /// One of the web processes, as a balancer would choose it.
    fn api(&mut self) -> Api {
        self.apis.choose(&mut self.rng).expect("there is one").clone()
    }

    fn note(&self, what: &'static str, answer: &Answer) {
        let how = match answer {
            Answer::Done(_) => "done",
            Answer::Refused(..) => "refused",
            Answer::Unknown => "unanswered",
        };
        *self.world.ledger.open().answers.entry((what, how)).or_default() += 1;
    }

    fn broken(&self, what: &str, video: &str) -> Known {
        self.world.ledger.open().broken.push(format!("the platform {what}: video {video}"));
        Known::Either
    }
}

async fn read(answer: reqwest::Result<Response>) -> Answer {
    let Ok(answer) = answer else { return Answer::Unknown };
    let status = answer.status();
    if status.is_server_error() {
        return Answer::Unknown;
    }
    if status == StatusCode::NO_CONTENT {
        return Answer::Done(Value::Null);
    }
    match answer.json().await {
        Ok(body) if status.is_success() => Answer::Done(body),
        Ok(Value::Object(problem)) => {
            Answer::Refused(status, problem["code"].as_str().unwrap_or_default().to_owned())
        }
        _ => Answer::Unknown,
    }
}
