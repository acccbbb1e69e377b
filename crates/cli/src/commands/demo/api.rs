//! The platform's API, as its players use it.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, bail};
use reqwest::{Method, RequestBuilder, Response, StatusCode, multipart};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use super::cast::{Contestant, PASSWORD};

/// How long to wait when the service asks for patience without saying how
/// much.
const PATIENCE: Duration = Duration::from_secs(5);

/// A showcase somewhere.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: Url,
}

/// A player who has logged in.
#[derive(Debug, Clone)]
pub struct Player {
    api: Api,
    token: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Video {
    #[serde(rename = "video_id")]
    pub id: String,
    pub title: String,
    pub status: String,
    #[serde(default)]
    pub progress: u64,
    pub failure: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub struct Rank {
    pub position: u64,
    pub username: String,
    pub city: String,
    pub votes: u64,
}

#[derive(Debug, Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Debug, Deserialize)]
struct Uploaded {
    #[serde(rename = "video_id")]
    id: String,
}

#[derive(Debug, Deserialize)]
struct Rankings {
    rankings: Vec<Rank>,
}

#[derive(Debug, Default, Deserialize)]
struct Problem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
}

impl Api {
    pub fn new(base: Url) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .build()
            .context("cannot make an HTTP client")?;
        Ok(Self { http, base })
    }

    /// Waits until the service is healthy.
    pub async fn wait_until_healthy(&self, patience: Duration) -> anyhow::Result<()> {
        let healthy = async {
            loop {
                let answer = self.request(Method::GET, "health").send().await;
                if answer.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(patience, healthy).await.with_context(|| {
            format!("nobody answers at {}; start the server with `anb-video run`", self.base)
        })
    }

    /// Logs in; signs up first if nobody has this address yet.
    pub async fn player(&self, contestant: &Contestant) -> anyhow::Result<Player> {
        let signup = json!({
            "first_name": contestant.first_name,
            "last_name": contestant.last_name,
            "email": contestant.email(),
            "password1": PASSWORD,
            "password2": PASSWORD,
            "city": contestant.city,
            "country": contestant.country,
        });
        let signup = self.request(Method::POST, "api/auth/signup").json(&signup);
        tolerate("email_taken", patiently(signup).await?).await.context("cannot sign up")?;
        let login = json!({ "email": contestant.email(), "password": PASSWORD });
        let login = self.request(Method::POST, "api/auth/login").json(&login);
        let token: Token = read(patiently(login).await?).await.context("cannot log in")?;
        Ok(Player { api: self.clone(), token: token.access_token })
    }

    /// The first places of the ranking.
    pub async fn ranking(&self, places: u32) -> anyhow::Result<Vec<Rank>> {
        let path = format!("api/public/rankings?page_size={places}");
        let rankings: Rankings = read(patiently(self.request(Method::GET, &path)).await?).await?;
        Ok(rankings.rankings)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.base.as_str().trim_end_matches('/');
        self.http.request(method, format!("{base}/{path}"))
    }
}

impl Player {
    /// The player's own videos.
    pub async fn videos(&self) -> anyhow::Result<Vec<Video>> {
        read(patiently(self.request(Method::GET, "api/videos")).await?).await
    }

    pub async fn video(&self, id: &str) -> anyhow::Result<Video> {
        let path = format!("api/videos/{id}");
        read(patiently(self.request(Method::GET, &path)).await?).await
    }

    /// Uploads a clip; returns the video's id.
    pub async fn upload(&self, title: &str, file: &Path) -> anyhow::Result<String> {
        let bytes = tokio::fs::read(file).await.context("cannot read the clip")?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let part = multipart::Part::bytes(bytes).file_name(name);
        let form = multipart::Form::new().text("title", title.to_owned()).part("video_file", part);
        let upload = self.request(Method::POST, "api/videos/upload").multipart(form);
        let uploaded: Uploaded = read(upload.send().await?).await.context("cannot upload")?;
        Ok(uploaded.id)
    }

    /// Votes; having voted before is fine.
    pub async fn vote(&self, video: &str) -> anyhow::Result<()> {
        let path = format!("api/public/videos/{video}/vote");
        let answer = patiently(self.request(Method::POST, &path)).await?;
        tolerate("already_voted", answer).await.context("cannot vote")
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.api.request(method, path).bearer_auth(&self.token)
    }
}

/// Sends a request, again if the service asks to come back later: fourteen
/// people sign up from one address faster than the limits allow.
async fn patiently(request: RequestBuilder) -> anyhow::Result<Response> {
    loop {
        let attempt = request.try_clone().context("the request cannot be repeated")?;
        let answer = attempt.send().await.context("the server does not answer")?;
        if answer.status() != StatusCode::TOO_MANY_REQUESTS {
            return Ok(answer);
        }
        let header = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let asked = header.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        tokio::time::sleep(asked.unwrap_or(PATIENCE)).await;
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> anyhow::Result<T> {
    if answer.status().is_success() {
        return answer.json().await.context("the answer is not what it should be");
    }
    let (status, problem) = problem(answer).await;
    bail!("the server answers {status}: {}", problem.detail)
}

/// Success, or a problem that is none here.
async fn tolerate(code: &str, answer: Response) -> anyhow::Result<()> {
    if answer.status().is_success() {
        return Ok(());
    }
    match problem(answer).await {
        (_, problem) if problem.code == code => Ok(()),
        (status, problem) => bail!("the server answers {status}: {}", problem.detail),
    }
}

async fn problem(answer: Response) -> (StatusCode, Problem) {
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}
