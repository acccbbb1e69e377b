//! Services on ECS, for which moto stands. What moto does not know, scaling
//! activities, is answered before it is asked.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::{sync::Arc, time::Duration};

use anb_ecs::{Ecs, EcsOptions};
use anb_ops::{ScalingState, Services as _};
use anb_testkit::Moto;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_ecs::{Client, config::Region, types::ContainerDefinition};
use aws_types::SdkConfig;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What Application Auto Scaling says.
#[derive(Clone, Copy)]
enum Scaling {
    Says(fn(&str) -> Value),
    Refuses,
    IsSilent,
}

fn sdk_config(endpoint: &str) -> SdkConfig {
    let key = Moto::ACCESS_KEY;
    let credentials = Credentials::new(key, key, None, None, "test");
    SdkConfig::builder()
        .region(Region::new(Moto::REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .build()
}

/// A cluster with a web and a worker service.
struct Cluster {
    name: String,
    client: Client,
}

impl Cluster {
    async fn new() -> Self {
        let client = Client::new(&sdk_config(&Moto::shared().endpoint()));
        let cluster = Self { name: Moto::fresh_name("cluster"), client };
        cluster.client.create_cluster().cluster_name(&cluster.name).send().await.unwrap();
        let container = ContainerDefinition::builder().name("anb").image("anb").memory(512);
        let task = cluster.client.register_task_definition().family(&cluster.name);
        task.container_definitions(container.build()).send().await.unwrap();
        for (service, desired) in [("web", 2), ("worker", 5)] {
            let service = cluster.client.create_service().service_name(service);
            let service = service.cluster(&cluster.name).task_definition(&cluster.name);
            service.desired_count(desired).send().await.unwrap();
        }
        cluster
    }

    async fn seen_through(&self, scaling: Scaling, services: &[&str]) -> Ecs {
        let options = EcsOptions {
            cluster: self.name.clone(),
            services: services.iter().map(|name| (*name).to_owned()).collect(),
            answer_within: Duration::from_secs(20),
        };
        Ecs::new(&sdk_config(&aws(scaling).await), options)
    }
}

/// AWS on this machine.
#[expect(clippy::disallowed_methods, reason = "a server of the tests")]
async fn aws(scaling: Scaling) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let state = Arc::new((reqwest::Client::new(), scaling));
    let router = Router::new().fallback(serve).with_state(state);
    tokio::spawn(async move { axum::serve(listener, router).await });
    endpoint
}

async fn serve(
    State(aws): State<Arc<(reqwest::Client, Scaling)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (moto, scaling) = aws.as_ref();
    let target = headers["x-amz-target"].to_str().unwrap();
    if target != "AnyScaleFrontendService.DescribeScalingActivities" {
        let request = moto.post(Moto::shared().endpoint()).headers(headers).body(body);
        let answer = request.send().await.unwrap();
        return (answer.status(), answer.bytes().await.unwrap()).into_response();
    }
    match scaling {
        Scaling::Says(activities) => {
            let asked: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(asked["ServiceNamespace"], "ecs");
            let answer = activities(asked["ResourceId"].as_str().unwrap());
            axum::Json(answer).into_response()
        }
        Scaling::Refuses => {
            let error = json!({ "__type": "AccessDeniedException", "message": "not allowed" });
            (StatusCode::BAD_REQUEST, axum::Json(error)).into_response()
        }
        Scaling::IsSilent => std::future::pending().await,
    }
}

fn activity(resource: &str, start: i64, status: &str, description: &str) -> Value {
    json!({
        "ActivityId": format!("{start}"), "ServiceNamespace": "ecs", "ResourceId": resource,
        "ScalableDimension": "ecs:service:DesiredCount", "Description": description,
        "Cause": "monitor alarm", "StartTime": start, "StatusCode": status,
    })
}

/// Two for the worker, one in between for the web service.
fn activities(resource: &str) -> Value {
    let of = |start, status, description| activity(resource, start, status, description);
    let told = match resource.rsplit('/').next() {
        Some("worker") => vec![
            of(1_777_636_800, "InProgress", "Setting desired count to 5."),
            of(1_777_630_000, "Successful", "Setting desired count to 3."),
        ],
        _ => vec![of(1_777_633_000, "Failed", "Setting desired count to 9.")],
    };
    json!({ "ScalingActivities": told })
}

fn nothing(_: &str) -> Value {
    json!({ "ScalingActivities": [] })
}

#[tokio::test(flavor = "multi_thread")]
async fn services_are_told_with_their_tasks() {
    let cluster = Cluster::new().await;
    let ecs = cluster.seen_through(Scaling::Says(nothing), &["web", "worker"]).await;
    let mut now = ecs.look().await.unwrap();
    now.services.sort_by(|a, b| a.name.cmp(&b.name));
    let desired: Vec<_> = now.services.iter().map(|s| (s.name.as_str(), s.desired)).collect();
    assert_eq!(desired, [("web", 2), ("worker", 5)]);
    // None of them has an instance to run on.
    assert!(now.services.iter().all(|service| service.running == 0));
    assert_eq!(now.activities, Some(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_activities_of_all_services_come_newest_first() {
    let cluster = Cluster::new().await;
    let ecs = cluster.seen_through(Scaling::Says(activities), &["web", "worker"]).await;
    let told = ecs.look().await.unwrap().activities.unwrap();
    let told: Vec<_> =
        told.iter().map(|a| (a.service.as_str(), a.state, a.description.as_str())).collect();
    assert_eq!(
        told,
        [
            ("worker", ScalingState::UnderWay, "Setting desired count to 5."),
            ("web", ScalingState::Failed, "Setting desired count to 9."),
            ("worker", ScalingState::Done, "Setting desired count to 3."),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn activities_that_are_not_to_be_had_do_not_hide_the_services() {
    let cluster = Cluster::new().await;
    let ecs = cluster.seen_through(Scaling::Refuses, &["web"]).await;
    let now = ecs.look().await.unwrap();
    assert_eq!((now.services.len(), now.activities), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_long_for_an_answer() {
    let cluster = Cluster::new().await;
    let options = EcsOptions {
        cluster: cluster.name.clone(),
        services: vec!["web".into()],
        answer_within: Duration::from_millis(300),
    };
    let ecs = Ecs::new(&sdk_config(&aws(Scaling::IsSilent).await), options);
    let looked = tokio::time::timeout(Duration::from_mins(1), ecs.look()).await;
    // Whether ECS itself answers in so short a time is its own affair.
    if let Ok(now) = looked.expect("silence is not waited out") {
        assert_eq!(now.activities, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_is_named() {
    let cluster = Cluster::new().await;
    let ecs = cluster.seen_through(Scaling::Says(nothing), &["web", "nowhere"]).await;
    let said = ecs.look().await.unwrap_err().to_string();
    assert!(said.contains(&cluster.name) && said.contains("nowhere"), "{said}");
}
