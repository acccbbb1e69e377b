use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use super::{Answer, Player};

/// An upload in parts, as a client handles it: it knows what it was last told,
/// and nothing of the storage behind it.
pub struct Parts<'a> {
    player: &'a Player<'a>,
    pub id: String,
    /// What the service last said.
    pub view: Value,
    file: Vec<u8>,
}

/// What whoever takes parts answered.
pub struct Sent {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl<'a> Parts<'a> {
    pub fn new(player: &'a Player<'a>, view: Value, file: Vec<u8>) -> Self {
        let id = view["upload_id"].as_str().unwrap().to_owned();
        Self { player, id, view, file }
    }

    pub fn path(&self) -> String {
        format!("/api/uploads/{}", self.id)
    }

    /// Asks again what has arrived, as after a reload.
    pub async fn reload(&mut self) {
        self.view = self.player.get(&self.path()).await.ok().json();
    }

    pub fn part(&self, number: usize) -> &Value {
        let part = &self.view["parts"][number - 1];
        assert_eq!(part["number"], number, "{}", self.view);
        part
    }

    pub fn link(&self, number: usize) -> &str {
        self.part(number)["url"].as_str().unwrap_or_else(|| panic!("no link: {}", self.view))
    }

    /// The bytes that the part should have.
    pub fn bytes(&self, number: usize) -> Vec<u8> {
        let number_of = |name: &str| usize::try_from(self.part(number)[name].as_u64().unwrap());
        let (offset, size) = (number_of("offset").unwrap(), number_of("size").unwrap());
        self.file[offset..offset + size].to_vec()
    }

    /// Numbers of the parts that have arrived, as far as was told.
    pub fn arrived(&self) -> Vec<u64> {
        let parts = self.view["parts"].as_array().unwrap().iter();
        let arrived = parts.filter(|part| part["uploaded"] == true);
        arrived.map(|part| part["number"].as_u64().unwrap()).collect()
    }

    pub async fn sends(&self, number: usize) -> Sent {
        self.sends_instead(number, self.bytes(number)).await
    }

    /// Sends something else to the link of a part.
    pub async fn sends_instead(&self, number: usize, bytes: Vec<u8>) -> Sent {
        self.sends_to(self.link(number), bytes).await
    }

    /// As any HTTP client would: without a token, or any header of ours.
    pub async fn sends_to(&self, link: &str, bytes: Vec<u8>) -> Sent {
        let app = self.player.app;
        let request = app.client.put(link).body(bytes);
        if link.starts_with(&app.url("/")) {
            let Answer { status, headers, body } = Answer::to(request).await;
            return Sent { status, headers, body };
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Sent { status, headers, body: answer.bytes().await.unwrap() }
    }

    pub async fn sends_all(&self) {
        for number in 1..=self.view["parts"].as_array().unwrap().len() {
            self.sends(number).await.ok();
        }
    }

    pub async fn completes(&self) -> Answer {
        self.player.post(&format!("{}/complete", self.path())).await
    }

    pub async fn gives_up(&self) -> Answer {
        self.player.delete(&self.path()).await
    }
}

impl Sent {
    #[track_caller]
    pub fn ok(self) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, 200, "{body}");
        assert!(self.headers["etag"].to_str().unwrap().starts_with('"'), "{body}");
        self
    }

    /// Status and code of a problem of ours.
    pub fn problem(&self) -> (u16, String) {
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        (self.status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
    }
}
