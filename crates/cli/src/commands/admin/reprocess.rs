use anb_domain::{RunScope, RunState, VideoId};
use anb_store::{Actor, RecipeCount, Run, Store};
use anyhow::{Context as _, bail};
use clap::Args;

use crate::table;

/// Has published videos made again with the recipe that workers have now.
///
/// They stay public meanwhile, with their votes, and keep their old result
/// when the new one cannot be made. Workers let in a few at once, and none
/// while an upload waits (setting `worker.reprocess_at_once`). Without options it shows
/// how things stand.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  anb-video admin video reprocess                 How things stand
  anb-video admin video reprocess --older         What was made with another recipe
  anb-video admin video reprocess --all
  anb-video admin video reprocess 0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66
  anb-video admin video reprocess --pause         And --resume, or --stop for good")]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct ReprocessArgs {
    /// Only this video
    id: Option<VideoId>,
    /// Every published video
    #[arg(long)]
    all: bool,
    /// Those whose recipe is not the current one
    #[arg(long)]
    older: bool,
    /// Begin no further video of the latest run
    #[arg(long)]
    pause: bool,
    /// Go on with a run that was paused
    #[arg(long)]
    resume: bool,
    /// Begin no further video of the latest run, ever
    #[arg(long)]
    stop: bool,
}

impl ReprocessArgs {
    pub async fn execute(self, store: &Store) -> anyhow::Result<()> {
        let by = Actor::terminal();
        if let Some(id) = self.id {
            store.reprocess_video(id, &by).await.context("cannot make it again")?;
            println!("{id} will be made again; it stays public meanwhile.");
            return Ok(());
        }
        if let Some(scope) = self.scope() {
            let run = store.reprocess_all(scope, &by).await.context("nothing was begun")?;
            println!("{} videos will be made again.", run.figures.total());
        }
        if let Some(state) = self.state() {
            change(store, state, &by).await?;
        }
        print!("{}", for_people(&store.recipe_count().await?, &store.runs(5).await?));
        Ok(())
    }

    fn scope(&self) -> Option<RunScope> {
        if self.all { Some(RunScope::All) } else { self.older.then_some(RunScope::Older) }
    }

    fn state(&self) -> Option<RunState> {
        [
            (self.pause, RunState::Paused),
            (self.resume, RunState::Going),
            (self.stop, RunState::Stopped),
        ]
        .into_iter()
        .find_map(|(wanted, state)| wanted.then_some(state))
    }
}

async fn change(store: &Store, to: RunState, by: &Actor) -> anyhow::Result<()> {
    let Some(run) = store.runs(1).await?.pop() else { bail!("there is no run") };
    if !store.change_run(run.id, to, by).await? {
        bail!("the latest run is {}", run.state);
    }
    Ok(())
}

fn for_people(recipes: &RecipeCount, runs: &[Run]) -> String {
    let current = recipes.current.as_deref().unwrap_or("unknown: no worker has run yet");
    let figures =
        format!("{} published, {} of them with another recipe", recipes.published, recipes.older);
    let rows: Vec<_> = runs.iter().map(as_row).collect();
    let header = ["STARTED", "BY", "WHICH", "STATE", "WAITING", "UNDER WAY", "DONE", "KEPT OLD"];
    format!("recipe  {current}\nvideos  {figures}\n\n{}", table::columns(&header, &rows))
}

fn as_row(run: &Run) -> Vec<String> {
    let state = if run.figures.open() == 0 { "ended".into() } else { run.state.to_string() };
    vec![
        run.started_at.format("%F %T").to_string(),
        run.by.clone(),
        run.scope.to_string(),
        state,
        run.figures.wanted.to_string(),
        run.figures.under_way.to_string(),
        run.figures.done.to_string(),
        run.figures.kept.to_string(),
    ]
}
