//! The site as people meet it: the real program, a real browser, and nothing
//! between them.
//!
//! A story that fails leaves a picture of the page, its HTML and the console's
//! log in `target/browser/`.

mod axe;
mod browser;
mod clips;
mod console;
mod console_tour;
mod console_work;
mod device;
mod evidence;
mod line;
mod looks;
mod machine;
mod pages;
mod people;
mod site;
#[expect(dead_code, reason = "other tests with real processes need more of it")]
#[path = "../support/mod.rs"]
mod support;
mod tour;

mod accessibility;
mod console_accessibility;
mod deleting;
mod escaping;
mod jury;
mod keyboard;
mod languages;
mod main_job;
mod moderation;
mod operators;
mod phases;
mod phone;
mod refusals;
mod scriptless;
mod showcase;
mod uploads;
mod vote_review;
mod voting;
mod weight;

mod console_screenshots;
mod screenshots;
