//! Panels are made, changed and closed.

use std::collections::BTreeSet;

use anb_domain::{
    Action, PanelId, PanelName, PlayerId, Role, Subject, Window,
    jury::{Criteria, PanelScope, PanelStage},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
    prelude::{Json, Uuid},
};
use serde_json::json;
use thiserror::Error;

use super::{Panel, panels::one};
use crate::{
    Actor, Deed, Store, StoreError,
    entity::{jury_criteria, jury_members, jury_panels, jury_sheets, players},
};

/// What a panel is to be.
#[derive(Debug, Clone)]
pub struct PanelPlan {
    pub name: PanelName,
    pub scope: PanelScope,
    pub criteria: Criteria,
    pub window: Window,
    pub members: BTreeSet<PlayerId>,
}

#[derive(Debug, Error)]
pub enum PanelError {
    #[error("there is no such panel")]
    NotFound,
    /// Jurors may have seen each other's marks.
    #[error("the panel is closed")]
    Closed,
    /// What has been marked was marked by these rules.
    #[error("scoring has begun: criteria and scope stay as they are")]
    ScoringBegun,
    #[error("a member who has marked a video stays")]
    MemberHasScored(PlayerId),
    #[error("a member must have the role jury")]
    NotJury(PlayerId),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    pub async fn create_panel(
        &self,
        plan: &PanelPlan,
        actor: &Actor,
    ) -> Result<PanelId, PanelError> {
        let id = PanelId(self.ids.sortable());
        let txn = self.db.begin().await?;
        let row = jury_panels::ActiveModel {
            id: Set(id.0),
            created_at: Set(self.now()),
            ..columns(plan)
        };
        jury_panels::Entity::insert(row).exec_without_returning(&txn).await?;
        self.write_criteria(&txn, id, &plan.criteria).await?;
        self.admit(&txn, id, plan.members.iter().copied()).await?;
        let deed = Deed::new(Action::PANEL_CREATED, subject(id)).after(described(plan));
        self.note(&txn, actor, deed).await?;
        txn.commit().await?;
        Ok(id)
    }

