//! Which settings do not count, because the console has saved others?

use std::fmt::Write as _;

use anb_contest::Saved;

use super::{Ailment, Check};
use crate::{
    platform::Platform,
    saved::{shortened, told},
};

pub async fn check(platform: &Platform) -> Check {
    Check::new("contest", outcome(platform).await)
}

async fn outcome(platform: &Platform) -> Result<String, Ailment> {
    let contest = &platform.contest;
    let asked =
        async { Ok::<_, anb_store::StoreError>((contest.latest().await?, contest.saved().await?)) };
    let (now, saved) = asked.await.map_err(|error| {
        Ailment::new(error.to_string(), "run `anb-video migrate`, and see the line `database`")
    })?;
    let faults = now.faults();
    if let Some(fault) = faults.first() {
        let problem = format!("{}: {}", fault.keys().join(", "), fault.sentence());
        return Err(Ailment::new(
            problem,
            "change it in the console, or with `admin contest import`",
        ));
    }
    let changed = saved.iter().filter(|saved| saved.files != saved.in_force);
    Ok(changed.fold(summary(now.number, &saved), |mut text, saved| {
        let _ = write!(text, "; {} is {}, not {}", saved.key, told(saved), shortened(&saved.files));
        text
    }))
}

fn summary(number: u64, saved: &[Saved]) -> String {
    match saved.len() {
        0 => "as the settings say".to_owned(),
        count => format!("version {number} lies over {count} settings"),
    }
}
