//! What people do on the pages of the site.

use std::path::Path;

use thirtyfour::Key;

use crate::{browser::Browser, people::Person, site::Site};

/// The button that sends the form of a page.
pub const SUBMIT: &str = "main form :is(button:not([type]), [type=submit])";

/// What a chosen clip will be called.
pub const TITLE: &str = "li[data-upload] [data-part=title]";

/// The vote button of a video's page.
pub const VOTE: &str = "form[action$='/vote'] button";

impl Browser {
    pub async fn signs_up(&self, person: &Person) {
        self.goes_to("/sign-up").await;
        for (field, value) in person.particulars() {
            self.writes(&format!("main [name={field}]"), value).await;
        }
        self.follows(SUBMIT).await;
        self.is_signed_in().await;
    }

    pub async fn signs_in(&self, person: &Person) {
        self.goes_to("/sign-in").await;
        self.writes("main [name=email]", person.email).await;
        self.writes("main [name=password]", person.password).await;
        self.follows(SUBMIT).await;
        self.is_signed_in().await;
    }

    pub async fn signs_out(&self) {
        self.follows("form[action='/sign-out'] button").await;
        assert_eq!(self.count("form[action='/sign-out']").await, 0, "still signed in");
    }

    pub async fn is_signed_in(&self) {
        assert_eq!(self.count("form[action='/sign-out']").await, 1, "not signed in");
    }

    pub async fn chooses_to_upload(&self, files: &[&Path]) {
        self.goes_to("/upload").await;
        self.sees("form#upload-form").await;
        self.chooses("input#files", files).await;
    }

    /// Waits until the only upload of the page is in this state.
    pub async fn upload_is(&self, state: &str) {
        let css = format!("li[data-upload][data-state={state}]");
        self.until(&format!("the upload is {state}"), async || self.count(&css).await == 1).await;
    }

    /// Uploads a clip and waits until it has been taken.
    pub async fn uploads(&self, file: &Path, title: &str) {
        self.chooses_to_upload(&[file]).await;
        self.upload_is("ready").await;
        self.writes(TITLE, title).await;
        self.presses(Key::Tab).await;
        self.clicks(SUBMIT).await;
        self.upload_is("done").await;
    }

    /// Follows one's only video until it is in this state.
    pub async fn own_video_is(&self, status: &str) {
        let css = format!("li[data-video][data-status={status}]");
        let is_there = async || self.count(&css).await == 1;
        self.until(&format!("the video is {status}"), is_there).await;
    }

    pub async fn opens_video(&self, site: &Site, title: &str) {
        self.goes_to(&format!("/videos/{}", site.video(title).await)).await;
    }

    /// Addresses of the videos on a page, in its order.
    pub async fn shown_videos(&self) -> Vec<String> {
        self.asks(
            "[...new Set([...document.querySelectorAll('main a[href^=\"/videos/\"]')]
                .map(link => new URL(link.href).pathname))]",
        )
        .await
    }
}
