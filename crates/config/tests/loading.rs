//! How settings come together, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::PathBuf};

use anb_config::{
    Fit, Flag, Loaded, Origin, QueueKind, Settings, SettingsError, Sources, StorageKind,
};
use secrecy::ExposeSecret;
use tempfile::TempDir;

/// Settings from some places; nothing of the machine gets in.
#[derive(Default)]
struct Given {
    sources: Sources,
    folder: Option<TempDir>,
}

impl Given {
    fn file(mut self, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anb.toml");
        fs::write(&path, text).unwrap();
        self.sources.file = Some(path);
        self.folder = Some(folder);
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, name: &str, key: &str, value: &str) -> Self {
        let flag = Flag { name: name.into(), key: key.into(), value: value.into() };
        self.sources.flags.push(flag);
        self
    }

    fn load(&self) -> Loaded {
        Settings::load(&self.sources).unwrap()
    }

    /// The complaint, with the temporary folder's name taken out.
    fn refusal(&self) -> String {
        let text = Settings::load(&self.sources).unwrap_err().to_string();
        match &self.folder {
            Some(folder) => text.replace(&format!("{}/", folder.path().display()), ""),
            None => text,
        }
    }
}

fn given() -> Given {
    Given::default()
}

#[test]
fn without_any_setting_everything_lies_below_the_data_folder() {
    let settings = given().load().settings;
    assert_eq!(settings.database_url(), "sqlite://data/anb.sqlite3");
    assert_eq!(settings.objects_dir(), PathBuf::from("data/objects"));
    assert_eq!(settings.work_dir(), PathBuf::from("data/work"));
    assert_eq!(settings.cache_dir(), PathBuf::from("data/cache"));
    assert_eq!(settings.web.public_url.unwrap().as_str(), "http://localhost:8000/");
}

#[test]
fn the_defaults_are_possible() {
    assert!(Settings::load(&Sources::default()).is_ok());
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let file = "[web]\nlisten = \"127.0.0.1:1000\"\n[worker]\nslots = 3\nheartbeat_s = 50\n";
    let loaded = given()
        .file(file)
        .variable("ANB_WEB__LISTEN", "127.0.0.1:2000")
        .variable("ANB_WORKER__SLOTS", "4")
        .flag("--listen", "web.listen", "127.0.0.1:3000")
        .load();

    assert_eq!(loaded.settings.web.listen.port(), 3000);
    assert_eq!(loaded.settings.worker.slots, Some(4));
    assert_eq!(loaded.settings.worker.heartbeat_s, 50);
    assert_eq!(loaded.origin("web.listen"), Origin::Flag("--listen".into()));
    assert_eq!(loaded.origin("worker.slots"), Origin::Variable("ANB_WORKER__SLOTS".into()));
    assert!(matches!(loaded.origin("worker.heartbeat_s"), Origin::File { line: 5, .. }));
    assert_eq!(loaded.origin("web.max_connections"), Origin::Default);
}

#[test]
fn names_that_deployments_use_are_read_as_they_are() {
    let key = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c";
    let settings = given()
        .variable("DATABASE_URL", "postgresql://anb:pw@db/anb")
        .variable("SECRET_KEY", key)
        .variable("ACCESS_TOKEN_EXPIRE_MINUTES", "15")
        .variable("S3_UPLOAD_PREFIX", "originals/")
        .variable("S3_PROCESSED_PREFIX", "results/")
        .variable("AWS_REGION", "us-east-1")
        .variable("SQS_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/q")
        .variable("SQS_DLQ_URL", "https://sqs.us-east-1.amazonaws.com/1/dlq")
        .load()
        .settings;

    assert_eq!(settings.database_url(), "postgresql://anb:pw@db/anb");
    assert_eq!(settings.auth.secret_key.unwrap().expose_secret(), key);
    assert_eq!(settings.auth.access_token_expire_minutes, 15);
    assert_eq!(settings.storage.upload_prefix, "originals/");
    assert_eq!(settings.storage.processed_prefix, "results/");
    assert_eq!(settings.queue.url.unwrap().path(), "/1/q");
    assert_eq!(settings.queue.dlq_url.unwrap().path(), "/1/dlq");
}

#[test]
fn our_own_name_wins_over_the_deployments() {
    let loaded = given()
        .variable("ANB_DATABASE__URL", "sqlite://own.db")
        .variable("DATABASE_URL", "sqlite://theirs.db")
        .load();
    assert_eq!(loaded.settings.database_url(), "sqlite://own.db");
}

