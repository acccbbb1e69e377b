//! What has just been done, carried by the address to which a browser is sent
//! after a form: a reload then repeats the page, and not the deed.

use anb_domain::Language;
use anb_ops::Redriven;
use axum::{extract::Query, response::Redirect};
use http::Uri;
use serde::{Deserialize, Serialize};

use crate::words::counted;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Retried,
    /// Somebody else was faster.
    NotFailed,
    Redriven,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    done: Done,
    #[serde(default)]
    moved: u64,
    #[serde(default)]
    retried: u64,
    #[serde(default)]
    back: u64,
}

impl Notice {
    const fn new(done: Done) -> Self {
        Self { done, moved: 0, retried: 0, back: 0 }
    }

    /// A video has new tries.
    pub const RETRIED: Self = Self::new(Done::Retried);

    /// A video is no longer failed.
    pub const NOT_FAILED: Self = Self::new(Done::NotFailed);

    #[must_use]
    pub fn redriven(done: &Redriven) -> Self {
        let back = done.failed + done.poison;
        Self { moved: done.moved, retried: done.retried, back, ..Self::new(Done::Redriven) }
    }

    /// The one that an address carries.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        Query::try_from_uri(uri).ok().map(|Query(notice)| notice)
    }

    /// Sends the browser on.
    pub fn at(self, path: &str) -> Redirect {
        let query = serde_urlencoded::to_string(self).unwrap_or_default();
        Redirect::to(&format!("{path}?{query}"))
    }

    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        match self.done {
            Done::Retried => language.pick(
                "El vídeo vuelve a estar pendiente, con tres intentos nuevos.".to_owned(),
                "The video is pending again, with three new tries.".to_owned(),
            ),
            Done::NotFailed => language.pick(
                "El vídeo ya no está fallido: no había nada que reintentar.".to_owned(),
                "The video is no longer failed: there was nothing to retry.".to_owned(),
            ),
            Done::Redriven => self.of_redrive(language),
        }
    }

    fn of_redrive(self, language: Language) -> String {
        let moved = counted(self.moved, language, ["mensaje", "mensajes"], ["message", "messages"]);
        let mut said = vec![language.pick(
            format!("De vuelta en la cola: {moved}."),
            format!("Back in the queue: {moved}."),
        )];
        if self.retried > 0 {
            let videos = counted(self.retried, language, ["vídeo", "vídeos"], ["video", "videos"]);
            said.push(language.pick(
                format!("Con tres intentos nuevos: {videos}."),
                format!("Given three new tries: {videos}."),
            ));
        }
        if self.back > 0 {
            let back =
                counted(self.back, language, ["mensaje", "mensajes"], ["message", "messages"]);
            said.push(language.pick(
                format!("Morirán otra vez: {back}."),
                format!("Will be dead letters again: {back}."),
            ));
        }
        said.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_survives_the_way_through_the_address() {
        let done = Redriven { moved: 5, retried: 2, failed: 0, poison: 1 };
        let notice = Notice::redriven(&done);
        let query = serde_urlencoded::to_string(notice).unwrap();
        let uri = format!("/console/dead-letters?{query}").parse().unwrap();
        assert_eq!(Notice::of(&uri), Some(notice));
        assert_eq!(
            notice.sentence(Language::En),
            "Back in the queue: 5 messages. Given three new tries: 2 videos. Will be dead \
             letters again: 1 message."
        );
    }

    #[test]
    fn an_address_without_a_notice_has_none() {
        for uri in
            ["/console", "/console?page=2", "/console?done=rm", "/console?done=retried&moved=x"]
        {
            assert_eq!(Notice::of(&uri.parse().unwrap()), None, "{uri}");
        }
        assert_eq!(
            Notice::of(&"/console/videos?done=retried".parse().unwrap()),
            Some(Notice::RETRIED)
        );
    }
}
