//! The operators' console, and the way in: a password, and a code that changes
//! every half minute.

use std::time::{SystemTime, UNIX_EPOCH};

use totp_rs::{Algorithm, Secret, TOTP};

use crate::{browser::Browser, pages::SUBMIT, people::Person};

const STEP_SECONDS: u64 = 30;

/// The app on somebody's phone.
pub struct Authenticator {
    totp: TOTP,
    /// Of the code that was typed last; none is taken twice.
    last_step: u64,
}

impl Authenticator {
    fn with_key(base32: &str) -> Self {
        let key = Secret::Encoded(base32.to_owned()).to_bytes().unwrap();
        Self { totp: TOTP::new(Algorithm::SHA1, 6, 1, STEP_SECONDS, key).unwrap(), last_step: 0 }
    }

    /// A code that has not been typed before: this one, or already the next,
    /// which is as good.
    #[expect(clippy::disallowed_methods, reason = "the server's clock is a real one here")]
    pub fn code(&mut self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        self.last_step = (now / STEP_SECONDS).max(self.last_step + 1);
        self.totp.generate(self.last_step * STEP_SECONDS)
    }
}

impl Browser {
    /// Signs in to the console for the first time, setting up the second
    /// factor, and goes on from the recovery codes to the first page.
    pub async fn enters_console(&self, person: &Person) -> Authenticator {
        self.gives_password(person).await;
        self.is_at("/console/sign-in/enrol").await;
        let mut app = Authenticator::with_key(&self.reads("#secret").await);
        self.writes("main [name=code]", &app.code()).await;
        self.follows(SUBMIT).await;
        assert_eq!(self.count(".recovery li").await, 10);
        self.follows("main a.button.primary").await;
        self.is_in_console().await;
        app
    }

    /// Signs in to the console with what was set up the first time.
    pub async fn enters_console_again(&self, person: &Person, app: &mut Authenticator) {
        self.gives_password(person).await;
        self.is_at("/console/sign-in/code").await;
        self.writes("main [name=code]", &app.code()).await;
        self.follows(SUBMIT).await;
        self.is_in_console().await;
    }

    pub async fn leaves_console(&self) {
        self.follows("form[action='/console/sign-out'] button").await;
        self.is_at("/console/sign-in").await;
    }

    /// The password alone, which opens nothing.
    pub async fn gives_password(&self, person: &Person) {
        self.goes_to("/console/sign-in").await;
        self.writes("main [name=email]", person.email).await;
        self.writes("main [name=password]", person.password).await;
        self.follows(SUBMIT).await;
    }

    async fn is_in_console(&self) {
        assert_eq!(self.count("nav.sections").await, 1, "not in: {}", self.place().await);
    }
}
