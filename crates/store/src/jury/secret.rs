//! What the audit log does not say yet.

use std::collections::HashSet;

use anb_domain::{Action, jury::PanelStage};

use crate::{AuditEntry, Store, StoreError};

impl Store {
    /// Leaves out which marks were given in panels that are not closed: whoever
    /// reads the log must not know before the jurors do. That marks were given
    /// is said, and which ones shows once the panel is closed.
    pub(crate) async fn without_open_scores(
        &self,
        mut entries: Vec<AuditEntry>,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let secret = [Action::SCORE_GIVEN, Action::CONFLICT_DECLARED].map(Action::as_str);
        let is_secret = |entry: &AuditEntry| secret.contains(&entry.action.as_str());
        if !entries.iter().any(is_secret) {
            return Ok(entries);
        }
        let panels = self.panels().await?;
        let closed = panels.iter().filter(|panel| panel.stage(self.now()) == PanelStage::Closed);
        let closed: HashSet<_> = closed.map(|panel| panel.id.to_string()).collect();
        for entry in &mut entries {
            if is_secret(entry) && !closed.contains(&entry.subject.id) {
                (entry.before, entry.after) = (None, None);
            }
        }
        Ok(entries)
    }
}
