//! What must hold after the storm, whatever happened in it.

use std::collections::{BTreeMap, HashMap, HashSet};

use anb_domain::keys::ResultFile;

use crate::{
    clips::sha256,
    evidence::{Attempt, Job, Video, Witness, objects},
    ledger::{Accepted, Books, Known},
    stack::Stack,
};

/// Tries that a video has, and each time that it is made again.
const MOST_TRIES: usize = 3;

/// Everything that is left.
pub struct Remains {
    pub videos: Vec<Video>,
    pub attempts: HashMap<String, Vec<Attempt>>,
    pub jobs: HashMap<String, Vec<Job>>,
    votes: HashMap<String, Vec<String>>,
    objects: BTreeMap<String, Vec<u8>>,
    staged: Vec<String>,
    panics: Vec<String>,
}

impl Remains {
    pub async fn of(stack: &Stack, witness: &Witness) -> Self {
        let (objects, staged) = objects(stack).await;
        Self {
            videos: witness.videos().await,
            attempts: witness.attempts().await,
            jobs: witness.jobs().await,
            votes: witness.votes().await,
            objects,
            staged,
            panics: panics(stack),
        }
    }

    /// Every promise that was broken, in words.
    pub fn broken_promises(&self, books: &Books) -> Vec<String> {
        let mut broken = books.broken.clone();
        broken.extend(self.lost_uploads(books));
        broken.extend(self.unwanted_uploads(books));
        for video in &self.videos {
            broken.extend(self.broken_about(video, books));
        }
        broken.extend(self.objects_without_row());
        broken.extend(self.staged.iter().map(|key| format!("a write never ended: {key}")));
        broken.extend(self.panics.iter().map(|line| format!("a panic: {line}")));
        broken
    }

    fn lost_uploads(&self, books: &Books) -> Vec<String> {
        let rows: HashSet<_> = self.videos.iter().map(|video| &video.id).collect();
        let lost = books.accepted.iter().filter(|(id, _)| !rows.contains(id));
        lost.map(|(id, accepted)| format!("an accepted upload has no row: {id} {accepted:?}"))
            .collect()
    }

    fn unwanted_uploads(&self, books: &Books) -> Vec<String> {
        let unwanted = self.videos.iter().filter(|video| books.given_up.contains(&video.id));
        unwanted.map(|video| format!("an upload that was given up has a row: {video:?}")).collect()
    }

    fn broken_about(&self, video: &Video, books: &Books) -> Vec<String> {
        let mut broken = Vec::new();
        let mut insist = |holds: bool, what: &str| {
            if !holds {
                let (attempts, jobs) = (self.attempts_of(video), self.jobs_of(video));
                broken.push(format!("{what}: {video:?}, attempts {attempts:#?}, jobs {jobs:?}"));
            }
        };
        let status = video.status.as_str();
        let is_end = matches!(status, "completed" | "rejected" | "failed" | "deleted");
        insist(is_end, "a video has not ended");
        insist(as_deleted(status, books.accepted.get(&video.id)), "not deleted as answered");
        insist(self.original_is_right(video, books), "the original is not what was sent");
        insist(self.published_once(video), "not exactly one result");
        insist(self.results_are_whole(video), "the result's files are not exactly those");
        insist(self.tries_are_few(video, books), "more than three tries");
        insist(self.attempts_have_ended(video), "an attempt has not ended");
        insist(self.losers_are_purged(video), "an attempt's objects are not known to be gone");
        insist(self.jobs_have_ended(video), "it is still to be made again");
        insist(self.stopped_as_answered(video, books), "not as the operator was answered");
        insist(self.votes_are_right(video, books), "the votes are not as answered");
        broken
    }

    /// Byte for byte while the video lives, and gone with it.
    fn original_is_right(&self, video: &Video, books: &Books) -> bool {
        let original = self.objects.get(&format!("uploads/{}/original", video.id));
        if video.status == "deleted" {
            return original.is_none();
        }
        original.is_some_and(|bytes| books.sent.get(&video.title) == Some(&sha256(bytes)))
    }

    fn published_once(&self, video: &Video) -> bool {
        let published = |attempt: &&Attempt| {
            attempt.outcome.as_deref() == Some("published") && !attempt.is_replaced
        };
        let attempts = self.attempts_of(video).iter();
        let numbers: Vec<_> = attempts.filter(published).map(|attempt| attempt.no).collect();
        match video.status.as_str() {
            "completed" => numbers == [video.attempt],
            "deleted" => numbers.len() <= 1,
            _ => numbers.is_empty(),
        }
    }

