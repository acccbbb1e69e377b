//! One of each kind, with an account on the site and a session in the console.

use std::time::{SystemTime, UNIX_EPOCH};

use anb_domain::Role;
use anb_http::access::{Application, Visitor};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode,
    multipart::{Form, Part},
    redirect::Policy,
};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::applications::{
    answers::{between, cookie},
    showcase::Showcase,
    things::Things,
};

pub const PASSWORD: &str = "canasta-de-tres-2026";
const STEP_SECONDS: u64 = 30;

/// Somebody who asks for things.
pub struct Person<'s> {
    showcase: &'s Showcase,
    client: Client,
    pub visitor: Visitor,
    pub id: String,
    /// Of the site and of the console.
    cookies: String,
    pub things: Things,
}

impl<'s> Person<'s> {
    pub fn anonymous(showcase: &'s Showcase) -> Self {
        Self {
            showcase,
            client: anb_testkit::http().redirect(Policy::none()).build().unwrap(),
            visitor: Visitor::Anonymous,
            id: String::new(),
            cookies: String::new(),
            things: Things::default(),
        }
    }

    /// Somebody who has just signed up.
    pub async fn player(showcase: &'s Showcase, name: &str) -> Self {
        let mut person = Self::anonymous(showcase);
        person.signs_up(name, &email_of(name)).await;
        person.visitor = Visitor::As(Role::Player);
        person
    }

    /// Signs up, comes into the console, and loses the way there again if it is
    /// a player: what somebody was does not count.
    pub async fn new(showcase: &'s Showcase, name: &str, role: Role) -> Self {
        let email = email_of(name);
        let mut person = Self::player(showcase, name).await;
        let grant = async |role: Role| {
            assert!(showcase.does(&["admin", "user", "grant", &email, role.as_str()]));
        };
        grant(role.max(Role::Jury)).await;
        person.enters_the_console(&email).await;
        grant(role).await;
        person.visitor = Visitor::As(role);
        person
    }

    /// A request with the cookies that a browser has for it, from a page of the
    /// same application.
    pub fn asks(&self, application: Application, method: Method, path: &str) -> RequestBuilder {
        let base = match application {
            Application::Public => &self.showcase.public,
            Application::Console => &self.showcase.console,
        };
        let request = self.client.request(method, format!("{base}{path}")).header("origin", base);
        request.header("cookie", &self.cookies).header("accept-language", "en")
    }

    pub async fn posts(
        &self,
        application: Application,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let request = self.asks(application, Method::POST, path).form(fields);
        request.send().await.unwrap()
    }

    pub async fn reads(&self, application: Application, path: &str) -> String {
        let answer = self.asks(application, Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.reads(Application::Public, path).await).unwrap()
    }

    /// Tries to come into the site again.
    pub async fn signs_in(&mut self, name: &str) -> Response {
        let email = email_of(name);
        let fields = [("email", email.as_str()), ("password", PASSWORD)];
        let answer = self.posts(Application::Public, "/sign-in", &fields).await;
        if answer.status() == StatusCode::SEE_OTHER {
            self.cookies = cookie(&answer);
        }
        answer
    }

    pub async fn uploads(&self, clip: Vec<u8>) -> String {
        let part = Part::bytes(clip).file_name("clip.mp4").mime_str("video/mp4").unwrap();
        let form = Form::new().text("title", "Mate").part("video_file", part);
        let upload = self.asks(Application::Public, Method::POST, "/api/videos/upload");
        let answer = upload.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        answer.json::<Value>().await.unwrap()["video_id"].as_str().unwrap().to_owned()
    }

    /// Begins an upload; returns its id and the address of its first part.
    pub async fn begins_an_upload(&self) -> (String, String) {
        let wish = json!({ "title": "Mate", "size": 1000, "content_type": "video/mp4" });
        let request = self.asks(Application::Public, Method::POST, "/api/uploads");
        let answer = request.json(&wish).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let begun: Value = answer.json().await.unwrap();
        let (id, text) = (begun["upload_id"].as_str().unwrap().to_owned(), begun.to_string());
        let part = format!("/media{}", between(&text, "/media", "\""));
        (id, part)
    }

    async fn signs_up(&mut self, name: &str, email: &str) {
        let fields = [
            ("first_name", name),
            ("last_name", "Prueba"),
            ("email", email),
            ("password1", PASSWORD),
            ("password2", PASSWORD),
            ("city", "Cali"),
            ("country", "Colombia"),
        ];
        let welcomed = self.posts(Application::Public, "/sign-up", &fields).await;
        self.cookies = cookie(&welcomed);
        self.json("/api/auth/me").await["id"].as_str().unwrap().clone_into(&mut self.id);
    }

    /// Twice: the first session is another one, which may be ended.
    async fn enters_the_console(&mut self, email: &str) {
        let site = self.cookies.clone();
        let console = Application::Console;
        self.gives_the_password(email, &site).await;
        let page = self.reads(console, "/console/sign-in/enrol").await;
        let secret = Secret::Encoded(between(&page, "id=\"secret\">", "<").to_owned());
        let app = TOTP::new(
            Algorithm::SHA1,
            6,
            1,
            STEP_SECONDS,
            secret.to_bytes().unwrap(),
            None,
            String::new(),
        );
        let (app, now) = (app.unwrap(), now());
        let code = app.generate(now);
        let enrolled = self.posts(console, "/console/sign-in/enrol", &[("code", &code)]).await;
        assert_eq!(enrolled.status(), 200);
        self.gives_the_password(email, &site).await;
        let next = app.generate(now + STEP_SECONDS);
        let inside = self.posts(console, "/console/sign-in/code", &[("code", &next)]).await;
        self.cookies = format!("{site}; {}", cookie(&inside));
        let account = self.reads(console, "/console/account").await;
        between(&account, "/console/account/sessions/", "\"").clone_into(&mut self.things.session);
    }

    async fn gives_the_password(&mut self, email: &str, site: &str) {
        let fields = [("email", email), ("password", PASSWORD)];
        let known = self.posts(Application::Console, "/console/sign-in", &fields).await;
        self.cookies = format!("{site}; {}", cookie(&known));
    }
}

/// `Ana` is `ana@example.com`.
pub fn email_of(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}

#[expect(clippy::disallowed_methods, reason = "the program's clock is a real one, too")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
