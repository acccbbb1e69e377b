use anb_config::Settings;
use anb_domain::{Email, Role};
use anb_store::{Actor, Player};
use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{platform::open_current_store, table};

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    Grant(GrantArgs),
    List(ListArgs),
    ResetSecondFactor(ResetArgs),
}

/// Gives a role to the person with this e-mail address.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin user grant ana@example.com operator
  anb-video admin user grant ana@example.com player      Take every other role away")]
pub struct GrantArgs {
    email: Email,
    /// player, jury, operator or admin
    role: Role,
}

/// Forgets the second factor of the person with this e-mail address.
///
/// Their sessions of the console end; at the next sign-in a new one is set up.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin user reset-second-factor ana@example.com")]
pub struct ResetArgs {
    email: Email,
}

/// Lists people by e-mail.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin user list
  anb-video admin user list --role operator
  anb-video admin user list --json")]
pub struct ListArgs {
    /// Only people with this role
    #[arg(long)]
    role: Option<Role>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl UserCommand {
    pub async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        match self {
            Self::Grant(args) => args.execute(settings).await,
            Self::List(args) => args.execute(settings).await,
            Self::ResetSecondFactor(args) => args.execute(settings).await,
        }
    }
}

impl GrantArgs {
    async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let store = open_current_store(settings).await?;
        match store.grant_role(&self.email, self.role).await? {
            Some(player) => println!("{} is {} now.", player.email.as_str(), player.role),
            None => bail!("nobody has signed up as {}", self.email.as_str()),
        }
        Ok(())
    }
}

impl ResetArgs {
    async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let (store, email) = (open_current_store(settings).await?, self.email.as_str());
        match store.reset_second_factor(&self.email, &Actor::terminal()).await? {
            Some(true) => println!("{email} sets up a new second factor at the next sign-in."),
            Some(false) => println!("{email} had no second factor."),
            None => bail!("nobody has signed up as {email}"),
        }
        Ok(())
    }
}

impl ListArgs {
    async fn execute(self, settings: &Settings) -> anyhow::Result<()> {
        let players = open_current_store(settings).await?.players(self.role).await?;
        if self.json {
            let people: Vec<_> = players.iter().map(as_json).collect();
            println!("{}", serde_json::to_string_pretty(&people)?);
        } else {
            let rows: Vec<_> = players.iter().map(as_row).collect();
            print!("{}", table::columns(&["E-MAIL", "ROLE", "NAME", "CITY", "ID"], &rows));
        }
        Ok(())
    }
}

fn as_json(player: &Player) -> serde_json::Value {
    json!({
        "id": player.id,
        "email": player.email.as_str(),
        "role": player.role,
        "first_name": player.first_name,
        "last_name": player.last_name,
        "city": player.city,
        "country": player.country,
        "created_at": player.created_at,
    })
}

fn as_row(player: &Player) -> Vec<String> {
    vec![
        player.email.as_str().to_owned(),
        player.role.to_string(),
        format!("{} {}", player.first_name, player.last_name),
        format!("{}, {}", player.city, player.country),
        player.id.to_string(),
    ]
}
