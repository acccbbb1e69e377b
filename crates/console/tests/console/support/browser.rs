use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder};

use anb_domain::Clock as _;
use totp_rs::{Algorithm, Secret, TOTP};

use super::{Answer, PASSWORD, TestConsole};

/// A browser: it keeps cookies, and says from where a form is sent.
pub struct Browser<'a> {
    pub console: &'a TestConsole,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
    /// Of the second factor, in the app.
    pub secret: Option<String>,
}

impl<'a> Browser<'a> {
    pub fn new(console: &'a TestConsole) -> Self {
        Self { console, cookies: BTreeMap::new(), language: "en", secret: None }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.console
            .client
            .request(method, self.console.url(path))
            .header("accept-language", self.language)
            .header("cookie", cookies.join("; "))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    /// A form, as it is sent from nowhere in particular.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// Sends a form from a page of the console.
    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.console.url("");
        let answer = Answer::to(self.form(path, fields).header("origin", origin)).await;
        self.keep(&answer);
        answer
    }

    /// Sends a form and goes where it leads.
    pub async fn posts_and_follows(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.posts(path, fields).await;
        self.get(answer.leads_to()).await
    }

    /// The password alone.
    pub async fn signs_in(&mut self, email: &str, password: &str) -> Answer {
        self.posts("/console/sign-in", &[("email", email), ("password", password)]).await
    }

    /// The password, and for the first time the second factor.
    pub async fn enrols(&mut self, email: &str) -> Answer {
        let answer = self.signs_in(email, PASSWORD).await;
        assert_eq!(answer.leads_to(), "/console/sign-in/enrol");
        let page = self.get("/console/sign-in/enrol").await.ok();
        let secret = page.text.split_once("id=\"secret\">").unwrap().1.split_once('<').unwrap().0;
        self.secret = Some(secret.to_owned());
        let code = self.code();
        self.posts("/console/sign-in/enrol", &[("code", &code)]).await
    }

    /// What the app shows now.
    pub fn code(&self) -> String {
        let base32 = Secret::Encoded(self.secret.clone().expect("who has enrolled"));
        let now = self.console.store.clock.now().timestamp().unsigned_abs();
        let bytes = base32.to_bytes().unwrap();
        TOTP::new(Algorithm::SHA1, 6, 0, 30, bytes, None, "ana".into()).unwrap().generate(now)
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