    fn results_are_whole(&self, video: &Video) -> bool {
        let prefix = format!("processed/{}/", video.id);
        let results =
            self.objects.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
        let found: HashSet<_> =
            results.filter(|(_, bytes)| !bytes.is_empty()).map(|(key, _)| key.clone()).collect();
        let expected = |file: ResultFile| format!("{prefix}{}/{}", video.attempt, file.file_name());
        match video.status.as_str() {
            "completed" => found == ResultFile::ALL.map(expected).into_iter().collect(),
            _ => found.is_empty(),
        }
    }

    /// Each order to make it, or to make it again, has three; a hand-back
    /// leaves no trace in either count.
    fn tries_are_few(&self, video: &Video, books: &Books) -> bool {
        let (again, first): (Vec<_>, Vec<_>) =
            self.attempts_of(video).iter().partition(|attempt| attempt.reprocess);
        let orders = 1 + books.retries.get(&video.id).copied().unwrap_or_default();
        let tries: Vec<_> =
            self.jobs_of(video).iter().map(|job| job.tries.unsigned_abs()).collect();
        first.len() <= MOST_TRIES * orders
            && tries.iter().all(|tries| *tries as usize <= MOST_TRIES)
            && tries.iter().sum::<u32>() as usize == again.len()
    }

    fn attempts_have_ended(&self, video: &Video) -> bool {
        self.attempts_of(video).iter().all(|attempt| attempt.outcome.is_some())
    }

    fn losers_are_purged(&self, video: &Video) -> bool {
        let published = Some(video.attempt).filter(|_| video.status == "completed");
        let mut losers =
            self.attempts_of(video).iter().filter(|attempt| Some(attempt.no) != published);
        losers.all(|attempt| attempt.is_purged)
    }

    /// A job is dropped only with its video, for no operator stops a run here.
    fn jobs_have_ended(&self, video: &Video) -> bool {
        self.jobs_of(video).iter().all(|job| match job.state.as_str() {
            "done" => job.failure.is_none(),
            "kept" => job.failure.is_some(),
            "dropped" => video.status == "deleted",
            _ => false,
        })
    }

    /// A try that was stopped ends its video, or its being made again; and
    /// nothing is stopped of which nobody has asked that.
    fn stopped_as_answered(&self, video: &Video, books: &Books) -> bool {
        let stopped = &books.stopped;
        let failed = is_cancelled(video.failure.as_deref());
        let kept = self.jobs_of(video).iter().any(|job| is_cancelled(job.failure.as_deref()));
        if (failed || kept) && !stopped.asked.contains(&video.id) {
            return false;
        }
        let as_failed = video.status == "deleted" || (video.status == "failed" && failed);
        (as_failed || !stopped.failed.contains(&video.id))
            && (kept || !stopped.kept.contains(&video.id))
    }

    fn attempts_of(&self, video: &Video) -> &[Attempt] {
        self.attempts.get(&video.id).map_or(&[], Vec::as_slice)
    }

    fn jobs_of(&self, video: &Video) -> &[Job] {
        self.jobs.get(&video.id).map_or(&[], Vec::as_slice)
    }

    /// The total is the number of votes, each counted as it was answered.
    fn votes_are_right(&self, video: &Video, books: &Books) -> bool {
        let voters = self.votes.get(&video.id).map_or(&[][..], Vec::as_slice);
        if usize::try_from(video.votes) != Ok(voters.len()) {
            return false;
        }
        if video.status == "deleted" {
            return voters.is_empty();
        }
        let of_video = books.votes.iter().filter(|((id, _), _)| id == &video.id);
        let known: HashMap<_, _> = of_video.map(|((_, player), known)| (player, *known)).collect();
        let all_counted = known.iter().all(|(player, known)| match known {
            Known::Yes => voters.contains(player),
            Known::No => !voters.contains(player),
            Known::Either => true,
        });
        all_counted && voters.iter().all(|voter| known.contains_key(voter))
    }

    fn objects_without_row(&self) -> Vec<String> {
        let rows: HashSet<_> = self.videos.iter().map(|video| video.id.as_str()).collect();
        let strays = self.objects.keys().filter(|key| {
            let video = key.split('/').nth(1).unwrap_or_default();
            !rows.contains(video)
        });
        strays.map(|key| format!("an object has no row: {key}")).collect()
    }
}

