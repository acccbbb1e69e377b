//! What is missing on this machine, and how to mend it.

mod bucket;
mod contest;
mod database;
mod machine;
mod media;
mod queue;
mod sqs;
mod storage;

use std::process::ExitCode;

use anb_config::{QueueKind, StorageKind};
use clap::Args;
use serde_json::{Value, json};

use super::load_for_tool;
use crate::{args::SettingsArgs, platform::Platform};

const EXAMPLES: &str = "\
Examples:
  anb-video doctor
  anb-video doctor --json
  DATABASE_URL=postgres://anb@db/anb anb-video doctor

Exit status: 0 all is well, 1 something must be mended";

/// Checks everything that a start needs: database, what of the contest is saved
/// over the settings, storage (by writing,
/// reading and deleting an object; on S3 also the links and the CORS rule that
/// browsers need), queue (on SQS by a message there and back, and its redrive
/// policy), ffmpeg with its codecs and filters, fonts, folders, disk space,
/// clock. Says how to mend what is wrong.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    pub name: String,
    /// What was found, if it is well.
    pub outcome: Result<String, Ailment>,
}

/// What is wrong, and what helps.
#[derive(Debug)]
pub struct Ailment {
    pub problem: String,
    pub remedy: String,
}

impl Check {
    fn new(name: impl Into<String>, outcome: Result<String, Ailment>) -> Self {
        Self { name: name.into(), outcome }
    }
}

impl Ailment {
    fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}

impl DoctorArgs {
    pub async fn execute(self, settings: &SettingsArgs) -> anyhow::Result<ExitCode> {
        let loaded = load_for_tool(settings)?;
        let settings = &loaded.settings;
        let mut checks = machine::checks(settings);
        match Platform::open(settings).await {
            Ok(platform) => {
                checks.push(database::check(&platform).await);
                checks.push(contest::check(&platform).await);
                checks.extend(match settings.storage.kind() {
                    StorageKind::Local => vec![storage::check(&platform).await],
                    StorageKind::S3 => bucket::checks(&platform).await,
                });
                checks.extend(match settings.queue.kind() {
                    QueueKind::Table | QueueKind::Memory => vec![queue::check(&platform).await],
                    QueueKind::Sqs => sqs::checks(&platform).await,
                });
            }
            Err(error) => {
                let ailment = Ailment::new(format!("{error:#}"), database::remedy(settings));
                checks.push(Check::new("database, storage, queue", Err(ailment)));
            }
        }
        checks.extend(media::checks(settings).await);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&as_json(&checks))?);
        } else {
            print!("{}", for_people(&checks));
        }
        let well = checks.iter().all(|check| check.outcome.is_ok());
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn as_json(checks: &[Check]) -> Value {
    let as_json = |check: &Check| match &check.outcome {
        Ok(found) => json!({ "check": check.name, "ok": true, "found": found }),
        Err(ailment) => json!({
            "check": check.name,
            "ok": false,
            "problem": ailment.problem,
            "remedy": ailment.remedy,
        }),
    };
    checks.iter().map(as_json).collect()
}

fn for_people(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or(0);
    let line = |check: &Check| match &check.outcome {
        Ok(found) => format!("✓ {:<width$}  {found}\n", check.name),
        Err(Ailment { problem, remedy }) => {
            let indent = " ".repeat(width + 4);
            format!("✗ {:<width$}  {problem}\n{indent}→ {remedy}\n", check.name)
        }
    };
    checks.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_with_what_helps() {
        let checks = [
            Check::new("disk", Ok("9 GB free".into())),
            Check::new("ffmpeg", Err(Ailment::new("not found", "apt-get install ffmpeg"))),
        ];
        assert_eq!(
            for_people(&checks),
            "✓ disk    9 GB free\n✗ ffmpeg  not found\n          → apt-get install ffmpeg\n"
        );
    }
}