#[test]
fn digits_are_text_where_text_is_wanted() {
    let digits = "31415926535897932384626433832795028841";
    let loaded = given().variable("SECRET_KEY", digits).variable("ANB_WORKER__NAME", "7").load();
    assert_eq!(loaded.settings.auth.secret_key.unwrap().expose_secret(), digits);
    assert_eq!(loaded.settings.worker.name.as_deref(), Some("7"));
}

#[test]
fn sections_within_sections_and_enums_are_set_from_everywhere() {
    let loaded = given()
        .file("[showcase.voting]\nopens_at = 2026-05-01T09:00:00Z\n[media]\nfit = \"pad\"\n")
        .variable("ANB_SHOWCASE__RULES__MIN_LINES", "720")
        .variable("ANB_SHOWCASE__VOTING__CLOSES_AT", "2026-06-01T00:00:00-05:00")
        .load();
    let showcase = &loaded.settings.showcase;
    assert_eq!(showcase.rules().min_lines, 720);
    assert_eq!(loaded.settings.media.fit, Fit::Pad);
    assert_eq!(showcase.voting.opens_at.unwrap().to_rfc3339(), "2026-05-01T09:00:00+00:00");
    assert_eq!(showcase.voting.closes_at.unwrap().to_rfc3339(), "2026-06-01T05:00:00+00:00");
}

#[test]
fn anb_config_names_the_file() {
    let named = given().file("data_dir = \"elsewhere\"\n");
    let path = named.sources.file.clone().unwrap();
    let loaded = given().variable("ANB_CONFIG", path.to_str().unwrap()).load();
    assert_eq!(loaded.settings.data_dir, PathBuf::from("elsewhere"));
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let error = given().variable("ANB_CONFIG", "/nowhere/anb.toml").refusal();
    assert!(error.starts_with("cannot read the settings file /nowhere/anb.toml: "), "{error}");
}

#[test]
fn broken_toml_is_refused_without_showing_what_stands_there() {
    let refusal = given()
        .file(
            "[auth]
secret_key = \"swordfish
",
        )
        .refusal();
    assert_eq!(refusal, "anb.toml, line 2, is not valid TOML: invalid basic string, expected `\"`");
}

