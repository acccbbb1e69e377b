//! A visitor of one language who uploads, and what pages answer.

use anb_domain::VideoId;
use reqwest::{Method, RequestBuilder};

use crate::{
    support::{Answer, Form, TestApp, clip},
    visitor::Visitor,
};

pub const PASSWORD: &str = "aro-tablero-red";

pub struct Browser<'a> {
    pub language: &'static str,
    visitor: Visitor<'a>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { language: "en", visitor: Visitor::of(app) }
    }

    /// Of a player who has just signed up.
    pub async fn of(app: &'a TestApp, name: &str) -> Self {
        Self { visitor: Visitor::member(app, name).await, ..Self::new(app) }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.visitor.request(method, path).header("accept-language", self.language)
    }

    /// As pages of ours ask.
    pub fn own_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("origin", self.visitor.app.url(""))
    }

    pub async fn get_in(&mut self, language: &'static str, path: &str) -> Answer {
        self.language = language;
        self.get(path).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.own_request(Method::POST, path).form(fields);
        self.visitor.hears(request).await
    }

    pub async fn sends(&self, form: Form) -> Answer {
        Answer::to(self.own_request(Method::POST, "/upload").multipart(form.0)).await
    }

    /// Uploads a clip by the plain form.
    pub async fn uploads(&self, title: &str) -> VideoId {
        self.sends(Form::new().title(title).file(clip(5_000))).await.leads();
        let own = Answer::to(self.request(Method::GET, "/api/videos")).await.ok().json();
        own[0]["video_id"].as_str().unwrap().parse().unwrap()
    }
}

/// What somebody from Bogotá types: `Ana` is `ana@example.com`.
pub fn applicant(name: &str) -> [(&'static str, String); 7] {
    [
        ("first_name", name.into()),
        ("last_name", "Ruiz".into()),
        ("email", format!("{}@example.com", name.to_lowercase())),
        ("password1", PASSWORD.into()),
        ("password2", PASSWORD.into()),
        ("city", "Bogotá".into()),
        ("country", "Colombia".into()),
    ]
}

/// What a page answers.
pub trait PageAnswer {
    /// Where the browser is sent on.
    fn leads(&self) -> &str;
    fn shows(&self, expected: &str);
    fn hides(&self, unexpected: &str);
}

impl PageAnswer for Answer {
    #[track_caller]
    fn leads(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location")
    }

    #[track_caller]
    fn shows(&self, expected: &str) {
        assert!(self.text().contains(expected), "{expected} is missing in\n{}", self.text());
    }

    #[track_caller]
    fn hides(&self, unexpected: &str) {
        assert!(!self.text().contains(unexpected), "{unexpected} is in\n{}", self.text());
    }
}
