//! One file per subcommand.

mod admin;
mod assets;
mod completions;
mod config;
mod console;
mod demo;
mod doctor;
mod healthcheck;
mod migrate;
mod process;
mod run;
mod service;
mod web;
mod worker;

use std::{future::Future, process::ExitCode, time::Duration};

pub use service::bind;

use anyhow::Context as _;
use clap::Subcommand;

use crate::args::{Cli, SettingsArgs};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Web, console, worker and message relay in one process (the default)
    Run(run::RunArgs),
    /// The public service: API, site, message relay
    Web(web::WebArgs),
    /// The operators' console: overview, failed videos, dead letters
    Console(console::ConsoleArgs),
    /// Work on videos: receive, process, publish; relay and reconcile
    Worker(worker::WorkerArgs),
    /// Bring the database's schema up to this version
    Migrate(migrate::MigrateArgs),
    /// Make one branded clip, without a server
    Process(process::ProcessArgs),
    /// Check database, storage, queue, ffmpeg, fonts and folders, and say how to mend them
    Doctor(doctor::DoctorArgs),
    /// Show, check or describe the settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// What operators do: roles, videos, repairs
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// The files of the site's pages, for a CDN
    #[command(subcommand)]
    Assets(assets::AssetsCommand),
    /// Ask the server on this machine whether it is healthy (exit status 0 or 1)
    Healthcheck(healthcheck::HealthcheckArgs),
    /// Fill a running showcase with clips, players and votes
    Demo(demo::DemoArgs),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Does what the command line asks for.
///
/// # Errors
/// Whatever is left to tell the user.
pub fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = cli.settings;
    match cli.command.unwrap_or_else(|| Command::Run(run::RunArgs::default())) {
        Command::Run(args) => block_on(args.execute(&settings)),
        Command::Web(args) => block_on(args.execute(&settings)),
        Command::Console(args) => block_on(args.execute(&settings)),
        Command::Worker(args) => block_on(args.execute(&settings)),
        Command::Migrate(args) => block_on(args.execute(&settings)),
        Command::Process(args) => block_on(args.execute(&settings)),
        Command::Doctor(args) => block_on(args.execute(&settings)),
        Command::Config(command) => block_on(command.execute(&settings)),
        Command::Admin(command) => block_on(command.execute(&settings)),
        Command::Assets(command) => block_on(command.execute(&settings)),
        Command::Healthcheck(args) => args.execute(&settings),
        Command::Demo(args) => block_on(args.execute(&settings)),
        Command::Completions(args) => Ok(args.execute()),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(work);
    // A thread that still hashes or renders must not hold up the exit.
    runtime.shutdown_timeout(Duration::from_millis(200));
    result
}

/// Settings and log for a command that does one thing and ends: it logs only
/// what is wrong, unless the settings say otherwise.
fn load_for_tool(args: &SettingsArgs) -> anyhow::Result<anb_config::Loaded> {
    let mut loaded = args.load(Vec::new())?;
    if loaded.origin("log.filter") == anb_config::Origin::Default {
        loaded.settings.log.filter = "warn".into();
    }
    crate::logging::init(&loaded)?;
    Ok(loaded)
}
