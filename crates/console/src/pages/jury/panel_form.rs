//! The form of a panel: what was typed, and what it means.

use anb_config::Category;
use anb_domain::{
    InvalidText, PlayerId, Window,
    jury::{Criteria, Criterion, InvalidCriteria, PanelScope, ScopeKind},
};
use anb_store::PanelPlan;
use chrono::{DateTime, NaiveDateTime, Utc};

/// As browsers send a moment; in UTC, as the form says.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// Lines for criteria that are offered at first.
const LINES: usize = 5;

/// Everything as it was typed, so that nothing of it is lost when some of it
/// is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PanelForm {
    pub name: String,
    pub scope: ScopeKind,
    pub city: String,
    pub country: String,
    pub category: String,
    pub opens_at: String,
    pub closes_at: String,
    pub members: Vec<String>,
    /// Name and weight of each criterion.
    pub criteria: Vec<(String, String)>,
}

/// What is wrong: the field, and the message that says what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub message: &'static str,
}

impl PanelForm {
    #[must_use]
    pub fn read(typed: &[(String, String)]) -> Self {
        let all = |name: &str| {
            let fields = typed.iter().filter(|(field, _)| field == name);
            fields.map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>()
        };
        let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
        let weights = all("weight").into_iter().chain(std::iter::repeat(String::new()));
        let criteria = all("criterion").into_iter().zip(weights);
        Self {
            name: one("name"),
            scope: one("scope").parse().unwrap_or_default(),
            city: one("city"),
            country: one("country"),
            category: one("category"),
            opens_at: one("opens_at"),
            closes_at: one("closes_at"),
            members: all("member"),
            criteria: criteria.collect(),
        }
        .with_room()
    }

    /// An empty one, with room for some criteria.
    #[must_use]
    pub fn blank() -> Self {
        Self::default().with_room()
    }

    /// What a panel is at present.
    #[must_use]
    pub fn of(plan: &PanelPlan) -> Self {
        let moment = |at: Option<DateTime<Utc>>| {
            at.map(|at| at.format(MOMENT).to_string()).unwrap_or_default()
        };
        let (city, country, category) = match &plan.scope {
            PanelScope::All => Default::default(),
            PanelScope::City { city, country } => {
                (city.to_string(), country.to_string(), String::new())
            }
            PanelScope::Category(id) => (String::new(), String::new(), id.clone()),
        };
        let criterion = |one: &Criterion| (one.name.to_string(), one.weight.to_string());
        Self {
            name: plan.name.to_string(),
            scope: plan.scope.kind(),
            city,
            country,
            category,
            opens_at: moment(plan.window.opens_at),
            closes_at: moment(plan.window.closes_at),
            members: plan.members.iter().map(ToString::to_string).collect(),
            criteria: plan.criteria.as_slice().iter().map(criterion).collect(),
        }
        .with_room()
    }

    fn with_room(mut self) -> Self {
        let lines = (self.criteria.len() + 1).clamp(LINES, Criteria::MOST);
        while self.criteria.len() < lines {
            self.criteria.push(Default::default());
        }
        self
    }

