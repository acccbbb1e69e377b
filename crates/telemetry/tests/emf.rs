//! Lines for `CloudWatch`, held against the rules of the specification's JSON
//! schema.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashSet;

use anb_telemetry::emf;
use serde_json::{Value, json};

const NOW_MS: i64 = 1_763_844_000_000;

fn line() -> Value {
    let line = emf::line("anb-video", NOW_MS).unwrap();
    assert!(!line.contains('\n'), "one line");
    serde_json::from_str(&line).unwrap()
}

fn follows_the_specification(line: &Value) {
    let root = line.as_object().unwrap();
    let metadata = root["_aws"].as_object().unwrap();
    assert_eq!(metadata["Timestamp"], NOW_MS, "in milliseconds");
    let directives = metadata["CloudWatchMetrics"].as_array().unwrap();
    assert!(!directives.is_empty());
    for directive in directives {
        let namespace = directive["Namespace"].as_str().unwrap();
        assert!((1..=1024).contains(&namespace.len()));
        for set in directive["Dimensions"].as_array().unwrap() {
            let set = set.as_array().unwrap();
            assert!((1..=30).contains(&set.len()));
            for key in set {
                let value = root[key.as_str().unwrap()].as_str().unwrap();
                assert!((1..=1024).contains(&value.len()), "a text at the root");
            }
        }
        metrics_follow(directive["Metrics"].as_array().unwrap(), line);
    }
}

fn metrics_follow(metrics: &[Value], root: &Value) {
    assert!((1..=100).contains(&metrics.len()));
    let names: HashSet<_> = metrics.iter().map(|metric| metric["Name"].to_string()).collect();
    assert_eq!(names.len(), metrics.len());
    for metric in metrics {
        assert!(["Seconds", "Count"].contains(&metric["Unit"].as_str().unwrap()));
        let value = &root[metric["Name"].as_str().unwrap()];
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        assert!((1..=100).contains(&values.len()));
        assert!(values.iter().all(Value::is_number), "{value}");
    }
}

/// One test: what was noted belongs to the whole process.
#[test]
fn lines_are_as_cloudwatch_reads_them() {
    assert_eq!(emf::line("anb-video", NOW_MS), None, "nothing to tell");

    emf::OLDEST_WAITING.set(20.0);
    emf::OLDEST_WAITING.set(12.5);
    emf::FAILED_VIDEOS.set(3.0);
    emf::TIME_TO_COMPLETED.note(6.4);
    emf::TIME_TO_COMPLETED.note(7.0);
    let told = line();
    follows_the_specification(&told);
    assert_eq!(told["OldestWaitingVideoAge"], json!(12.5), "the last one");
    assert_eq!(told["TimeToCompleted"], json!([6.4, 7.0]), "each of them");
    assert_eq!(told["Project"], "anb-video");
    assert_eq!(emf::line("anb-video", NOW_MS), None, "told once");

    (0..250).for_each(|n| emf::TIME_TO_COMPLETED.note(f64::from(n)));
    let told = line();
    follows_the_specification(&told);
    let values = told["TimeToCompleted"].as_array().unwrap();
    assert_eq!((values.len(), &values[99]), (100, &json!(249.0)), "the latest hundred");
}
