//! Which entries somebody wants to see, as the address says it.

use anb_store::AuditFilter;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

const PATH: &str = "/console/audit";

/// As it is typed: an empty field asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub who: String,
    pub action: String,
    pub kind: String,
    pub id: String,
    /// Days, of which both belong to it; UTC, like all days of the contest.
    pub from: String,
    pub to: String,
    /// The page after the one that ends with this entry.
    before: String,
}

impl Wanted {
    /// What the database is asked for; or the fields that nothing can be asked
    /// with.
    pub fn filter(&self) -> Result<AuditFilter, Vec<&'static str>> {
        let mut wrong = Vec::new();
        let filter = AuditFilter {
            who: given(&self.who),
            action: parsed(&self.action, "action", &mut wrong),
            subject_kind: given(&self.kind),
            subject_id: given(&self.id),
            from: parsed(&self.from, "from", &mut wrong).map(midnight),
            to: parsed(&self.to, "to", &mut wrong).map(the_day_after).map(midnight),
            before: parsed::<Uuid>(&self.before, "before", &mut wrong),
        };
        if wrong.is_empty() { Ok(filter) } else { Err(wrong) }
    }

    pub fn is_later_page(&self) -> bool {
        !self.before.is_empty()
    }

    pub fn first_page(&self) -> String {
        self.address("")
    }

    pub fn page_before(&self, entry: Uuid) -> String {
        self.address(&entry.to_string())
    }

    fn address(&self, before: &str) -> String {
        let fields = [
            ("who", self.who.as_str()),
            ("action", &self.action),
            ("kind", &self.kind),
            ("id", &self.id),
            ("from", &self.from),
            ("to", &self.to),
            ("before", before),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let query = Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
    }
}

fn given(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

fn parsed<T: std::str::FromStr>(
    typed: &str,
    field: &'static str,
    wrong: &mut Vec<&'static str>,
) -> Option<T> {
    let typed = given(typed)?;
    let value = typed.parse().ok();
    if value.is_none() {
        wrong.push(field);
    }
    value
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn the_day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use anb_domain::Action;

    use super::*;

    #[test]
    fn what_is_not_typed_is_not_asked_for_and_both_days_belong_to_the_time() {
        assert_eq!(Wanted::default().filter(), Ok(AuditFilter::default()));
        let wanted = Wanted {
            who: " ana ".into(),
            action: Action::VIDEO_RETRIED.to_string(),
            from: "2026-05-01".into(),
            to: "2026-05-02".into(),
            ..Wanted::default()
        };
        let filter = wanted.filter().unwrap();
        assert_eq!(
            (filter.who.as_deref(), filter.action),
            (Some("ana"), Some(Action::VIDEO_RETRIED))
        );
        assert_eq!(filter.from, Some("2026-05-01T00:00:00Z".parse().unwrap()));
        assert_eq!(filter.to, Some("2026-05-03T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_makes_no_sense_is_named_and_kept() {
        let wanted = Wanted {
            action: "nonsense".into(),
            from: "yesterday".into(),
            to: "+262142-12-31".into(),
            before: "x".into(),
            ..Wanted::default()
        };
        assert_eq!(wanted.filter(), Err(vec!["action", "from", "before"]));
        assert_eq!(
            wanted.first_page(),
            "/console/audit?action=nonsense&from=yesterday&to=%2B262142-12-31"
        );
    }
}
