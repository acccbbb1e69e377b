//! Settings that matter once there is more than one machine.

use anb_config::{Loaded, Settings, SettingsError, Sources, SslMode};

fn load(environment: &[(&str, &str)]) -> Result<Loaded, SettingsError> {
    let environment =
        environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Settings::load(&Sources { environment, ..Sources::default() })
}

#[test]
fn a_named_authority_is_never_left_unasked() {
    let ca = ("ANB_DATABASE__CA_FILE", "/etc/rds.pem");
    for mode in ["disable", "prefer", "require"] {
        let refusal = load(&[ca, ("ANB_DATABASE__SSL_MODE", mode)]).unwrap_err().to_string();
        assert!(refusal.contains("database.ssl_mode"), "{refusal}");
        assert!(refusal.contains("database.ca_file"), "{refusal}");
    }
    load(&[ca]).unwrap();
    let verified = load(&[ca, ("ANB_DATABASE__SSL_MODE", "verify-full")]).unwrap();
    assert_eq!(verified.settings.database.ssl_mode, Some(SslMode::VerifyFull));
}

#[test]
fn an_unknown_way_to_verify_is_refused_with_those_there_are() {
    let refusal = load(&[("ANB_DATABASE__SSL_MODE", "strict")]).unwrap_err().to_string();
    assert!(refusal.contains("verify-full"), "{refusal}");
}

#[test]
fn the_room_for_a_video_follows_from_the_largest_upload() {
    assert_eq!(load(&[]).unwrap().settings.worker.min_free_mb, Some(300));
    let larger = load(&[("ANB_SHOWCASE__RULES__MAX_SIZE_BYTES", "250000000")]).unwrap();
    assert_eq!(larger.settings.worker.min_free_mb, Some(600));
    let chosen = load(&[("ANB_WORKER__MIN_FREE_MB", "42")]).unwrap();
    assert_eq!(chosen.settings.worker.min_free_mb, Some(42));
}

#[test]
fn a_worker_answers_for_itself_only_where_it_is_told_to() {
    assert_eq!(load(&[]).unwrap().settings.worker.listen, None);
    let told = load(&[("ANB_WORKER__LISTEN", "0.0.0.0:8002")]).unwrap();
    assert_eq!(told.settings.worker.listen, Some(([0, 0, 0, 0], 8002).into()));
}

#[test]
fn prices_and_limits_that_cannot_be_are_refused() {
    for (variable, value, key) in [
        ("ANB_COST__VCPU_HOUR_USD", "-1", "cost.vcpu_hour_usd"),
        ("ANB_COST__TASK_VCPUS", "a lot", "cost.task_vcpus"),
        ("ANB_DATABASE__STATEMENT_TIMEOUT_S", "9999999", "database.statement_timeout_s"),
        ("ANB_WORKER__DRAIN_TIMEOUT_S", "86400", "worker.drain_timeout_s"),
    ] {
        let refusal = load(&[(variable, value)]).unwrap_err().to_string();
        assert!(refusal.contains(key), "{refusal}");
    }
}

#[test]
fn the_console_has_an_address_of_its_own() {
    assert_eq!(load(&[]).unwrap().settings.console.listen, ([0, 0, 0, 0], 8001).into());
    for (variable, value, key) in [
        ("ANB_CONSOLE__LISTEN", "8001", "console.listen"),
        ("ANB_CONSOLE__SESSION_MINUTES", "0", "console.session_minutes"),
        ("ANB_CONSOLE__SESSION_MINUTES", "1441", "console.session_minutes"),
        ("ANB_CONSOLE__LOGINS_PER_MINUTE", "0", "console.logins_per_minute"),
        ("ANB_CONSOLE__TRUSTED_PROXIES", "17", "console.trusted_proxies"),
    ] {
        let refusal = load(&[(variable, value)]).unwrap_err().to_string();
        assert!(refusal.contains(key), "{refusal}");
    }
}
