//! What an answer says to somebody who may not, or may.

use anb_http::access::{Application, Rule};
use reqwest::{Response, StatusCode, header};

/// Whether somebody was let in.
pub fn lets_in(rule: &Rule, answer: &Response) -> bool {
    let status = answer.status();
    let leads_to = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
    let sign_in = match rule.application {
        Application::Public => "/sign-in",
        Application::Console => "/console/sign-in",
    };
    // There, whoever has nothing to show is led back to the password.
    let at_the_door = rule.path.starts_with("/console/sign-");
    let sent_away = leads_to.is_some_and(|place| place.starts_with(sign_in)) && !at_the_door;
    // A page of the console that has nothing by this id is there all the same.
    let may_be_missing = rule.application == Application::Console && !rule.own;
    let missing = status == StatusCode::NOT_FOUND && !may_be_missing;
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    assert!(!status.is_server_error(), "{} {}: {status}", rule.method, rule.path);
    assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{} {}", rule.method, rule.path);
    !(sent_away || missing || refused)
}

/// The cookie that an answer sets, as it is sent back.
pub fn cookie(answer: &Response) -> String {
    let set = answer.headers().get(header::SET_COOKIE);
    let set = set.unwrap_or_else(|| panic!("no cookie: {}", answer.status())).to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

pub fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap().0
}
