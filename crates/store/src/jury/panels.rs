//! Panels as they are.

use std::collections::HashMap;

use anb_domain::{
    CriterionId, PanelId, PlayerId,
    jury::{Criteria, Criterion, PanelScope, PanelStage, ScopeKind},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
    prelude::Uuid,
};

use crate::{
    Store, StoreError,
    entity::{jury_criteria, jury_members, jury_panels},
    row::{corrupt, count, name},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    pub id: PanelId,
    pub name: String,
    pub scope: PanelScope,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    /// When an operator closed it.
    pub closed_at: Option<DateTime<Utc>>,
    pub criteria: Vec<PanelCriterion>,
    pub members: Vec<PlayerId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelCriterion {
    pub id: CriterionId,
    pub name: String,
    /// Whole percent.
    pub weight: u8,
}

impl Panel {
    #[must_use]
    pub fn stage(&self, now: DateTime<Utc>) -> PanelStage {
        if self.closed_at.is_some() || self.closes_at.is_some_and(|closes| closes <= now) {
            PanelStage::Closed
        } else if self.opens_at.is_some_and(|opens| now < opens) {
            PanelStage::Ahead
        } else {
            PanelStage::Open
        }
    }

    /// The criteria as the domain reckons with them.
    pub(super) fn rules(&self) -> Result<Criteria, StoreError> {
        let wrong = |_| corrupt("jury_criteria", "name", self.id);
        let criteria = self.criteria.iter().map(|criterion| {
            let name = criterion.name.parse().map_err(wrong)?;
            Ok(Criterion { name, weight: criterion.weight })
        });
        let criteria = criteria.collect::<Result<_, StoreError>>()?;
        Criteria::new(criteria).map_err(|error| corrupt("jury_criteria", "weight", error))
    }
}

impl Store {
    /// Every panel, the newest first.
    pub async fn panels(&self) -> Result<Vec<Panel>, StoreError> {
        load(self.db.reader(), jury_panels::Entity::find()).await
    }

    pub async fn panel(&self, id: PanelId) -> Result<Option<Panel>, StoreError> {
        one(self.db.reader(), id).await
    }
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    id: PanelId,
) -> Result<Option<Panel>, StoreError> {
    Ok(load(db, jury_panels::Entity::find_by_id(id.0)).await?.pop())
}

pub(super) async fn load(
    db: &impl ConnectionTrait,
    panels: Select<jury_panels::Entity>,
) -> Result<Vec<Panel>, StoreError> {
    let rows = panels.order_by_desc(jury_panels::Column::Id).all(db).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let criteria = jury_criteria::Entity::find()
        .filter(jury_criteria::Column::PanelId.is_in(ids.iter().copied()))
        .order_by_asc(jury_criteria::Column::Place)
        .all(db)
        .await?;
    let members = jury_members::Entity::find()
        .filter(jury_members::Column::PanelId.is_in(ids))
        .order_by_asc(jury_members::Column::JurorId)
        .all(db)
        .await?;
    let mut criteria = grouped(criteria, |row| row.panel_id);
    let mut members = grouped(members, |row| row.panel_id);
    let panel = |row: jury_panels::Model| {
        let criteria = criteria.remove(&row.id).unwrap_or_default();
        let members = members.remove(&row.id).unwrap_or_default();
        Panel::of(row, criteria, &members)
    };
    rows.into_iter().map(panel).collect()
}

pub(super) fn grouped<T>(rows: Vec<T>, by: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups = HashMap::<_, Vec<_>>::new();
    for row in rows {
        groups.entry(by(&row)).or_default().push(row);
    }
    groups
}

impl Panel {
    fn of(
        row: jury_panels::Model,
        criteria: Vec<jury_criteria::Model>,
        members: &[jury_members::Model],
    ) -> Result<Self, StoreError> {
        Ok(Self {
            id: PanelId(row.id),
            scope: scope(&row)?,
            name: row.name,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            closed_at: row.closed_at,
            criteria: criteria.into_iter().map(PanelCriterion::of).collect::<Result<_, _>>()?,
            members: members.iter().map(|member| PlayerId(member.juror_id)).collect(),
        })
    }
}

impl PanelCriterion {
    fn of(row: jury_criteria::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: CriterionId(row.id),
            weight: count("jury_criteria", "weight", row.weight)?,
            name: row.name,
        })
    }
}

fn scope(row: &jury_panels::Model) -> Result<PanelScope, StoreError> {
    let place = |column, text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        text.parse().map_err(|_| corrupt("jury_panels", column, text))
    };
    Ok(match name("jury_panels", "scope", &row.scope)? {
        ScopeKind::All => PanelScope::All,
        ScopeKind::City => PanelScope::City {
            city: place("city", &row.city)?,
            country: place("country", &row.country)?,
        },
        ScopeKind::Category => PanelScope::Category(row.category.clone().unwrap_or_default()),
    })
}
