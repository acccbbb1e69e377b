//! What juries do, in one word each.

#![expect(clippy::unwrap_used, reason = "a verb that fails is a failed test, and says where")]

use anb_domain::{
    PanelId, Role, VideoId, Window,
    jury::{Comment, Criteria, Criterion, PanelScope},
};
use anb_store::{Actor, PanelPlan, Player, SheetEntry, SheetIntent};

use crate::TestStore;

impl TestStore {
    /// Registers somebody who sits in juries.
    pub async fn a_juror(&self, name: &str) -> Player {
        let player = self.a_player(name).await;
        self.grant_role(&player.email, Role::Jury).await.unwrap().unwrap()
    }

    /// A panel for all videos with a single criterion.
    pub async fn a_panel(&self, name: &str, jurors: &[&Player]) -> PanelId {
        let criterion = Criterion { name: "Técnica".parse().unwrap(), weight: 100 };
        let plan = PanelPlan {
            name: name.parse().unwrap(),
            scope: PanelScope::All,
            criteria: Criteria::new(vec![criterion]).unwrap(),
            window: Window::default(),
            members: jurors.iter().map(|juror| juror.id).collect(),
        };
        self.create_panel(&plan, &Actor::terminal()).await.unwrap()
    }

    /// Has a juror finish a video with this mark for everything.
    pub async fn scores(&self, juror: &Player, panel: PanelId, video: VideoId, mark: &str) {
        let seen = self.panel_for(panel, juror.id).await.unwrap().unwrap();
        let mark = mark.parse().unwrap();
        let marks = seen.panel.criteria.iter().map(|criterion| (criterion.id, mark));
        let entry = SheetEntry {
            marks: marks.collect(),
            comment: Comment::default(),
            intent: SheetIntent::Finish,
        };
        for line in &seen.sheets {
            let sheet = self.sheet(&seen, juror.id, &line.key).await.unwrap().unwrap();
            if sheet.video == video {
                let actor = Actor::terminal();
                self.save_sheet(panel, juror.id, &line.key, &entry, &actor).await.unwrap();
                return;
            }
        }
        panic!("the juror has no sheet of this video");
    }

    /// A panel of one juror, named after the panel, that gives these marks and
    /// is closed.
    pub async fn a_jury_gives(&self, juror: &str, marks: &[(VideoId, &str)]) {
        let person = self.a_juror(juror).await;
        let panel = self.a_panel(juror, &[&person]).await;
        for (video, mark) in marks {
            self.scores(&person, panel, *video, mark).await;
        }
        self.close_panel(panel, &Actor::terminal()).await.unwrap();
    }
}