    /// What it means, or everything that is wrong with it.
    pub fn check(&self, categories: &[Category]) -> Result<PanelPlan, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut note = |field, message| faults.push(Fault { field, message });
        let name = self.name.parse().map_err(|error| note("name", of_text(error))).ok();
        let scope = self.scope(categories).map_err(|fault| note(fault.field, fault.message)).ok();
        let opens_at = moment(&self.opens_at).map_err(|()| note("opens_at", "jury-form-moment"));
        let closes_at = moment(&self.closes_at).map_err(|()| note("closes_at", "jury-form-moment"));
        let window = Window {
            opens_at: opens_at.unwrap_or_default(),
            closes_at: closes_at.unwrap_or_default(),
        };
        if !window.is_in_order() {
            note("closes_at", "jury-form-order");
        }
        let criteria = self.criteria().map_err(|message| note("criteria", message)).ok();
        let members: Result<_, _> = self.members.iter().map(|id| id.parse::<PlayerId>()).collect();
        let members = members.map_err(|_| note("members", "jury-form-member")).ok();
        match (name, scope, criteria, members) {
            (Some(name), Some(scope), Some(criteria), Some(members)) if faults.is_empty() => {
                Ok(PanelPlan { name, scope, criteria, window, members })
            }
            _ => Err(faults),
        }
    }

    fn scope(&self, categories: &[Category]) -> Result<PanelScope, Fault> {
        let wrong = |field, message| Fault { field, message };
        match self.scope {
            ScopeKind::All => Ok(PanelScope::All),
            ScopeKind::City => Ok(PanelScope::City {
                city: self.city.parse().map_err(|error| wrong("city", of_text(error)))?,
                country: self.country.parse().map_err(|error| wrong("country", of_text(error)))?,
            }),
            ScopeKind::Category => {
                let known = categories.iter().any(|category| category.id == self.category);
                let category = || PanelScope::Category(self.category.clone());
                known.then(category).ok_or_else(|| wrong("category", "jury-form-category"))
            }
        }
    }

    /// Lines that are wholly empty do not count.
    fn criteria(&self) -> Result<Criteria, &'static str> {
        let filled =
            self.criteria.iter().filter(|(name, weight)| !(name.is_empty() && weight.is_empty()));
        let criterion = |(name, weight): &(String, String)| {
            Ok(Criterion {
                name: name.parse().map_err(|_| "jury-form-criterion")?,
                weight: weight.parse().map_err(|_| "jury-form-weight")?,
            })
        };
        let criteria = filled.map(criterion).collect::<Result<_, &str>>()?;
        Criteria::new(criteria).map_err(|error| match error {
            InvalidCriteria::None => "jury-form-criteria-none",
            InvalidCriteria::TooMany => "jury-form-criteria-many",
            InvalidCriteria::SameName => "jury-form-criteria-same",
            InvalidCriteria::Weight => "jury-form-weight",
            InvalidCriteria::Sum(_) => "jury-form-criteria-sum",
        })
    }
}

fn of_text(error: InvalidText) -> &'static str {
    match error {
        InvalidText::Blank => "jury-form-blank",
        InvalidText::TooLong { .. } => "jury-form-long",
        InvalidText::ControlCharacter => "jury-form-control",
    }
}

fn moment(text: &str) -> Result<Option<DateTime<Utc>>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    // Some browsers send the seconds as well.
    let short = text.get(..16).unwrap_or(text);
    NaiveDateTime::parse_from_str(short, MOMENT).map(|at| Some(at.and_utc())).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> PanelForm {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        PanelForm::read(&fields.iter().map(own).collect::<Vec<_>>())
    }

    const FINE: [(&str, &str); 7] = [
        ("name", "Final"),
        ("criterion", "Técnica"),
        ("weight", "60"),
        ("criterion", ""),
        ("weight", ""),
        ("criterion", "Estilo"),
        ("weight", "40"),
    ];

    #[test]
    fn a_panel_is_read_and_written_alike() {
        let form = typed(
            &[
                &FINE[..],
                &[
                    ("scope", "city"),
                    ("city", "Cali"),
                    ("country", "Colombia"),
                    ("opens_at", "2026-05-01T09:30"),
                ],
            ]
            .concat(),
        );
        let plan = form.check(&[]).unwrap();
        assert_eq!(plan.criteria.as_slice().len(), 2);
        assert_eq!(plan.window.opens_at.unwrap().to_rfc3339(), "2026-05-01T09:30:00+00:00");
        let again = PanelForm::of(&plan).check(&[]).unwrap();
        assert_eq!((again.scope, again.criteria), (plan.scope, plan.criteria));
        assert_eq!(again.window, plan.window);
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let form = typed(&[
            ("name", " "),
            ("scope", "category"),
            ("category", "tennis"),
            ("opens_at", "tomorrow"),
            ("member", "x"),
            ("criterion", "Técnica"),
            ("weight", "60"),
        ]);
        let faults = form.check(&[]).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "category", "opens_at", "criteria", "members"]);
        let backwards =
            [&FINE[..], &[("opens_at", "2026-05-02T00:00"), ("closes_at", "2026-05-01T00:00")]];
        assert_eq!(typed(&backwards.concat()).check(&[]).unwrap_err()[0].field, "closes_at");
    }

    #[test]
    fn a_half_filled_line_is_no_criterion() {
        for (line, message) in [
            ([("criterion", "Ritmo"), ("weight", "")], "jury-form-weight"),
            ([("criterion", ""), ("weight", "5")], "jury-form-criterion"),
            ([("criterion", "Ritmo"), ("weight", "5")], "jury-form-criteria-sum"),
            ([("criterion", "estilo"), ("weight", "5")], "jury-form-criteria-same"),
            ([("criterion", "Ritmo"), ("weight", "-5")], "jury-form-weight"),
        ] {
            let faults = typed(&[&FINE[..], &line].concat()).check(&[]).unwrap_err();
            assert_eq!(faults[0].message, message);
        }
    }
}
