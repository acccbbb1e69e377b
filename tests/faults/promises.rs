//! What must hold after the storm, whatever happened in it.

use std::collections::{BTreeMap, HashMap, HashSet};

use anb_domain::keys::ResultFile;

use crate::{
    clips::sha256,
    evidence::{Attempt, Video, Witness, objects},
    ledger::{Accepted, Books, Known},
    stack::Stack,
};

/// Tries that a video has.
const MOST_TRIES: usize = 3;

/// Everything that is left.
pub struct Remains {
    pub videos: Vec<Video>,
    pub attempts: HashMap<String, Vec<Attempt>>,
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
                let attempts = self.attempts.get(&video.id);
                broken.push(format!("{what}: {video:?}, attempts {attempts:#?}"));
            }
        };
        let status = video.status.as_str();
        let is_end = matches!(status, "completed" | "rejected" | "failed" | "deleted");
        insist(is_end, "a video has not ended");
        insist(as_deleted(status, books.accepted.get(&video.id)), "not deleted as answered");
        insist(self.original_is_right(video, books), "the original is not what was sent");
        insist(self.published_once(video), "not exactly one result");
        insist(self.results_are_whole(video), "the result's files are not exactly those");
        let attempts = self.attempts.get(&video.id).map_or(0, Vec::len);
        insist(attempts <= MOST_TRIES, "more than three tries");
        insist(self.attempts_have_ended(video), "an attempt has not ended");
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
        let attempts = self.attempts.get(&video.id).map_or(&[][..], Vec::as_slice);
        let published = |attempt: &&Attempt| attempt.outcome.as_deref() == Some("published");
        let numbers: Vec<_> = attempts.iter().filter(published).map(|attempt| attempt.no).collect();
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

    fn attempts_have_ended(&self, video: &Video) -> bool {
        let attempts = self.attempts.get(&video.id);
        attempts.into_iter().flatten().all(|attempt| attempt.outcome.is_some())
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
        Attempt { video_id: VIDEO.into(), no, worker: "w".into(), outcome, failure: None }
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

    fn attempts(remains: &mut Remains) -> &mut Vec<Attempt> {
        remains.attempts.get_mut(VIDEO).unwrap()
    }

    #[test]
    fn a_good_end_breaks_no_promise() {
        let (remains, books) = all_is_well();
        assert_eq!(remains.broken_promises(&books), [""; 0]);
    }

    #[test]
    fn every_broken_promise_is_noticed() {
        type Break = fn(&mut Remains, &mut Books);
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
                let lost = |no| Attempt { outcome: Some("lost".into()), ..published(no) };
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
        for (name, break_it) in breaks {
            let (mut remains, mut books) = all_is_well();
            break_it(&mut remains, &mut books);
            assert_ne!(remains.broken_promises(&books), [""; 0], "{name}");
        }
    }
}
