use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::args::Cli;

const EXAMPLES: &str = "\
Examples:
  anb-video completions bash > ~/.local/share/bash-completion/completions/anb-video
  anb-video completions zsh > ~/.zfunc/_anb-video
  anb-video completions fish > ~/.config/fish/completions/anb-video.fish";

/// Prints completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    shell: Shell,
}

impl CompletionsArgs {
    pub fn execute(self) -> ExitCode {
        generate(self.shell, &mut Cli::command(), "anb-video", &mut std::io::stdout());
        ExitCode::SUCCESS
    }
}
