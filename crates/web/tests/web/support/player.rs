use anb_domain::VideoId;
use reqwest::{
    Method, RequestBuilder,
    multipart::{self, Part},
};
use serde_json::json;

use super::{Answer, Parts, TestApp, clip};

/// Somebody who has signed up and logged in.
pub struct Player<'a> {
    pub app: &'a TestApp,
    pub token: String,
    pub id: String,
}

impl<'a> Player<'a> {
    pub async fn from(app: &'a TestApp, name: &str, city: &str, country: &str) -> Self {
        let email = format!("{}@example.com", name.to_lowercase());
        let password = "aro-tablero-red";
        let signup = json!({
            "first_name": name, "last_name": "Ruiz", "email": email,
            "password1": password, "password2": password, "city": city, "country": country,
        });
        let profile = app.post("/api/auth/signup", &signup).await.ok().json();
        let login = json!({ "email": email, "password": password });
        let token = app.post("/api/auth/login", &login).await.ok().json();
        Self {
            app,
            token: token["access_token"].as_str().unwrap().to_owned(),
            id: profile["id"].as_str().unwrap().to_owned(),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.client.request(method, self.app.url(path)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub async fn get_in(&self, language: &str, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path).header("accept-language", language)).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::POST, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::DELETE, path)).await
    }

    pub async fn sends(&self, form: Form) -> Answer {
        Answer::to(self.upload(form)).await
    }

    pub fn upload(&self, form: Form) -> RequestBuilder {
        self.request(Method::POST, "/api/videos/upload").multipart(form.0)
    }

    /// A clip that is accepted.
    pub async fn uploads(&self, title: &str) -> VideoId {
        let answer = self.sends(Form::new().title(title).file(clip(5_000))).await.ok();
        answer.json()["video_id"].as_str().unwrap().parse().unwrap()
    }

    /// A clip that a worker has published.
    pub async fn has_published(&self, title: &str) -> VideoId {
        let video = self.uploads(title).await;
        self.app.publishes(video).await;
        video
    }

    /// Opens an upload in parts of this file.
    pub async fn begins(&self, title: &str, file: Vec<u8>) -> Parts<'_> {
        let answer = self.announces(title, file.len()).await.ok();
        Parts::new(self, answer.json(), file)
    }

    pub async fn announces(&self, title: &str, size: usize) -> Answer {
        let request = json!({ "title": title, "size": size, "content_type": "video/mp4" });
        Answer::to(self.request(Method::POST, "/api/uploads").json(&request)).await
    }

    pub async fn votes_for(&self, video: VideoId) -> Answer {
        self.post(&format!("/api/public/videos/{video}/vote")).await
    }
}

/// An upload form, field by field in this order.
pub struct Form(pub multipart::Form);

impl Form {
    pub fn new() -> Self {
        Self(multipart::Form::new())
    }

    pub fn title(self, title: &str) -> Self {
        self.text("title", title)
    }

    pub fn text(self, name: &'static str, text: &str) -> Self {
        Self(self.0.text(name, text.to_owned()))
    }

    pub fn file(self, bytes: Vec<u8>) -> Self {
        self.file_as("video_file", bytes)
    }

    pub fn file_as(self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.part(name, Part::bytes(bytes))
    }

    pub fn part(self, name: &'static str, part: Part) -> Self {
        let part = part.file_name("jugada.mp4").mime_str("video/mp4").unwrap();
        Self(self.0.part(name, part))
    }
}
