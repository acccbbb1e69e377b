//! What a storm was like.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    io::{self, Write as _},
    time::Duration,
};

use crate::{ledger::Ledger, plan::Step, promises::Remains, stack::Stack};

pub struct Summary<'a> {
    pub plan: &'a [Step],
    pub remains: &'a Remains,
    pub stack: &'a Stack,
    pub ledger: &'a Ledger,
}

impl Summary<'_> {
    /// `times`: all of it, the storm, and until everything had ended.
    pub fn print(&self, [all, storm, settling]: [Duration; 3]) {
        let books = self.ledger.open();
        let faults = count(self.plan.iter().map(|step| step.fault.kind()));
        let statuses = count(self.remains.videos.iter().map(|video| video.status.as_str()));
        let attempts = self.remains.attempts.values().flatten();
        let outcomes = count(attempts.map(|attempt| attempt.outcome.as_deref().unwrap_or("none")));
        let jobs = count(self.remains.jobs.values().flatten().map(|job| job.state.as_str()));
        let answers: BTreeMap<_, _> = books
            .answers
            .iter()
            .map(|((what, how), times)| (format!("{what} {how}"), *times))
            .collect();
        say(format_args!("faults        {}: {}", self.plan.len(), list(&faults)));
        let (points, scene) = (self.stack.planned_deaths.get(), self.stack.scene());
        let all_points: BTreeSet<_> = scene.web_points.iter().chain(&scene.worker_points).collect();
        say(format_args!("deaths        at {} of {} fail points", points.len(), all_points.len()));
        say(format_args!("              {}", list(&points)));
        let missed: Vec<_> = all_points.into_iter().filter(|p| !points.contains_key(*p)).collect();
        say(format_args!("              never at {missed:?}"));
        say(format_args!("ended         by themselves {}", list(&self.stack.resurrections.get())));
        say(format_args!("requests      {}", list(&answers)));
        say(format_args!("acknowledged  {} uploads", books.accepted.len()));
        say(format_args!("videos        {}", list(&statuses)));
        say(format_args!("attempts      {}; lost ones were taken over", list(&outcomes)));
        say(format_args!("made again    {}", list(&jobs)));
        say(format_args!(
            "seconds       {:.0} storm, {:.0} until all had ended, {:.0} in all",
            storm.as_secs_f64(),
            settling.as_secs_f64(),
            all.as_secs_f64()
        ));
    }
}

fn count<'a>(kinds: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    let mut counts = BTreeMap::new();
    for kind in kinds {
        *counts.entry(kind).or_default() += 1;
    }
    counts
}

fn list(counts: &BTreeMap<impl AsRef<str>, u32>) -> String {
    let parts = counts.iter().map(|(kind, times)| format!("{times} {}", kind.as_ref()));
    parts.collect::<Vec<_>>().join(", ")
}

/// Past the capture of the test's output: it is of interest when all is well.
pub fn say(line: fmt::Arguments<'_>) {
    // Nobody may listen.
    writeln!(io::stderr(), "{line}").ok();
}
