//! The sections of the console, as far as somebody may see them.

use anb_domain::Role;
use anb_http::access::{self, Application, Visitor};
use http::Method;

use crate::PREFIX;

/// Where each section lies, and the message that is its name. A section that
/// the table of access does not know, or not for this role, is not shown.
const SECTIONS: [(&str, &str); 13] = [
    (PREFIX, "nav-overview"),
    ("/console/queue", "nav-queue"),
    ("/console/videos", "nav-videos"),
    ("/console/dead-letters", "nav-dead-letters"),
    ("/console/moderation", "nav-moderation"),
    ("/console/reports", "nav-reports"),
    ("/console/votes", "nav-votes"),
    ("/console/jury", "nav-jury"),
    ("/console/players", "nav-players"),
    ("/console/contest", "nav-contest"),
    ("/console/webhooks", "nav-webhooks"),
    ("/console/exports", "nav-exports"),
    ("/console/audit", "nav-audit"),
];

pub struct Section {
    pub path: &'static str,
    /// The message that is its name.
    pub id: &'static str,
    /// Whether the page is this one, or lies below it.
    pub current: Option<&'static str>,
}

/// What somebody in this role may see, from a page that lies at `here`.
#[must_use]
pub fn sections(role: Role, here: &str) -> Vec<Section> {
    let here = here.split('?').next().unwrap_or_default();
    let seen = SECTIONS.into_iter().filter(|(path, _)| may_see(role, path));
    seen.map(|(path, id)| Section { path, id, current: current(path, here) }).collect()
}

/// Where somebody in this role begins: what comes first among what they see.
#[must_use]
pub fn home(role: Role) -> &'static str {
    let mut seen = SECTIONS.iter().map(|(path, _)| *path).filter(|path| may_see(role, path));
    seen.next().unwrap_or(PREFIX)
}

fn may_see(role: Role, path: &str) -> bool {
    access::may(Application::Console, Visitor::As(role), &Method::GET, path)
}

/// The value of `aria-current`.
fn current(path: &str, here: &str) -> Option<&'static str> {
    let below = here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    match (here == path, below && path != PREFIX) {
        (true, _) => Some("page"),
        (false, true) => Some("true"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_begin_with_the_overview_and_see_where_they_are() {
        assert_eq!(home(Role::Operator), PREFIX);
        let at = |here| {
            let sections = sections(Role::Operator, here);
            sections.iter().find_map(|section| Some((section.path, section.current?)))
        };
        assert_eq!(at("/console?done=retried"), Some((PREFIX, "page")));
        assert_eq!(at("/console/videos/1"), Some(("/console/videos", "true")));
        assert_eq!(at("/console/videosphere"), None);
    }

    #[test]
    fn nobody_sees_what_is_not_theirs() {
        assert!(sections(Role::Player, PREFIX).is_empty());
        let jury = sections(Role::Jury, PREFIX);
        assert!(jury.iter().all(|section| section.path != PREFIX));
    }
}
