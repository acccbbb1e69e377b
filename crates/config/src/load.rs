//! Defaults < file < environment < flags, and every mistake at once.

use std::{collections::BTreeMap, path::PathBuf};

use figment::Figment;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Settings, WorkerSettings,
    check::{Report, Violation},
    error::{Problem, SettingsError},
    judge,
    source::{Assignment, Origin, Sources},
};

/// Settings in force, and where each came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub settings: Settings,
    origins: BTreeMap<String, Origin>,
}

impl Loaded {
    /// Where the value of `key` (`web.listen`) came from.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }

    /// Refuses a value for a reason that only its user knows.
    #[must_use]
    pub fn refuse(&self, key: &str, message: impl Into<String>) -> SettingsError {
        let keys = vec![(key.to_owned(), self.origin(key))];
        SettingsError::Invalid(vec![Problem { keys, message: message.into() }])
    }
}

impl Settings {
    /// Reads, checks and completes the settings: paths that follow from
    /// `data_dir` are filled in.
    ///
    /// # Errors
    /// Everything that is wrong with them, naming each key and where its
    /// value came from.
    pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
        let given = sources.assignments()?;
        let mut loaded = together(Figment::new(), given, Vec::new(), Self::check)?;
        loaded.settings.complete();
        Ok(loaded)
    }

    /// Fills in what follows from other settings.
    fn complete(&mut self) {
        let data_dir = self.data_dir.clone();
        let below = |name: &str| Some(data_dir.join(name));
        self.database.url.get_or_insert_with(|| {
            SecretString::from(format!("sqlite://{}", data_dir.join("anb.sqlite3").display()))
        });
        self.storage.dir = self.storage.dir.take().or_else(|| below("objects"));
        self.worker.work_dir = self.worker.work_dir.take().or_else(|| below("work"));
        self.media.cache_dir = self.media.cache_dir.take().or_else(|| below("cache"));
        let largest = self.showcase.rules().max_size_bytes;
        self.worker.min_free_mb.get_or_insert_with(|| WorkerSettings::room_for(largest));
        let port = self.web.listen.port();
        self.web.public_url =
            self.web.public_url.take().or_else(|| format!("http://localhost:{port}").parse().ok());
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> &str {
        self.database.url.as_ref().map_or("", |url| url.expose_secret())
    }

    /// Where objects of the local storage lie.
    #[must_use]
    pub fn objects_dir(&self) -> PathBuf {
        self.storage.dir.clone().unwrap_or_else(|| self.data_dir.join("objects"))
    }

    /// Where work in progress lies.
    #[must_use]
    pub fn work_dir(&self) -> PathBuf {
        self.worker.work_dir.clone().unwrap_or_else(|| self.data_dir.join("work"))
    }

    /// Where encoded cards and rendered artwork are kept.
    #[must_use]
    pub fn cache_dir(&self) -> PathBuf {
        self.media.cache_dir.clone().unwrap_or_else(|| self.data_dir.join("cache"))
    }
}

/// Settings out of single assignments that lie over `base`. Problems that are
/// known already are told with those found here.
pub(crate) fn together(
    base: Figment,
    assignments: Vec<Assignment>,
    mut problems: Vec<Problem>,
    check: fn(&Settings, &mut Report),
) -> Result<Loaded, SettingsError> {
    let mut figment = base;
    let mut origins = BTreeMap::new();
    for assignment in assignments {
        if let Err(problem) = judge_alone(&assignment) {
            problems.push(problem);
            continue;
        }
        origins.insert(assignment.key.clone(), assignment.origin.clone());
        figment = figment.merge(assignment);
    }
    let settings = extract(&figment).map_err(|error| {
        SettingsError::Invalid(vec![Problem { keys: vec![], message: error.to_string() }])
    })?;
    let loaded = Loaded { settings, origins };
    problems.extend(loaded.impossible(&problems, check));
    if problems.is_empty() { Ok(loaded) } else { Err(SettingsError::Invalid(problems)) }
}

/// Text from the environment and from flags becomes a number or a truth where
/// the setting wants one.
fn extract(figment: &Figment) -> Result<Settings, Box<figment::Error>> {
    figment.extract_lossy().map_err(Box::new)
}

/// Whether an assignment would do if it were the only one.
fn judge_alone(assignment: &Assignment) -> Result<(), Problem> {
    match extract(&Figment::from(assignment.clone())) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem {
            keys: vec![(assignment.key.clone(), assignment.origin.clone())],
            message: judge::explain(assignment, &error),
        }),
    }
}

impl Loaded {
    /// Values that have the right type and cannot be all the same. A key that
    /// is wrong already is not reported again.
    fn impossible(&self, known: &[Problem], check: fn(&Settings, &mut Report)) -> Vec<Problem> {
        let mut report = Report::default();
        check(&self.settings, &mut report);
        let is_known = |key: &str| known.iter().any(|p| p.keys.iter().any(|(k, _)| k == key));
        let is_new = |violation: &Violation| !violation.keys.iter().any(|key| is_known(key));
        let named = |violation: Violation| Problem {
            keys: violation.keys.iter().map(|key| ((*key).into(), self.origin(key))).collect(),
            message: violation.message,
        };
        report.violations.into_iter().filter(is_new).map(named).collect()
    }
}