fn is_cancelled(failure: Option<&str>) -> bool {
    failure.is_some_and(|failure| failure.contains(r#""cancelled""#))
}

fn as_deleted(status: &str, accepted: Option<&Accepted>) -> bool {
    match accepted.map(|accepted| accepted.deleted) {
        Some(Known::Yes) => status == "deleted",
        Some(Known::Either) => true,
        // Without an answer to its upload, nobody could ask for its deletion.
        Some(Known::No) | None => status != "deleted",
    }
}

fn panics(stack: &Stack) -> Vec<String> {
    let logs = stack.logs().into_iter().flat_map(|log| {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        let panics =
            |line: &&str| line.contains("a task panicked") || line.contains("a fault in anb-video");
        text.lines().filter(panics).map(str::to_owned).collect::<Vec<_>>()
    });
    logs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIDEO: &str = "0190d5a4-5c3f-7c1e-9a52-0d5f0a6c7b11";

    fn result(attempt: i32, file: ResultFile) -> String {
        format!("processed/{VIDEO}/{attempt}/{}", file.file_name())
    }

    fn published(no: i32) -> Attempt {
        let outcome = Some("published".into());
        Attempt {
            video_id: VIDEO.into(),
            no,
            worker: "w".into(),
            outcome,
            failure: None,
            reprocess: false,
            is_replaced: false,
            is_purged: false,
        }
    }

    /// The objects of such an attempt are gone.
    fn lost(no: i32) -> Attempt {
        Attempt { outcome: Some("lost".into()), is_purged: true, ..published(no) }
    }

    fn kept(tries: i32) -> Job {
        let failure = Some(r#"{"code": "cancelled"}"#.into());
        Job { video_id: VIDEO.into(), state: "kept".into(), tries, failure }
    }

    /// One video, published at the first try, with a vote.
    fn all_is_well() -> (Remains, Books) {
        let video = Video {
            id: VIDEO.into(),
            status: "completed".into(),
            title: "Mate".into(),
            attempt: 1,
            tries: 1,
            votes: 1,
            failure: None,
        };
        let mut objects: BTreeMap<_, _> =
            ResultFile::ALL.map(|file| (result(1, file), b"result".to_vec())).into();
        objects.insert(original(), b"clip".to_vec());
        let remains = Remains {
            videos: vec![video],
            attempts: HashMap::from([(VIDEO.into(), vec![published(1)])]),
            jobs: HashMap::new(),
            votes: HashMap::from([(VIDEO.into(), vec!["luis".into()])]),
            objects,
            staged: Vec::new(),
            panics: Vec::new(),
        };
        let accepted = Accepted { title: "Mate".into(), deleted: Known::No };
        let books = Books {
            sent: HashMap::from([("Mate".into(), sha256(b"clip"))]),
            accepted: HashMap::from([(VIDEO.into(), accepted)]),
            votes: HashMap::from([((VIDEO.into(), "luis".into()), Known::Yes)]),
            ..Books::default()
        };
        (remains, books)
    }

    fn original() -> String {
        format!("uploads/{VIDEO}/original")
    }

    /// The same, made again, and then once more until an operator stopped that.
    fn all_is_well_after_all_that() -> (Remains, Books) {
        let (mut all, mut books) = all_is_well();
        let again = |attempt| Attempt { reprocess: true, ..attempt };
        let first = Attempt { is_replaced: true, is_purged: true, ..published(1) };
        *attempts(&mut all) = vec![first, again(published(2)), again(lost(3))];
        for file in ResultFile::ALL {
            let bytes = all.objects.remove(&result(1, file)).unwrap();
            all.objects.insert(result(2, file), bytes);
        }
        all.videos[0].attempt = 2;
        let done = Job { state: "done".into(), failure: None, ..kept(1) };
        all.jobs.insert(VIDEO.into(), vec![done, kept(1)]);
        books.stopped.asked.insert(VIDEO.into());
        books.stopped.kept.insert(VIDEO.into());
        (all, books)
    }

    /// It was stopped while it was first made.
    fn all_is_well_though_it_was_stopped() -> (Remains, Books) {
        let (mut all, mut books) = all_is_well();
        all.videos[0].status = "failed".into();
        all.videos[0].failure = kept(0).failure;
        all.videos[0].votes = 0;
        all.votes.clear();
        books.votes.clear();
        *attempts(&mut all) = vec![Attempt { outcome: Some("failed".into()), ..lost(1) }];
        all.objects.retain(|key, _| *key == original());
        books.stopped.asked.insert(VIDEO.into());
        books.stopped.failed.insert(VIDEO.into());
        (all, books)
    }

    fn jobs(remains: &mut Remains) -> &mut Vec<Job> {
        remains.jobs.get_mut(VIDEO).unwrap()
    }

    fn attempts(remains: &mut Remains) -> &mut Vec<Attempt> {
        remains.attempts.get_mut(VIDEO).unwrap()
    }

    #[test]
    fn a_good_end_breaks_no_promise() {
        let good_ends =
            [all_is_well(), all_is_well_after_all_that(), all_is_well_though_it_was_stopped()];
        for (remains, books) in good_ends {
            assert_eq!(remains.broken_promises(&books), [""; 0]);
        }
    }

    type Break = fn(&mut Remains, &mut Books);

    fn each_is_noticed(all_is_well: fn() -> (Remains, Books), breaks: &[(&str, Break)]) {
        for (name, break_it) in breaks {
            let (mut remains, mut books) = all_is_well();
            break_it(&mut remains, &mut books);
            assert_ne!(remains.broken_promises(&books), [""; 0], "{name}");
        }
    }

    #[test]
    fn what_goes_wrong_when_a_video_is_made_again_is_noticed() {
        each_is_noticed(
            all_is_well_after_all_that,
            &[
                ("old result left", |all, _| {
                    all.objects.insert(result(1, ResultFile::ALL[0]), b"old".to_vec());
                }),
                ("old result not known to be gone", |all, _| attempts(all)[0].is_purged = false),
                ("not replaced", |all, _| attempts(all)[0].is_replaced = false),
                ("still to be made again", |all, _| jobs(all)[0].state = "queued".into()),
                ("dropped, and nobody wanted that", |all, _| jobs(all)[0].state = "dropped".into()),
                ("kept for no reason", |all, _| jobs(all)[1].failure = None),
                ("four tries", |all, _| {
                    jobs(all)[0].tries = 4;
                    let more = |no| Attempt { reprocess: true, ..lost(no) };
                    attempts(all).extend([4, 5, 6].map(more));
                }),
                ("a try that nobody counted", |all, _| jobs(all)[0].tries = 0),
                ("stopped, and nobody asked", |_, books| books.stopped.asked.clear()),
                ("made again though it was stopped", |all, _| drop(jobs(all).pop())),
            ],
        );
    }

    #[test]
    fn what_goes_wrong_when_a_video_is_stopped_is_noticed() {
        each_is_noticed(
            all_is_well_though_it_was_stopped,
            &[
                ("went on", |all, _| all.videos[0].status = "rejected".into()),
                ("for another reason", |all, _| all.videos[0].failure = None),
                ("nobody asked", |_, books| books.stopped.asked.clear()),
                ("a fourth try", |all, _| attempts(all).extend([2, 3, 4].map(lost))),
            ],
        );
    }

    #[test]
    fn every_broken_promise_is_noticed() {
        let breaks: [(&str, Break); 18] = [
            ("row lost", |all, _| all.videos.clear()),
            ("deleted unasked", |all, _| all.videos[0].status = "deleted".into()),
            ("never ended", |all, _| all.videos[0].status = "processing".into()),
            ("deletion forgotten", |_, books| {
                books.accepted.get_mut(VIDEO).unwrap().deleted = Known::Yes;
            }),
            ("original lost", |all, _| drop(all.objects.remove(&original()))),
            ("original altered", |all, _| all.objects.get_mut(&original()).unwrap().push(0)),
            ("result lost", |all, _| drop(all.objects.remove(&result(1, ResultFile::ALL[0])))),
            ("result of a loser left", |all, _| {
                all.objects.insert(result(2, ResultFile::ALL[0]), b"late".to_vec());
            }),
            ("published twice", |all, _| attempts(all).push(published(2))),
            ("a fourth try", |all, _| {
                attempts(all).extend([2, 3, 4].map(lost));
            }),
            ("a try without end", |all, _| {
                attempts(all).push(Attempt { outcome: None, ..published(2) });
            }),
            ("total wrong", |all, _| all.videos[0].votes = 2),
            ("vote lost", |all, _| {
                all.votes.clear();
                all.videos[0].votes = 0;
            }),
            ("withdrawal forgotten", |_, books| {
                books.votes.values_mut().for_each(|vote| *vote = Known::No);
            }),
            ("object without row", |all, _| {
                all.objects.insert("uploads/nobody/original".into(), b"clip".to_vec());
            }),
            ("a write left open", |all, _| all.staged.push(original())),
            ("given up, and there", |_, books| books.given_up.extend([VIDEO.into()])),
            ("seen by a client", |_, books| books.broken.push("a vote was lost".into())),
        ];
        each_is_noticed(all_is_well, &breaks);
    }
}
