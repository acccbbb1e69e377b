//! All pages of the site, one after the other.

use crate::{browser::Browser, looks::Look, people::Person, site::Site};

/// A page, and the name of its picture.
pub struct Stop {
    pub name: String,
    pub path: String,
}

pub fn stop(name: &str, path: impl Into<String>) -> Stop {
    Stop { name: name.to_owned(), path: path.into() }
}

/// What everybody sees; `video` and `player` are ids.
pub fn in_public(video: &str, player: &str) -> Vec<Stop> {
    vec![
        stop("showcase", "/"),
        stop("search", "/?city=Cali&sort=votes"),
        stop("nothing-found", "/?q=voleibol"),
        stop("video", format!("/videos/{video}")),
        stop("report", format!("/videos/{video}/report")),
        stop("rankings", "/rankings"),
        stop("player", format!("/players/{player}")),
        stop("rules", "/rules"),
        stop("privacy", "/privacy"),
        stop("problems", "/problems"),
        stop("not-found", "/nowhere"),
        stop("no-such-video", "/videos/0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66"),
    ]
}

/// What only those see who have no session.
pub fn at_the_door() -> Vec<Stop> {
    vec![
        stop("sign-up", "/sign-up"),
        stop("sign-in", "/sign-in"),
        stop("sign-in-first", "/sign-in?next=/upload&problem=not_authenticated"),
    ]
}

/// What only a player sees, whose video is `own`; `other` is somebody else's.
pub fn signed_in(own: &str, other: &str) -> Vec<Stop> {
    vec![
        stop("upload", "/upload"),
        stop("my-videos", "/me/videos?done=uploaded"),
        stop("delete-video", format!("/me/videos/{own}/delete")),
        stop("forbidden", format!("/me/videos/{other}/delete")),
        stop("account", "/me"),
        stop("delete-account", "/me/delete"),
        stop("own-video", format!("/videos/{own}")),
        stop("showcase-signed-in", "/"),
        stop("rankings-signed-in", "/rankings"),
    ]
}

/// Shows every page, by day and by night: as nobody, then as `person`, the
/// owner of `own`.
pub async fn all_pages(
    browser: &Browser,
    site: &Site,
    person: &Person,
    videos: (&str, &str),
    look: impl AsyncFn(&Stop, bool),
) {
    let (own, other) = videos;
    let player = site.player(person).await;
    show(browser, &in_public(other, &player), &look).await;
    show(browser, &at_the_door(), &look).await;
    browser.signs_in(person).await;
    show(browser, &signed_in(own, other), &look).await;
}

async fn show(browser: &Browser, stops: &[Stop], look: &impl AsyncFn(&Stop, bool)) {
    for stop in stops {
        for dark in [false, true] {
            Look { width: 1920, dark }.on(browser).await;
            browser.goes_to(&stop.path).await;
            look(stop, dark).await;
        }
    }
}
