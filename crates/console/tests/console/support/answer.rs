use reqwest::{RequestBuilder, StatusCode, header::HeaderMap};

/// What the console answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the console answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let answer = Self { status, headers, text: response.text().await.unwrap() };
        assert!(!answer.header("x-request-id").is_empty(), "every answer has an id");
        assert_eq!(answer.header("cache-control"), "no-store", "nothing is kept anywhere");
        answer
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the browser is sent on.
    #[track_caller]
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location")
    }

    #[track_caller]
    pub fn shows(&self, expected: &str) {
        assert!(self.text.contains(expected), "{expected} is missing in\n{}", self.text);
    }

    #[track_caller]
    pub fn hides(&self, unexpected: &str) {
        assert!(!self.text.contains(unexpected), "{unexpected} is in\n{}", self.text);
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.text);
        self
    }
}
