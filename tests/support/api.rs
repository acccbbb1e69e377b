//! The API as its clients call it. Every answer is handed on as it came, and
//! so is its absence.

use std::net::TcpListener;

use reqwest::{
    Client, Response, Result, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

pub const PASSWORD: &str = "canasta-de-tres-2026";

/// One web process, seen from outside.
#[derive(Clone)]
pub struct Api {
    pub client: Client,
    base: String,
}

impl Api {
    /// The process that listens on this port of this machine.
    pub fn on_port(client: Client, port: u16) -> Self {
        Self { client, base: format!("http://127.0.0.1:{port}") }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub async fn is_healthy(&self) -> bool {
        self.client.get(self.url("/health")).send().await.is_ok()
    }

    /// Signs somebody up, logs in, and returns the access token.
    pub async fn new_player(&self, name: &str, city: &str) -> Result<String> {
        let email = format!("{}@example.com", name.to_lowercase());
        let signup = json!({
            "first_name": name, "last_name": "Prueba", "email": email, "city": city,
            "country": "Colombia", "password1": PASSWORD, "password2": PASSWORD,
        });
        let answer = self.client.post(self.url("/api/auth/signup")).json(&signup).send().await?;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let login = json!({"email": email, "password": PASSWORD});
        let answer = self.client.post(self.url("/api/auth/login")).json(&login).send().await?;
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = answer.json().await?;
        Ok(answer["access_token"].as_str().expect("a token").to_owned())
    }

    /// Uploads a clip through the form.
    pub async fn upload(&self, token: &str, title: &str, clip: Vec<u8>) -> Result<Response> {
        let part = Part::bytes(clip).file_name("clip.mp4").mime_str("video/mp4")?;
        let form = Form::new().text("title", title.to_owned()).part("video_file", part);
        let upload = self.client.post(self.url("/api/videos/upload"));
        upload.bearer_auth(token).multipart(form).send().await
    }

    pub async fn vote(&self, token: &str, video: &str) -> Result<Response> {
        let vote = self.client.post(self.url(&format!("/api/public/videos/{video}/vote")));
        vote.bearer_auth(token).send().await
    }
}

/// A port of this machine that is free now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}
