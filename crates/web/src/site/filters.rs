//! What a visitor of the showcase wants to see, as its address says it.

use std::{collections::HashMap, convert::Infallible};

use anb_config::Category;
use anb_domain::Language;
use anb_store::{PlaceCount, PublicFilter, Sort};
use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use super::spread::Place;

/// Longest text that is searched for.
const MAX_CHARS: usize = 120;

/// Never refused: people edit addresses, and follow links that others have cut
/// short. What makes no sense is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    pub country: Option<String>,
    pub city: Option<String>,
    pub q: Option<String>,
    /// The id of one of the contest's categories.
    pub category: Option<String>,
    pub sort: Sort,
    pub place: Place,
    /// The place was none, so the list begins at its start.
    pub astray: bool,
}

impl Filters {
    fn of(query: &str) -> Self {
        let values: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let value = |name: &str| values.get(name).map(AsRef::as_ref);
        let place = Place::of(value("after"), value("before"));
        Self {
            country: value("country").and_then(tidy),
            city: value("city").and_then(tidy),
            q: value("q").and_then(tidy),
            category: value("category").and_then(tidy),
            sort: if value("sort") == Some("votes") { Sort::Votes } else { Sort::Recent },
            place: place.unwrap_or_default(),
            astray: place.is_err(),
        }
    }

    /// A category that the contest does not have is none. A city of another country than the chosen one was chosen before the
    /// country was: the country counts.
    #[must_use]
    pub fn settled(mut self, places: &[PlaceCount], categories: &[Category]) -> Self {
        let known = |id: &String| categories.iter().any(|category| category.id == *id);
        self.category = self.category.filter(known);
        let here =
            |place: &&PlaceCount| self.country.as_deref().is_none_or(|c| same(c, &place.country));
        let in_city =
            |place: &&PlaceCount| self.city.as_deref().is_some_and(|c| same(c, &place.city));
        let cities = || places.iter().filter(in_city);
        if cities().next().is_some() && !cities().any(|place| here(&place)) {
            self.city = None;
        }
        self
    }