    /// Changes what may still be changed: nothing once it is closed, neither
    /// criteria nor scope once a video has been marked.
    pub async fn change_panel(
        &self,
        id: PanelId,
        plan: &PanelPlan,
        actor: &Actor,
    ) -> Result<(), PanelError> {
        let txn = self.db.begin().await?;
        let panel = self.still_open(&txn, id).await?;
        let before = PanelPlan::of(&panel)?;
        if before.criteria != plan.criteria || before.scope != plan.scope {
            if has_begun(&txn, id, None).await? {
                return Err(PanelError::ScoringBegun);
            }
            jury_criteria::Entity::delete_many()
                .filter(jury_criteria::Column::PanelId.eq(id.0))
                .exec(&txn)
                .await?;
            self.write_criteria(&txn, id, &plan.criteria).await?;
        }
        self.change_members(&txn, id, &before.members, &plan.members).await?;
        let row = jury_panels::ActiveModel { id: Set(id.0), ..columns(plan) };
        jury_panels::Entity::update(row).exec(&txn).await?;
        let (was, is) = (described(&before), described(plan));
        if was != is {
            let deed = Deed::new(Action::PANEL_CHANGED, subject(id)).before(was).after(is);
            self.note(&txn, actor, deed).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Closes a panel for good: its scores count, and jurors may see them.
    pub async fn close_panel(&self, id: PanelId, actor: &Actor) -> Result<(), PanelError> {
        let txn = self.db.begin().await?;
        let panel = self.still_open(&txn, id).await?;
        let row = jury_panels::ActiveModel {
            id: Set(id.0),
            closed_at: Set(Some(self.now())),
            ..Default::default()
        };
        jury_panels::Entity::update(row).exec(&txn).await?;
        let deed = Deed::new(Action::PANEL_CLOSED, subject(id));
        self.note(&txn, actor, deed.after(json!({ "name": panel.name }))).await?;
        txn.commit().await?;
        Ok(())
    }

    /// A panel that is not closed. Nobody marks anything until the transaction
    /// ends.
    async fn still_open(
        &self,
        txn: &DatabaseTransaction,
        id: PanelId,
    ) -> Result<Panel, PanelError> {
        let row = jury_panels::Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
        row.ok_or(PanelError::NotFound)?;
        let panel = one(txn, id).await?.ok_or(PanelError::NotFound)?;
        match panel.stage(self.now()) {
            PanelStage::Closed => Err(PanelError::Closed),
            PanelStage::Ahead | PanelStage::Open => Ok(panel),
        }
    }

    async fn write_criteria(
        &self,
        txn: &DatabaseTransaction,
        panel: PanelId,
        criteria: &Criteria,
    ) -> Result<(), StoreError> {
        let row =
            |(place, criterion): (i32, &anb_domain::jury::Criterion)| jury_criteria::ActiveModel {
                id: Set(self.ids.sortable()),
                panel_id: Set(panel.0),
                place: Set(place),
                name: Set(criterion.name.as_str().to_owned()),
                weight: Set(criterion.weight.into()),
            };
        let rows: Vec<_> = (0..).zip(criteria.as_slice()).map(row).collect();
        jury_criteria::Entity::insert_many(rows).exec_without_returning(txn).await?;
        Ok(())
    }

    async fn change_members(
        &self,
        txn: &DatabaseTransaction,
        panel: PanelId,
        before: &BTreeSet<PlayerId>,
        after: &BTreeSet<PlayerId>,
    ) -> Result<(), PanelError> {
        for gone in before.difference(after) {
            if has_begun(txn, panel, Some(*gone)).await? {
                return Err(PanelError::MemberHasScored(*gone));
            }
            jury_members::Entity::delete_by_id((panel.0, gone.0)).exec(txn).await?;
        }
        self.admit(txn, panel, after.difference(before).copied()).await
    }

    async fn admit(
        &self,
        txn: &DatabaseTransaction,
        panel: PanelId,
        jurors: impl Iterator<Item = PlayerId>,
    ) -> Result<(), PanelError> {
        for juror in jurors {
            let person = players::Entity::find_by_id(juror.0).lock_shared().one(txn).await?;
            if person.is_none_or(|person| person.role != Role::Jury.as_str()) {
                return Err(PanelError::NotJury(juror));
            }
            let row = jury_members::ActiveModel {
                panel_id: Set(panel.0),
                juror_id: Set(juror.0),
                seed: Set(self.ids.unguessable()),
            };
            jury_members::Entity::insert(row).exec_without_returning(txn).await?;
        }
        Ok(())
    }
}

/// Whether anything has been marked, or by this juror.
async fn has_begun(
    txn: &DatabaseTransaction,
    panel: PanelId,
    juror: Option<PlayerId>,
) -> Result<bool, StoreError> {
    let mut sheets = jury_sheets::Entity::find().filter(jury_sheets::Column::PanelId.eq(panel.0));
    if let Some(juror) = juror {
        sheets = sheets.filter(jury_sheets::Column::JurorId.eq(juror.0));
    }
    Ok(sheets.count(txn).await? > 0)
}

fn columns(plan: &PanelPlan) -> jury_panels::ActiveModel {
    let (city, country, category) = match &plan.scope {
        PanelScope::All => (None, None, None),
        PanelScope::City { city, country } => (Some(city.as_str()), Some(country.as_str()), None),
        PanelScope::Category(id) => (None, None, Some(id.as_str())),
    };
    jury_panels::ActiveModel {
        name: Set(plan.name.as_str().to_owned()),
        scope: Set(plan.scope.kind().as_str().to_owned()),
        city: Set(city.map(str::to_owned)),
        country: Set(country.map(str::to_owned)),
        category: Set(category.map(str::to_owned)),
        opens_at: Set(plan.window.opens_at),
        closes_at: Set(plan.window.closes_at),
        ..Default::default()
    }
}

impl PanelPlan {
    /// What a panel is at present.
    pub fn of(panel: &Panel) -> Result<Self, StoreError> {
        let name = panel.name.parse();
        Ok(Self {
            name: name.map_err(|_| crate::row::corrupt("jury_panels", "name", &panel.name))?,
            scope: panel.scope.clone(),
            criteria: panel.rules()?,
            window: Window { opens_at: panel.opens_at, closes_at: panel.closes_at },
            members: panel.members.iter().copied().collect(),
        })
    }
}

/// As the audit log keeps it.
fn described(plan: &PanelPlan) -> Json {
    let criteria = plan.criteria.as_slice().iter();
    let criteria: Vec<_> = criteria
        .map(|criterion| json!({ "name": criterion.name.as_str(), "weight": criterion.weight }))
        .collect();
    let scope = match &plan.scope {
        PanelScope::All => json!("all"),
        PanelScope::City { city, country } => {
            json!({ "city": city.as_str(), "country": country.as_str() })
        }
        PanelScope::Category(id) => json!({ "category": id }),
    };
    let members: Vec<Uuid> = plan.members.iter().map(|juror| juror.0).collect();
    json!({
        "name": plan.name.as_str(), "scope": scope, "criteria": criteria, "members": members,
        "opens_at": plan.window.opens_at, "closes_at": plan.window.closes_at,
    })
}

pub(super) fn subject(panel: PanelId) -> Subject {
    Subject::new("panel", panel)
}
