//! Somebody with a browser: it keeps cookies and says where a form was, and
//! goes nowhere by itself.

use std::collections::BTreeMap;

use anb_domain::VideoId;
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};

use crate::support::{Answer, Form, Player, TestApp, clip};

pub const PASSWORD: &str = "aro-tablero-red";

pub struct Browser<'a> {
    pub app: &'a TestApp,
    pub language: &'static str,
    pub cookies: BTreeMap<String, String>,
    pub client: Client,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        let client = anb_testkit::http().redirect(Policy::none()).build().unwrap();
        Self { app, language: "en", cookies: BTreeMap::new(), client }
    }

    /// Of somebody who has just signed up here.
    pub async fn of(app: &'a TestApp, name: &str) -> Self {
        let mut browser = Self::new(app);
        let applicant = applicant(name);
        let fields = applicant.each_ref().map(|(field, value)| (*field, value.as_str()));
        browser.posts("/sign-up", &fields).await.leads();
        browser
    }

    /// Of a player who has signed up before.
    pub async fn signed_in(player: &Player<'a>) -> Self {
        let mut browser = Self::new(player.app);
        let profile = player.get("/api/auth/me").await.ok().json();
        let email = profile["email"].as_str().unwrap();
        browser.posts("/sign-in", &[("email", email), ("password", PASSWORD)]).await.leads();
        browser
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        self.client
            .request(method, self.app.url(path))
            .header("accept", "text/html")
            .header("accept-language", self.language)
            .header("cookie", cookies.collect::<Vec<_>>().join("; "))
    }

    /// As pages of ours ask.
    pub fn own_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("origin", self.app.url(""))
    }

    /// A form that does not say where it was.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.request(Method::POST, path).form(fields)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub async fn get_in(&mut self, language: &'static str, path: &str) -> Answer {
        self.language = language;
        self.get(path).await
    }

    /// A page that is there.
    pub async fn reads(&self, path: &str) -> String {
        self.get(path).await.ok().text()
    }

    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.own_request(Method::POST, path).form(fields);
        let answer = Answer::to(request).await;
        self.remember(&answer);
        answer
    }

    pub async fn posts_and_follows(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.posts(path, fields).await;
        self.get(answer.leads()).await
    }

    pub async fn sends(&self, form: Form) -> Answer {
        Answer::to(self.own_request(Method::POST, "/upload").multipart(form.0)).await
    }

    /// Uploads a clip by the plain form.
    pub async fn uploads(&self, title: &str) -> VideoId {
        self.sends(Form::new().title(title).file(clip(5_000))).await.leads();
        let own = self.get("/api/videos").await.ok().json();
        own[0]["video_id"].as_str().unwrap().parse().unwrap()
    }

    fn remember(&mut self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let (name, value) = line.to_str().unwrap().split_once('=').unwrap();
            let (value, attributes) = value.split_once(';').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
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