    /// Nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.country.is_none() && self.city.is_none() && self.q.is_none() && self.category.is_none()
    }

    /// Where people arrive.
    #[must_use]
    pub fn is_front(&self) -> bool {
        self.is_everything() && self.sort == Sort::Recent && self.place == Place::Start
    }

    #[must_use]
    pub fn by_votes(&self) -> bool {
        self.sort == Sort::Votes
    }

    #[must_use]
    pub fn store_filter(&self, limit: u64) -> PublicFilter {
        PublicFilter {
            city: self.city.clone(),
            country: self.country.clone(),
            q: self.q.clone(),
            category: self.category.clone(),
            sort: self.sort,
            limit,
            ..PublicFilter::default()
        }
    }

    /// The first page in this order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> String {
        Self { sort, ..self.clone() }.address(None)
    }

    /// The page at this place.
    #[must_use]
    pub fn at(&self, place: (&'static str, String)) -> String {
        self.address(Some(place))
    }

    fn address(&self, place: Option<(&'static str, String)>) -> String {
        let texts = [
            ("country", &self.country),
            ("city", &self.city),
            ("category", &self.category),
            ("q", &self.q),
        ];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
        let sort = self.by_votes().then(|| ("sort", "votes".to_owned()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(texts.chain(sort).chain(place))
            .finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    /// The contest's categories, and which one is chosen.
    #[must_use]
    pub fn categories(&self, categories: &[Category], language: Language) -> Vec<Choice> {
        Choice::of(categories, language, self.category.as_deref())
    }

    /// What can be chosen, country by country, and what is.
    #[must_use]
    pub fn choices(&self, places: &[PlaceCount]) -> Vec<Country> {
        let countries = places.chunk_by(|one, other| one.country == other.country);
        countries.map(|cities| Country::new(cities, self)).collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Filters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query().unwrap_or_default()))
    }
}

/// Something that can be chosen.
pub struct Choice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

impl Choice {
    /// The contest's categories, one of them chosen perhaps.
    #[must_use]
    pub fn of(categories: &[Category], language: Language, chosen: Option<&str>) -> Vec<Self> {
        let choice = |category: &Category| Self {
            id: category.id.clone(),
            name: category.name(language).to_owned(),
            chosen: chosen == Some(&*category.id),
        };
        categories.iter().map(choice).collect()
    }
}

/// A country and its cities, as they are offered.
pub struct Country {
    pub name: String,
    pub videos: u64,
    pub chosen: bool,
    pub cities: Vec<City>,
}

pub struct City {
    pub name: String,
    pub videos: u64,
    pub chosen: bool,
}

impl Country {
    fn new(cities: &[PlaceCount], filters: &Filters) -> Self {
        let name = cities[0].country.clone();
        let wanted = filters.country.as_deref();
        let chosen = wanted.is_some_and(|wanted| same(wanted, &name));
        let city = |place: &PlaceCount| City {
            name: place.city.clone(),
            videos: place.videos,
            chosen: (chosen || wanted.is_none())
                && filters.city.as_deref().is_some_and(|wanted| same(wanted, &place.city)),
        };
        Self {
            name,
            videos: cities.iter().map(|place| place.videos).sum(),
            chosen,
            cities: cities.iter().map(city).collect(),
        }
    }
}

/// The address of all that comes from there.
#[must_use]
pub fn all_from(city: Option<&str>, country: Option<&str>) -> String {
    let (city, country) = (city.map(str::to_owned), country.map(str::to_owned));
    Filters { country, city, ..Filters::default() }.address(None)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// In one line, and not without end; blank counts as absent.
fn tidy(text: &str) -> Option<String> {
    let text = text.replace(char::is_control, " ");
    let text: String = text.trim().chars().take(MAX_CHARS).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(city: &str, country: &str) -> PlaceCount {
        PlaceCount { city: city.into(), country: country.into(), videos: 2 }
    }

    fn places() -> [PlaceCount; 3] {
        [place("Santiago", "Chile"), place("Bogotá", "Colombia"), place("Cali", "Colombia")]
    }

    #[test]
    fn an_address_says_what_is_wanted_and_is_said_again() {
        let filters = Filters::of("country=Colombia&city=Bogot%C3%A1&q=+mate+&sort=votes");
        assert_eq!(filters.city.as_deref(), Some("Bogotá"));
        assert_eq!(filters.q.as_deref(), Some("mate"));
        let recent = filters.sorted(Sort::Recent);
        assert_eq!(recent, "/?country=Colombia&city=Bogot%C3%A1&q=mate");
        assert_eq!(Filters::of("").sorted(Sort::Recent), "/");
    }

    #[test]
    fn nonsense_is_left_out() {
        let long = "a".repeat(500);
        let filters = Filters::of(&format!("q={long}&city=%00%0a&sort=upwards&after=x&utm=1&%ff"));
        assert_eq!(filters.q.map(|q| q.len()), Some(MAX_CHARS));
        assert_eq!((filters.city, filters.sort), (None, Sort::Recent));
        assert_eq!((filters.place, filters.astray), (Place::Start, true));
    }

    #[test]
    fn the_country_counts_when_the_city_lies_elsewhere() {
        let settled = |query: &str| Filters::of(query).settled(&places(), &[]).city;
        assert_eq!(settled("country=Colombia&city=Santiago"), None);
        assert_eq!(settled("country=Chile&city=santiago").as_deref(), Some("santiago"));
        assert_eq!(settled("city=Cali").as_deref(), Some("Cali"));
        // One that nobody knows is searched for, and not found.
        assert_eq!(settled("country=Chile&city=Atlantis").as_deref(), Some("Atlantis"));
    }

    #[test]
    fn what_is_chosen_is_marked_in_its_country() {
        let choices = Filters::of("country=colombia&city=cali").choices(&places());
        let chosen: Vec<_> = choices.iter().map(|country| country.chosen).collect();
        assert_eq!(chosen, [false, true]);
        assert_eq!((choices[1].videos, choices[1].cities[1].chosen), (4, true));
        assert!(!choices[1].cities[0].chosen);
    }
}
