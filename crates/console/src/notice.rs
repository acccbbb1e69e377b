//! What has just been done, carried by the address to which a browser is sent
//! after a form: a reload then repeats the page, and not the deed.

use anb_design::{Argument, Speech};
use axum::response::Redirect;
use http::Uri;
use url::form_urlencoded;

const DONE: &str = "done";

/// Something that can be said to have been done, and which figures go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The message that says it. Each of its figures is given to it twice:
    /// `$moved` selects the form, `$moved-figure` is how the number is written.
    id: &'static str,
    figures: &'static [&'static str],
}

macro_rules! notices {
    ($($constant:ident = $id:literal $(, $figure:literal)*;)+) => {
        impl Notice {
            $(pub const $constant: Self = Self { id: $id, figures: &[$($figure),*] };)+

            const ALL: &[Self] = &[$(Self::$constant),+];
        }
    };
}

// One line for each; its message lies in `locales/*/notice.ftl`.
notices! {
    BRAND_DISCARDED = "notice-brand-discarded";
    BRAND_USED = "notice-brand-used";
    CONTEST_CHANGED = "notice-contest-changed";
    CANCELLED = "notice-cancelled";
    CANCELLED_KEPT = "notice-cancelled-kept";
    NOTHING_TICKED = "notice-nothing-ticked";
    NOTHING_TO_REPROCESS = "notice-nothing-to-reprocess";
    NOT_FAILED = "notice-not-failed";
    NOT_REPROCESSED = "notice-not-reprocessed";
    NOT_RUNNING = "notice-not-running";
    REPROCESSING = "notice-reprocessing", "videos";
    REPROCESSING_ONE = "notice-reprocessing-one";
    REDRIVEN = "notice-redriven", "moved", "retried", "back";
    RETRIED = "notice-retried";
    SESSION_ENDED = "notice-session-ended";
    SESSIONS_ENDED = "notice-sessions-ended", "ended";
    SUSPICION_DECIDED = "notice-suspicion-decided";
    SUSPICION_DISMISSED = "notice-suspicion-dismissed";
    VOTES_RESTORED = "notice-votes-restored", "votes";
    VOTES_STRUCK = "notice-votes-struck", "votes";
    WEBHOOK_CHANGED = "notice-webhook-changed";
    WEBHOOK_CREATED = "notice-webhook-created";
    WEBHOOK_DELETED = "notice-webhook-deleted";
    WEBHOOK_REDELIVERED = "notice-webhook-redelivered";
    WEBHOOK_SECRET_RENEWED = "notice-webhook-secret-renewed";
    WEBHOOK_TESTED = "notice-webhook-tested";
    RETRIED_MANY = "notice-retried-many", "retried", "spared";
    RUN_CHANGED = "notice-run-changed";
    RUN_NOT_CHANGED = "notice-run-not-changed";
    DISMISSED = "notice-dismissed", "reports";
    NONE_CHOSEN = "notice-none-chosen";
    PLAYER_ERASED = "notice-player-erased";
    ROLE_CHANGED = "notice-role-changed";
    RULED = "notice-ruled", "ruled", "skipped";
    SESSIONS_REVOKED = "notice-sessions-revoked";
    UNDONE = "notice-undone", "undone";
    PANEL_CLOSED = "notice-panel-closed";
    PANEL_FINISHED = "notice-panel-finished";
    PANEL_KEPT = "notice-panel-kept";
    PANEL_WAS_CLOSED = "notice-panel-was-closed";
    SHEET_FINISHED = "notice-sheet-finished";
    SHEET_KEPT = "notice-sheet-kept";
}

impl Notice {
    /// Sends the browser on.
    pub fn at(self, path: &str) -> Redirect {
        self.with(&[], path)
    }

    /// Sends the browser on, with a number for each figure.
    pub fn with(self, numbers: &[u64], path: &str) -> Redirect {
        debug_assert_eq!(numbers.len(), self.figures.len(), "the figures of {}", self.id);
        Redirect::to(&self.address(numbers, path))
    }

    fn address(self, numbers: &[u64], path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair(DONE, self.name());
        for (figure, number) in self.figures.iter().zip(numbers) {
            query.append_pair(figure, &number.to_string());
        }
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{path}{joint}{}", query.finish())
    }

    /// Its name in addresses.
    fn name(self) -> &'static str {
        &self.id["notice-".len()..]
    }

    /// The one that an address carries.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let name = pairs(uri).find(|(name, _)| name == DONE)?.1;
        Self::ALL.iter().copied().find(|notice| notice.name() == name)
    }

    /// In words, with the figures that the address carries.
    #[must_use]
    pub fn sentence(self, uri: &Uri, speech: Speech) -> String {
        let numbers: Vec<_> = self.figures.iter().map(|name| number(uri, name)).collect();
        let written: Vec<_> = numbers.iter().map(|number| speech.figure(*number)).collect();
        let names: Vec<_> = self.figures.iter().map(|name| format!("{name}-figure")).collect();
        let forms = self.figures.iter().copied().zip(numbers.iter().map(as_argument));
        let texts = names.iter().map(String::as_str).zip(written.iter().map(as_argument));
        let arguments: Vec<_> = forms.chain(texts).collect();
        speech.with_all(self.id, &arguments)
    }
}

fn as_argument(argument: &impl Argument) -> &dyn Argument {
    argument
}

/// Path and query without what was only said once.
#[must_use]
pub fn without(uri: &Uri) -> String {
    let said = |name: &str| {
        let figures = Notice::of(uri).map_or(&[][..], |notice| notice.figures);
        name == DONE || figures.contains(&name)
    };
    let kept = pairs(uri).filter(|(name, _)| !said(name));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) }
}

fn number(uri: &Uri, wanted: &str) -> u64 {
    let found = pairs(uri).find(|(name, _)| name == wanted);
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

fn pairs(uri: &Uri) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use anb_domain::Language;

    use super::*;
    use crate::messages::speech;

    fn said(notice: Notice, numbers: &[u64]) -> String {
        let uri = notice.address(numbers, "/console/dead-letters?page=2").parse().unwrap();
        assert_eq!(Notice::of(&uri), Some(notice));
        assert_eq!(without(&uri), "/console/dead-letters?page=2");
        notice.sentence(&uri, speech(Language::En))
    }

    #[test]
    fn what_was_done_survives_the_way_through_the_address() {
        assert_eq!(
            said(Notice::REDRIVEN, &[5000, 2, 1]),
            "Back in the queue: 5,000 messages. Given three new tries: 2 videos. Will be dead \
             letters again: 1 message."
        );
        assert_eq!(said(Notice::REDRIVEN, &[1, 0, 0]), "Back in the queue: 1 message.");
        assert_eq!(said(Notice::RETRIED, &[]), "The video is pending again, with three new tries.");
    }

    #[test]
    fn every_notice_can_be_said() {
        for notice in Notice::ALL {
            let numbers = vec![2; notice.figures.len()];
            let uri = notice.address(&numbers, "/console").parse().unwrap();
            for language in [Language::Es, Language::En] {
                assert!(!notice.sentence(&uri, speech(language)).is_empty(), "{notice:?}");
            }
        }
    }

    #[test]
    fn an_address_without_a_notice_has_none() {
        for uri in ["/console", "/console?page=2", "/console?done=rm", "/console?moved=1"] {
            let uri = uri.parse().unwrap();
            assert_eq!(Notice::of(&uri), None, "{uri}");
            assert!(!without(&uri).contains("done"));
        }
    }
}
