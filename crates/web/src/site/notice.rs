//! What has just been done, or could not be, carried by the address to which a
//! browser is sent after a form: a reload then repeats the page, and not the
//! deed.

use axum::response::Redirect;
use http::Uri;
use url::form_urlencoded;

use crate::problem::Code;

const DONE: &str = "done";
const PROBLEM: &str = "problem";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Welcome,
    SignedIn,
    SignedOut,
    Voted,
    Withdrawn,
    Reported,
    Uploaded,
    Deleted,
    AccountDeleted,
}

impl Notice {
    pub const ALL: [Self; 9] = [
        Self::Welcome,
        Self::SignedIn,
        Self::SignedOut,
        Self::Voted,
        Self::Withdrawn,
        Self::Reported,
        Self::Uploaded,
        Self::Deleted,
        Self::AccountDeleted,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        &self.id()["notice-".len()..]
    }

    /// The message that says it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Welcome => "notice-welcome",
            Self::SignedIn => "notice-signed-in",
            Self::SignedOut => "notice-signed-out",
            Self::Voted => "notice-voted",
            Self::Withdrawn => "notice-withdrawn",
            Self::Reported => "notice-reported",
            Self::Uploaded => "notice-uploaded",
            Self::Deleted => "notice-deleted",
            Self::AccountDeleted => "notice-account-deleted",
        }
    }

    /// The one that an address carries.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let name = parameter(uri, DONE)?;
        Self::ALL.into_iter().find(|notice| notice.as_str() == name)
    }

    /// Sends the browser on.
    pub fn at(self, path: &str) -> Redirect {
        Redirect::to(&carrying(path, DONE, self.as_str()))
    }
}

/// Sends the browser back to a page that says why something was not done.
pub fn refused(code: Code, path: &str) -> Redirect {
    Redirect::to(&carrying(path, PROBLEM, code.as_str()))
}

/// The problem that an address carries.
#[must_use]
pub fn refusal(uri: &Uri) -> Option<Code> {
    let name = parameter(uri, PROBLEM)?;
    Code::ALL.iter().copied().find(|code| code.as_str() == name)
}

/// Path and query without what was only said once.
#[must_use]
pub fn without(uri: &Uri) -> String {
    let kept = pairs(uri).filter(|(name, _)| name != DONE && name != PROBLEM);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) }
}

fn carrying(path: &str, name: &str, value: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{name}={value}")
}

fn parameter(uri: &Uri, wanted: &str) -> Option<String> {
    pairs(uri).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

fn pairs(uri: &Uri) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_survives_the_way_through_the_address() {
        for notice in Notice::ALL {
            let uri = carrying("/rankings?city=Cali", DONE, notice.as_str()).parse().unwrap();
            assert_eq!(Notice::of(&uri), Some(notice));
            assert_eq!(without(&uri), "/rankings?city=Cali");
        }
        let uri = carrying("/videos/1", PROBLEM, Code::OwnVideo.as_str()).parse().unwrap();
        assert_eq!((refusal(&uri), Notice::of(&uri)), (Some(Code::OwnVideo), None));
        assert_eq!(without(&uri), "/videos/1");
    }

    #[test]
    fn an_address_without_a_notice_has_none() {
        for uri in ["/", "/?sort=votes", "/?done=rm", "/?problem=<script>"] {
            let uri = uri.replace('<', "%3C").replace('>', "%3E").parse().unwrap();
            assert_eq!((Notice::of(&uri), refusal(&uri)), (None, None), "{uri}");
        }
    }
}
