//! `/`: what the contest is, and everybody's plays.

use anb_domain::contest::Event;
use anb_store::Sort;
use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    card::Card,
    contest::Next,
    filters::{Choice, Country, Filters},
    frame::{Frame, page},
    spread::{self, Spread},
};
use crate::{Application, Routes, problem::Problem, state::AppState};

/// Comes out even in rows of two, three and four.
const PER_PAGE: u64 = 24;

pub fn routes() -> Routes {
    Routes::new(Application::Public).get("/", showcase)
}

#[derive(Template)]
#[template(path = "showcase.html")]
struct ShowcasePage<'a> {
    frame: &'a Frame,
    filters: &'a Filters,
    countries: Vec<Country>,
    categories: Vec<Choice>,
    cards: Vec<Card>,
    total: u64,
    previous: Option<String>,
    next: Option<String>,
    /// What the showcase says of itself.
    about: Option<&'a str>,
    countdown: Option<Countdown>,
}

pub async fn showcase(
    State(app): State<AppState>,
    frame: Frame,
    filters: Filters,
) -> Result<Response, Problem> {
    let contest = app.contest.now();
    let places = app.places().await?;
    let filters = filters.settled(&places, &app.categories());
    let spread = Spread::read(&app, &filters.store_filter(PER_PAGE), filters.place).await?;
    let template = ShowcasePage {
        frame: &frame,
        countries: filters.choices(&places),
        categories: filters.categories(&app.categories(), frame.language),
        cards: Card::all(&app, spread.videos).await.map_err(Problem::internal)?,
        total: spread.total,
        previous: spread.previous.map(|cursor| filters.at(spread::before(cursor))),
        next: spread.next.map(|cursor| filters.at(spread::after(cursor))),
        about: contest.about.read(frame.language).map(|(_, text)| text),
        countdown: frame.contest.next.map(|next| Countdown::new(next, app.now())),
        filters: &filters,
    };
    page(&frame, &template)
}

impl ShowcasePage<'_> {
    /// What the videos below have in common.
    fn heading(&self) -> String {
        let Filters { city, country, q, .. } = self.filters;
        let place = match (city, country) {
            (Some(city), Some(country)) => Some(format!("{city}, {country}")),
            (city, country) => city.clone().or_else(|| country.clone()),
        };
        match (q, place) {
            (None, None) => self.frame.say("showcase-all").into_owned(),
            (None, Some(place)) => self.frame.with("showcase-from", "place", &place),
            (Some(q), None) => self.frame.with("showcase-about", "words", q),
            (Some(q), Some(place)) => {
                self.frame.with_all("showcase-about-from", &[("words", q), ("place", &place)])
            }
        }
    }

    fn cities(&self) -> u64 {
        self.countries.iter().map(|country| country.cities.len() as u64).sum()
    }

    /// What was chosen but is offered nowhere.
    fn unknown_country(&self) -> Option<&str> {
        let offered = self.countries.iter().any(|country| country.chosen);
        self.filters.country.as_deref().filter(|_| !offered)
    }

    fn unknown_city(&self) -> Option<&str> {
        let mut cities = self.countries.iter().flat_map(|country| &country.cities);
        let offered = cities.any(|city| city.chosen);
        self.filters.city.as_deref().filter(|_| !offered)
    }

    fn newest_first(&self) -> String {
        self.filters.sorted(Sort::Recent)
    }

    fn most_voted_first(&self) -> String {
        self.filters.sorted(Sort::Votes)
    }
}

/// How long it takes until what happens next.
struct Countdown {
    figure: u64,
    /// Ids of the messages for the unit and for the event.
    unit: &'static str,
    until: &'static str,
    at: DateTime<Utc>,
}

impl Countdown {
    /// In days, and in hours on the last one; what has begun counts whole, as
    /// people count.
    fn new(Next { event, at }: Next, now: DateTime<Utc>) -> Self {
        let left = at - now;
        let (unit, length) = if left > TimeDelta::days(1) {
            ("showcase-days", TimeDelta::days(1))
        } else {
            ("showcase-hours", TimeDelta::hours(1))
        };
        let whole = left.num_seconds().max(0).unsigned_abs();
        let figure = whole.div_ceil(length.num_seconds().unsigned_abs());
        Self { figure, unit, until: until(event), at }
    }
}

fn until(event: Event) -> &'static str {
    match event {
        Event::SubmissionsOpen => "showcase-until-submissions-open",
        Event::VotingOpens => "showcase-until-voting-opens",
        Event::SubmissionsClose => "showcase-until-submissions-close",
        Event::VotingCloses => "showcase-until-voting-closes",
        Event::ResultsPublished => "showcase-until-results",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_down_and_hours_on_the_last_one() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let left = |hours: i64| {
            let at = now + TimeDelta::minutes(hours * 60 - 10);
            let next = Next { event: Event::VotingCloses, at };
            let Countdown { figure, unit, .. } = Countdown::new(next, now);
            (figure, unit)
        };
        assert_eq!(left(1), (1, "showcase-hours"));
        assert_eq!(left(24), (24, "showcase-hours"));
        assert_eq!(left(25), (2, "showcase-days"));
        assert_eq!(left(240), (10, "showcase-days"));
    }
}