#[test]
fn unknown_keys_are_refused_with_a_guess_at_what_was_meant() {
    let refusal = given()
        .file(
            "[web]\nlisten = \"127.0.0.1:1\"\nmax_connection = 3\n\n[workers]\nslots = 2\n[nothing]\n",
        )
        .variable("ANB_LISTEN", "127.0.0.1:8000")
        .variable("ANB_WEB__COLOUR", "red")
        .flag("--set", "queue.visibility", "12")
        .refusal();
    insta::assert_snapshot!(refusal, @r#"
    there are 6 problems with the settings
      - nothing (anb.toml, line 7): there is no such setting
      - web.max_connection (anb.toml, line 3): there is no such setting; did you mean web.max_connections?
      - workers.slots (anb.toml, line 6): there is no such setting; did you mean worker.slots?
      - listen (environment variable ANB_LISTEN): there is no such setting; did you mean console.listen or metrics.listen or web.listen or worker.listen?
      - web.colour (environment variable ANB_WEB__COLOUR): there is no such setting; did you mean showcase.brand.color?
      - queue.visibility (flag --set): there is no such setting; did you mean queue.visibility_s?
    "#);
}

#[test]
fn values_of_the_wrong_kind_are_all_reported_at_once() {
    let refusal = given()
        .file("data_dir = 7\nlog = \"json\"\n[worker]\nslots = \"many\"\nheartbeat_s = -1\n[media]\nfit = \"stretch\"\n")
        .variable("ANB_WEB__LISTEN", "8000")
        .variable("ANB_WEB__PUBLIC_URL", "example.com")
        .variable("ANB_WEB__MAX_CONNECTIONS", "4.5")
        .variable("ACCESS_TOKEN_EXPIRE_MINUTES", "1h")
        .flag("--set", "showcase.voting.opens_at", "tomorrow")
        .flag("--set", "web", "x")
        .refusal();
    insta::assert_snapshot!(refusal, @r#"
    there are 11 problems with the settings
      - data_dir (anb.toml, line 1): found 7, but this must be text
      - log (anb.toml, line 2): found "json", but this must be a section
      - media.fit (anb.toml, line 7): "stretch" is none of blur, pad, crop
      - worker.heartbeat_s (anb.toml, line 5): found -1, but this must be a whole number, 0 or more
      - worker.slots (anb.toml, line 4): found "many", but this must be a whole number, 0 or more
      - auth.access_token_expire_minutes (environment variable ACCESS_TOKEN_EXPIRE_MINUTES): found "1h", but this must be a whole number, 0 or more
      - web.listen (environment variable ANB_WEB__LISTEN): "8000" is not possible: invalid socket address syntax
      - web.public_url (environment variable ANB_WEB__PUBLIC_URL): "example.com" is not possible: relative URL without a base: "example.com"
      - web.max_connections (environment variable ANB_WEB__MAX_CONNECTIONS): found 4.5, but this must be a whole number, 0 or more
      - showcase.voting.opens_at (flag --set): "tomorrow" is not possible: input contains invalid characters
      - web (flag --set): found "x", but this must be a section
    "#);
}

#[test]
fn impossible_values_are_all_reported_at_once() {
    let refusal = given()
        .file(
            "[media]\ntrim_s = 0\nopening_s = 3\nclosing_s = 2.5\nwatermark_opacity = 1.5\n\
             card_svg = \"no-such.svg\"\n\
             [showcase]\nname = \" \"\n\
             [showcase.rules]\nmin_duration_s = 60\nmax_duration_s = 20\nmin_lines = 5000\n\
             [showcase.voting]\nopens_at = 2026-06-01T00:00:00Z\ncloses_at = 2026-05-01T00:00:00Z\n\
             [storage]\nlink_ttl_s = 0\n[database]\nmax_connections = 0\n",
        )
        .variable("ANB_WORKER__HEARTBEAT_S", "120")
        .variable("ANB_WORKER__SLOTS", "0")
        .variable("S3_UPLOAD_PREFIX", "videos")
        .variable("S3_PROCESSED_PREFIX", "videos/")
        .variable("DATABASE_URL", "mysql://root@db/anb")
        .variable("ACCESS_TOKEN_EXPIRE_MINUTES", "0")
        .flag("--set", "web.public_url", "ftp://example.com")
        .flag("--set", "queue.wait_s", "21")
        .refusal();
    insta::assert_snapshot!(refusal, @r#"
    there are 17 problems with the settings
      - auth.access_token_expire_minutes (environment variable ACCESS_TOKEN_EXPIRE_MINUTES): must be between 1 and 43200, but is 0
      - database.url (environment variable DATABASE_URL): must begin with sqlite:, postgres:// or postgresql://
      - database.max_connections (anb.toml, line 19): must be at least 1, but is 0
      - media.trim_s (anb.toml, line 2): must be more than 0, but is 0
      - media.watermark_opacity (anb.toml, line 5): must be between 0 and 1, but is 1.5
      - media.opening_s (anb.toml, line 3) and media.closing_s (anb.toml, line 4): may last 5 s together, but last 5.5 s
      - media.card_svg (anb.toml, line 6): names no file
      - queue.wait_s (flag --set): must be between 1 and 20, but is 21
      - showcase.name (anb.toml, line 8): must not be empty
      - showcase.rules.min_duration_s (anb.toml, line 10) and showcase.rules.max_duration_s (anb.toml, line 11): no clip lasts at least 60 s and at most 20 s
      - showcase.rules.min_lines (anb.toml, line 12) and showcase.rules.max_side (default): no clip has at least 5000 lines and at most 4096 pixels on a side
      - showcase.voting.opens_at (anb.toml, line 14) and showcase.voting.closes_at (anb.toml, line 15): voting must open before it closes
      - storage.link_ttl_s (anb.toml, line 17): must be between 1 and 604800, but is 0
      - storage.upload_prefix (environment variable S3_UPLOAD_PREFIX) and storage.processed_prefix (environment variable S3_PROCESSED_PREFIX): must differ, and neither may lie below the other
      - web.public_url (flag --set): must be an http or https address without `?` and `#`
      - worker.slots (environment variable ANB_WORKER__SLOTS): must be at least 1, but is 0
      - worker.heartbeat_s (environment variable ANB_WORKER__HEARTBEAT_S) and queue.visibility_s (default): the heartbeat (every 120 s) must come before the message becomes visible again (after 120 s)
    "#);
}

#[test]
fn each_prefix_must_be_one() {
    for prefix in ["", "/", "..", "a/../b", "a//b", "über", "a b"] {
        let refusal = given().variable("S3_UPLOAD_PREFIX", prefix).refusal();
        assert!(refusal.contains("storage.upload_prefix (environment variable"), "{refusal}");
    }
    for prefix in ["in", "in/", "tenant-1/in", "2026.1/in_put"] {
        given().variable("S3_UPLOAD_PREFIX", prefix).load();
    }
}

#[test]
fn links_to_parts_have_a_place_of_their_own() {
    let refusal = given().variable("S3_UPLOAD_PREFIX", "parts/in").refusal();
    assert!(refusal.contains("must not begin with `parts`"), "{refusal}");
}

#[test]
fn the_name_of_a_bucket_calls_for_s3() {
    let kind = |given: Given| given.load().settings.storage.kind();

    assert_eq!(kind(given()), StorageKind::Local);
    assert_eq!(kind(given().variable("AWS_S3_BUCKET", "anb-video-clips")), StorageKind::S3);
    let chosen =
        given().variable("AWS_S3_BUCKET", "anb-video-clips").variable("ANB_STORAGE__KIND", "local");
    assert_eq!(kind(chosen), StorageKind::Local, "what was chosen wins");
}

#[test]
fn what_cannot_be_a_bucket_is_refused() {
    let refusal = given().variable("ANB_STORAGE__KIND", "s3").refusal();
    assert!(
        refusal
            .contains("storage.kind (environment variable ANB_STORAGE__KIND) and storage.bucket"),
        "{refusal}"
    );
    assert!(refusal.contains("AWS_S3_BUCKET"), "{refusal}");
    for name in ["", "ab", "Clips", "clips_1", "-clips", "clips.", "s3://clips", "clips/uploads"] {
        let refusal = given().variable("AWS_S3_BUCKET", name).refusal();
        assert!(refusal.contains("environment variable AWS_S3_BUCKET"), "{name}: {refusal}");
    }
    let refusal = given()
        .variable("AWS_S3_BUCKET", "clips")
        .variable("ANB_STORAGE__REGION", "https://us-east-1")
        .variable("ANB_STORAGE__PUBLIC_ENDPOINT", "s3://clips")
        .variable("ANB_STORAGE__KMS_KEY_ID", "alias/clips")
        .refusal();
    for key in ["storage.region", "storage.public_endpoint", "storage.kms_key_id"] {
        assert!(refusal.contains(key), "{refusal}");
    }
}

#[test]
fn the_address_of_a_queue_calls_for_sqs() {
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/anb-video-processing-queue";
    let kind = |given: Given| given.load().settings.queue.kind();

    assert_eq!(kind(given()), QueueKind::Table);
    assert_eq!(kind(given().variable("SQS_QUEUE_URL", url)), QueueKind::Sqs);
    let chosen = given().variable("SQS_QUEUE_URL", url).variable("ANB_QUEUE__KIND", "table");
    assert_eq!(kind(chosen), QueueKind::Table, "what was chosen wins");
}

#[test]
fn a_queue_on_sqs_needs_its_address() {
    let refusal = given().variable("ANB_QUEUE__KIND", "sqs").refusal();
    assert!(
        refusal.contains("queue.kind (environment variable ANB_QUEUE__KIND) and queue.url"),
        "{refusal}"
    );
    let dlq = "https://sqs.us-east-1.amazonaws.com/123456789012/dlq";
    let refusal = given().variable("SQS_DLQ_URL", dlq).refusal();
    assert!(refusal.contains("queue.dlq_url (environment variable SQS_DLQ_URL)"), "{refusal}");
}

#[test]
fn only_a_standard_queue_will_do() {
    for url in [
        "ftp://sqs.us-east-1.amazonaws.com/1/q",
        "https://sqs.us-east-1.amazonaws.com/",
        "https://sqs.us-east-1.amazonaws.com/1/q.fifo",
        "https://sqs.us-east-1.amazonaws.com/1/q?Action=SendMessage",
        "arn:aws:sqs:us-east-1:1:q",
    ] {
        let refusal = given().variable("SQS_QUEUE_URL", url).refusal();
        assert!(refusal.contains("queue.url (environment variable SQS_QUEUE_URL)"), "{refusal}");
    }
    let url = "http://127.0.0.1:5000/123456789012/q";
    let same = given().variable("SQS_QUEUE_URL", url).variable("SQS_DLQ_URL", url).refusal();
    assert!(same.contains("must differ"), "{same}");
}

#[test]
fn results_must_not_lie_among_the_originals() {
    let refusal = given().variable("S3_PROCESSED_PREFIX", "uploads/done").refusal();
    assert!(refusal.contains("neither may lie below the other"), "{refusal}");
    given().variable("S3_PROCESSED_PREFIX", "uploads-done").load();
}

#[test]
fn weak_keys_are_refused_and_never_shown() {
    let repeated = "swordfish".repeat(6);
    for weak in ["", "swordfish", &"s".repeat(64), &repeated, &"swo".repeat(20)] {
        let refusal = given().variable("SECRET_KEY", weak).refusal();
        assert!(
            refusal.contains("auth.secret_key (environment variable SECRET_KEY): "),
            "{refusal}"
        );
        assert!(weak.is_empty() || !refusal.contains(weak), "{refusal}");
    }
}

#[test]
fn a_secret_of_the_wrong_kind_is_not_shown() {
    let refusal = given().file("[auth]\nsecret_key = 27182818284590\n").refusal();
    assert!(refusal.contains("auth.secret_key") && refusal.contains("must be text"), "{refusal}");
    assert!(!refusal.contains("2718"), "{refusal}");
}

#[test]
fn a_caller_can_refuse_a_value_for_its_own_reasons() {
    let loaded = given().variable("ANB_LOG__FILTER", "no=such=thing").load();
    let error: SettingsError = loaded.refuse("log.filter", "is no filter");
    assert_eq!(
        error.to_string(),
        "there is a problem with the settings\n  \
         - log.filter (environment variable ANB_LOG__FILTER): is no filter"
    );
}

#[test]
fn a_contest_whose_dates_contradict_each_other_is_refused() {
    let refusal = given()
        .file(
            "[showcase]\ncontact_email = \"nobody\"\nresults_published_at = 2026-05-19T00:00:00Z\n\
             [showcase.submissions]\nopens_at = 2026-05-02T00:00:00Z\ncloses_at = 2026-05-30T00:00:00Z\n\
             [showcase.voting]\ncloses_at = 2026-05-20T00:00:00Z\n\
             [showcase.brand]\nlogo_svg = \"/nowhere.svg\"\n[site]\nsession_days = 0\n",
        )
        .refusal();
    insta::assert_snapshot!(refusal, @r#"
    there are 5 problems with the settings
      - showcase.submissions.closes_at (anb.toml, line 6) and showcase.voting.closes_at (anb.toml, line 8): voting must not close before submissions do
      - showcase.voting.closes_at (anb.toml, line 8) and showcase.results_published_at (anb.toml, line 3): results must not be published before voting closes
      - showcase.contact_email (anb.toml, line 2): is not an e-mail address
      - showcase.brand.logo_svg (anb.toml, line 10): there is no SVG picture that can be read
      - site.session_days (anb.toml, line 12): must be between 1 and 365, but is 0
    "#);
    let refusal = given().file("[showcase.brand]\ncolor = \"orange\"\n").refusal();
    assert!(refusal.contains("a colour is written like #f26b21"), "{refusal}");
}

#[test]
fn the_jury_counts_a_whole_percent_and_categories_have_ids_and_names() {
    let contest = "[jury]\nweight = 0.35\n[[showcase.categories]]\nid = \"dunk\"\nname.es = \"Clavada\"\n\
                   [[showcase.categories]]\nid = \"3x3\"\nname.en = \"3x3\"\n";
    let settings = given().file(contest).load().settings;
    assert_eq!(settings.jury.weight().percent(), 35);
    assert_eq!(settings.showcase.categories[0].name(anb_domain::Language::En), "Clavada");

    let refusal = given()
        .file(
            "[jury]\nweight = 0.333\n[[showcase.categories]]\nid = \"Dunk!\"\nname.es = \"Clavada\"\n\
             [[showcase.categories]]\nid = \"a\"\nname.es = \"A\"\n[[showcase.categories]]\nid = \"a\"\n\
             [[showcase.categories]]\nid = \"b\"\n",
        )
        .refusal();
    for wrong in [
        "two decimals at most, but is 0.333",
        "\"Dunk!\" is no id",
        "two categories have the id \"a\"",
        "\"b\" must have a name",
    ] {
        assert!(refusal.contains(wrong), "{wrong}: {refusal}");
    }
}

#[test]
fn numbers_from_the_environment_are_the_ones_that_were_written() {
    let settings = given()
        .variable("ANB_JURY__WEIGHT", "0.8")
        .variable("ANB_MEDIA__WATERMARK_OPACITY", "0.7")
        .variable("ANB_SHOWCASE__RULES__MIN_DURATION_S", "0.3")
        .variable("ANB_COST__TASK_VCPUS", "1")
        .load()
        .settings;
    assert_eq!(settings.jury.weight().percent(), 80);
    let told = serde_json::to_value(&settings).unwrap();
    assert_eq!(told["jury"]["weight"].to_string(), "0.8");
    assert_eq!(told["media"]["watermark_opacity"].to_string(), "0.7");
    assert_eq!(told["showcase"]["rules"]["min_duration_s"].to_string(), "0.3");
    assert_eq!(told["cost"]["task_vcpus"].to_string(), "1.0");
}
