//! Where the services run on ECS, and where they do not.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use anb_ops::{ScalingActivity, ScalingState, ServiceTasks, Services, ServicesError, ServicesNow};
use anb_testkit::{TestStore, on_each_database};
use async_trait::async_trait;

use crate::support::TestConsole;

/// Somebody who is asked about the services, and what they say.
#[derive(Default)]
struct Desk {
    asked: AtomicU32,
    says: Mutex<Option<ServicesNow>>,
}

#[async_trait]
impl Services for Desk {
    async fn look(&self) -> Result<ServicesNow, ServicesError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.says.lock().unwrap().clone().ok_or_else(|| "secret host 10.1.2.3".into())
    }
}

fn now() -> ServicesNow {
    ServicesNow {
        services: vec![ServiceTasks {
            name: "anb-video-worker-service".into(),
            desired: 7,
            running: 5,
            pending: 2,
        }],
        activities: Some(vec![ScalingActivity {
            service: "anb-video-worker-service".into(),
            began: "2026-05-01T11:58:00Z".parse().unwrap(),
            state: ScalingState::UnderWay,
            description: "Setting desired count to 7.".into(),
        }]),
    }
}

on_each_database! {
    async fn services_are_shown_with_their_tasks_and_scaling(store: TestStore) {
        let desk = Arc::new(Desk { says: Mutex::new(Some(now())), ..Desk::default() });
        let console = TestConsole::on_ecs(store, desk.clone()).await;
        let olga = console.operator("Olga").await;
        let page = olga.get("/console").await.ok();
        page.shows("anb-video-worker-service</th><td>7</td><td>5</td><td>2</td>");
        page.shows("Setting desired count to 7.");
        page.shows("under way");

        // AWS is asked again only after half a minute, whoever looks.
        olga.get("/console?span=day").await.ok();
        assert_eq!(desk.asked.load(Ordering::SeqCst), 1);
        console.store.clock.advance(std::time::Duration::from_secs(30));
        olga.get("/console").await.ok();
        assert_eq!(desk.asked.load(Ordering::SeqCst), 2);
    }

    async fn a_page_does_without_what_aws_does_not_tell(store: TestStore) {
        let desk = Arc::new(Desk::default());
        let console = TestConsole::on_ecs(store, desk.clone()).await;
        let olga = console.operator("Olga").await;
        let page = olga.get("/console").await.ok();
        page.shows("Not available: AWS does not tell.");
        page.hides("10.1.2.3");
        olga.get("/console").await.ok();
        assert_eq!(desk.asked.load(Ordering::SeqCst), 1, "a failure is not asked for again at once");

        *desk.says.lock().unwrap() = Some(ServicesNow { activities: None, ..now() });
        console.store.clock.advance(std::time::Duration::from_secs(30));
        let page = olga.get("/console").await.ok();
        page.shows("anb-video-worker-service</th>");
        page.shows("Not available: AWS does not tell.");
    }

    async fn elsewhere_nothing_is_said_of_ecs(store: TestStore) {
        let console = TestConsole::on(store).await;
        let olga = console.operator("Olga").await;
        olga.get("/console").await.ok().hides("ECS");
    }
}
