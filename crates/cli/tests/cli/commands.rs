//! The binary as it is called.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder, and the variables with which commands are called in it.
struct Shell {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
}

/// What a command did.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Shell {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Nothing of the machine's own settings gets in.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anb-video"));
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.folder.path())
            .env("LANG", "en_US.UTF-8")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts a service.
    fn starts(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs a command to its end.
    fn runs(&self, line: &str) -> Ran {
        let output = self.command(line).output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn shell() -> Shell {
    Shell { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Answers one request with `status`, and tells on which port.
fn server_that_answers(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).unwrap();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    port
}

const SUBCOMMANDS: [&str; 28] = [
    "run",
    "web",
    "console",
    "worker",
    "migrate",
    "process",
    "doctor",
    "config show",
    "config check",
    "config schema",
    "admin user grant",
    "admin user list",
    "admin video list",
    "admin video show",
    "admin video retry",
    "admin queue status",
    "admin queue peek-dlq",
    "admin queue redrive",
    "admin queue purge",
    "admin contest show",
    "admin contest export",
    "admin contest import",
    "admin reconcile",
    "admin export",
    "assets publish",
    "healthcheck",
    "demo",
    "completions",
];

#[test]
fn the_help_names_every_subcommand_and_each_has_examples() {
    let help = shell().runs("--help").stdout;
    assert!(help.contains("Examples:\n  anb-video "), "{help}");
    for name in SUBCOMMANDS {
        let first = name.split(' ').next().unwrap();
        assert!(help.contains(&format!("\n  {first}")), "{first} is missing in\n{help}");
        let own = shell().runs(&format!("{name} --help"));
        assert_eq!(own.status, 0, "{name}");
        assert!(own.stdout.contains("Examples:\n"), "{name}:\n{}", own.stdout);
        assert!(own.stdout.contains(&format!("anb-video {name}")), "{name}:\n{}", own.stdout);
    }
}

#[test]
fn completions_are_there_for_every_shell() {
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = shell().runs(&format!("completions {name}")).stdout;
        assert!(completions.contains("healthcheck"), "{name}");
    }
}

#[test]
fn a_wrong_setting_is_refused_by_name_and_origin() {
    let shell = shell().with("ANB_WEB__LISTNE", "127.0.0.1:1");
    fs::write(shell.path("anb.toml"), "[media]\ntrim_s = -3\n").unwrap();
    for command in
        ["run", "web", "console", "worker", "migrate", "config check", "config show", "doctor"]
    {
        let refused = shell.runs(command);
        assert_eq!(refused.status, 1, "{command}");
        assert_eq!(
            refused.stderr,
            "error: there are 2 problems with the settings\n  \
             - web.listne (environment variable ANB_WEB__LISTNE): there is no such setting; did \
             you mean web.listen?\n  \
             - media.trim_s (anb.toml, line 2): must be more than 0, but is -3\n",
            "{command}"
        );
    }
    assert!(!shell.path("data").exists());
}

#[test]
fn a_filter_of_the_log_that_is_none_is_refused() {
    let refused = shell().runs("config check --set log.filter=info,a=b=c");
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("log.filter (flag --set): \"info,a=b=c\" is no filter"));
}

#[test]
fn a_server_database_without_a_key_is_refused_before_it_is_reached() {
    let shell = shell().with("DATABASE_URL", "postgres://anb:swordfish@192.0.2.1/anb");
    let shell = shell.with("ANB_CONSOLE__LISTEN", "127.0.0.1:0");
    for command in
        ["run --listen 127.0.0.1:0", "web --listen 127.0.0.1:0", "console", "config check"]
    {
        let refused = shell.runs(command);
        assert_eq!(refused.status, 1, "{command}");
        assert!(refused.stderr.contains("SECRET_KEY"), "{}", refused.stderr);
        assert!(!refused.stderr.contains("swordfish"), "{}", refused.stderr);
    }
}

#[test]
fn settings_are_shown_with_their_origin_and_without_secrets() {
    let shell = shell()
        .with("SECRET_KEY", "tunafish sandwiches on a wednesday")
        .with("DATABASE_URL", "postgres://anb:swordfish@db/anb");
    let shown = shell.runs("config show --set worker.slots=3").stdout;
    assert!(shown.contains("slots = 3 # flag --set\n"), "{shown}");
    assert!(shown.contains("url = \"<set>\" # environment variable DATABASE_URL\n"), "{shown}");
    assert!(!shown.contains("tunafish") && !shown.contains("swordfish"), "{shown}");
}

#[test]
fn files_of_the_pages_are_published_into_a_folder_once() {
    let shell = shell();
    let missing = shell.runs("assets publish --folder public --dry-run").stdout;
    assert!(missing.contains("files missing"), "{missing}");
    assert!(!shell.path("public").exists());

    let sent = shell.runs("assets publish --folder public");
    assert_eq!(sent.status, 0, "{}", sent.stderr);
    let version = sent.stdout.split(' ').nth(1).unwrap();
    assert!(shell.path("public").join(version).join("base.css").is_file(), "{}", sent.stdout);
    assert!(sent.stdout.contains("site.assets_url (ANB_SITE__ASSETS_URL)"), "{}", sent.stdout);
    let again = shell.runs("assets publish --folder public").stdout;
    assert!(again.contains(": 0 files published"), "{again}");
    assert!(!shell.path("data").exists(), "it needs no database");
}

#[test]
fn files_of_the_pages_need_a_place() {
    let refused = shell().runs("assets publish");
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("--bucket NAME, --folder DIR"), "{}", refused.stderr);
    let both = shell().runs("assets publish --bucket one-two --folder three");
    assert_eq!(both.status, 2);
    let bad = shell().runs("assets publish --set site.assets_bucket=A_B");
    assert!(bad.stderr.contains("site.assets_bucket"), "{}", bad.stderr);
}

#[test]
fn the_schema_is_json() {
    let schema: Value = serde_json::from_str(&shell().runs("config schema").stdout).unwrap();
    assert_eq!(schema["properties"]["web"]["$ref"], "#/$defs/WebSettings");
    assert!(shell().runs("config schema --markdown").stdout.starts_with("# Settings\n"));
}

#[test]
fn a_healthy_server_is_told_from_a_sick_one_and_from_none() {
    let ask = |port: u16| shell().runs(&format!("healthcheck --listen 0.0.0.0:{port}"));

    let healthy = ask(server_that_answers("200 OK"));
    assert_eq!((healthy.status, healthy.stdout.as_str()), (0, "healthy\n"));

    let sick = ask(server_that_answers("503 Service Unavailable"));
    assert_eq!(sick.status, 1);
    assert!(sick.stderr.contains("503 Service Unavailable"), "{}", sick.stderr);

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(ask(nobody).status, 1);
}

#[test]
fn the_console_is_asked_on_its_own_port() {
    let port = server_that_answers("200 OK");
    let shell = shell().with("ANB_CONSOLE__LISTEN", &format!("0.0.0.0:{port}"));
    let asked = shell.runs("healthcheck --console");
    assert_eq!((asked.status, asked.stdout.as_str()), (0, "healthy\n"));
    assert_eq!(shell.runs("healthcheck --console").status, 1, "nobody answers any more");
    assert_eq!(shell.runs("healthcheck --console --worker").status, 2);
}

#[test]
fn a_server_that_never_answers_is_given_up_on() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let asked = shell().runs(&format!("healthcheck --listen 127.0.0.1:{port} --timeout-ms 100"));
    assert_eq!(asked.status, 1);
    assert!(asked.stderr.contains("no answer"), "{}", asked.stderr);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let refused = shell().runs(&format!("web --listen {address}"));
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains(&format!("cannot listen on {address}")), "{}", refused.stderr);
    let refused = shell().runs(&format!("console --listen {address}"));
    assert!(refused.stderr.contains("console.listen"), "{}", refused.stderr);
}

#[test]
fn a_queue_in_memory_cannot_serve_two_processes() {
    for command in [
        "web --listen 127.0.0.1:0",
        "console --listen 127.0.0.1:0",
        "worker",
        "admin reconcile",
        "admin queue status",
    ] {
        let refused = shell().with("ANB_QUEUE__KIND", "memory").runs(command);
        assert_eq!(refused.status, 1, "{command}");
        assert!(refused.stderr.contains("queue.kind"), "{}", refused.stderr);
    }
}

#[test]
fn the_doctor_finds_a_new_machine_well() {
    let shell = shell();
    let found = shell.runs("doctor");
    assert_eq!(found.status, 0, "{}{}", found.stdout, found.stderr);
    for check in ["database", "storage", "queue", "ffmpeg"] {
        assert!(found.stdout.contains(&format!("✓ {check}")), "{}", found.stdout);
    }
    assert_eq!(mode(&shell.path("data")), 0o700);
    assert_eq!(mode(&shell.path("data/secret_key")), 0o600);
    let objects = shell.path("data/objects/uploads");
    assert!(!objects.exists() || fs::read_dir(objects).unwrap().next().is_none());
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_helps() {
    let shell = shell().with("ANB_MEDIA__FFMPEG", "/nowhere/ffmpeg");
    fs::create_dir(shell.path("data")).unwrap();
    fs::set_permissions(shell.path("data"), fs::Permissions::from_mode(0o755)).unwrap();

    let found = shell.runs("doctor --json");
    assert_eq!(found.status, 1);
    let checks: Vec<Value> = serde_json::from_str(&found.stdout).unwrap();
    let sick: Vec<_> = checks.iter().filter(|check| check["ok"] == false).collect();
    let folder = sick.iter().find(|check| check["check"] == "data folder").unwrap();
    assert_eq!(folder["problem"], "data can be read by others (mode 755)");
    assert_eq!(folder["remedy"], "chmod 700 data");
    let ffmpeg = sick.iter().find(|check| check["check"] == "ffmpeg").unwrap();
    assert!(ffmpeg["remedy"].as_str().unwrap().contains("ffmpeg"), "{ffmpeg}");
    assert!(checks.iter().any(|check| check["check"] == "storage" && check["ok"] == true));
}

#[test]
fn operators_are_told_what_is_missing() {
    let shell = shell();
    let early = shell.runs("admin video list");
    assert_eq!(early.status, 1);
    assert!(early.stderr.contains("anb-video migrate"), "{}", early.stderr);

    assert_eq!(shell.runs("migrate").stdout, "The database is up to date.\n");
    assert_eq!(shell.runs("migrate").status, 0);
    let list = shell.runs("admin video list");
    assert_eq!(list.stdout, "ID  STATUS  TRIES  VOTES  TITLE\n0 of 0\n");
    let nobody = shell.runs("admin user grant nobody@example.com operator");
    assert_eq!(nobody.stderr, "error: nobody has signed up as nobody@example.com\n");
    let unknown = shell.runs("admin video retry 0197f3a2-8c1e-7c44-9d3b-5a2f1e0c7b66");
    assert_eq!(unknown.stderr, "error: cannot retry it: there is no such video\n");
    assert_eq!(shell.runs("admin user grant ana@example.com king").status, 2);
    assert!(shell.runs("admin reconcile --sweep").stdout.starts_with("nothing to mend\n"));
}

/// Ends a service as its supervisor would; returns its exit status.
fn terminate(mut service: Child) -> Option<i32> {
    let pid = rustix::process::Pid::from_child(&service);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    service.wait().unwrap().code()
}

#[test]
fn the_first_start_says_what_it_makes_and_where_it_serves() {
    let shell = shell();
    let mut service = shell.starts("web --listen 127.0.0.1:0");
    let lines = BufReader::new(service.stdout.take().unwrap()).lines();
    let said: Vec<_> =
        lines.map(Result::unwrap).take_while(|line| !line.starts_with("Stop with")).collect();

    let said = said.join("\n");
    assert!(said.contains("Database  sqlite://data/anb.sqlite3"), "{said}");
    assert!(said.contains("First start: making data,"), "{said}");
    assert!(said.contains("Serving   http://127.0.0.1:"), "{said}");
    assert!(shell.path("data/anb.sqlite3").exists());
    assert_eq!(terminate(service), Some(0));
}

#[test]
fn machines_are_not_talked_to_in_sentences() {
    let shell = shell();
    let mut service = shell.starts("web --listen 127.0.0.1:0 --set log.format=json");
    while !shell.path("data/objects").exists() {
        thread::yield_now();
    }
    // The handlers of signals are in place before anything is opened.
    let mut stdout = service.stdout.take().unwrap();
    assert_eq!(terminate(service), Some(0));
    let mut said = String::new();
    stdout.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

/// A shell in whose folder a database is ready.
fn shell_with_a_database() -> Shell {
    let shell = shell();
    assert_eq!(shell.runs("migrate").status, 0);
    shell
}

#[test]
fn a_contest_goes_out_into_a_folder_and_in_again() {
    let (here, there) = (shell_with_a_database(), shell_with_a_database());
    let green = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x</script><rect width="9" height="9" fill="#00ff00"/></svg>"##;
    fs::write(here.path("logo.svg"), green).unwrap();
    let contest = "[jury]\nweight = 0.4\n[showcase]\nname = \"Copa Bogotá\"\ncut_per_city = 3\n\
                   [showcase.voting]\ncloses_at = 2026-05-20T00:00:00Z\n\
                   [[showcase.categories]]\nid = \"dunk\"\nname.es = \"Clavada\"\n\
                   [showcase.brand]\ncolor = \"#00aa55\"\nlogo_svg = \"logo.svg\"\n";
    fs::write(here.path("contest.toml"), contest).unwrap();
    let tried = here.runs("admin contest import contest.toml --dry-run");
    assert!(tried.stdout.contains("cut_per_city: 5 → 3\n"), "{}{}", tried.stdout, tried.stderr);
    assert!(here.runs("admin contest show").stdout.contains("Nothing is saved"));
    let done = here.runs("admin contest import contest.toml");
    assert!(done.stdout.ends_with("Version 1 is in force.\n"), "{}{}", done.stdout, done.stderr);

    assert_eq!(here.runs("admin contest export cup").status, 0);
    let exported = fs::read_to_string(here.path("cup/contest.toml")).unwrap();
    assert!(exported.contains("contact_email = \"\"\n"), "{exported}");
    let logo = fs::read_to_string(here.path("cup/logo.svg")).unwrap();
    assert!(logo.contains("#00ff00") && !logo.contains("script"), "{logo}");
    let again = here.runs("admin contest import cup/contest.toml");
    assert_eq!(again.status, 0, "{}", again.stderr);

    let file = here.path("cup/contest.toml");
    let other = there.runs(&format!("admin contest import {}", file.display()));
    assert_eq!(other.status, 1);
    assert!(other.stderr.contains("is of version 1, but 0 is in force"), "{}", other.stderr);
    let forced = there.runs(&format!("admin contest import {} --force", file.display()));
    assert_eq!(forced.status, 0, "{}", forced.stderr);
    let settings = |shell: &Shell| {
        let shown: Value =
            serde_json::from_str(&shell.runs("admin contest show --json").stdout).unwrap();
        let of = |setting: &Value| (setting["key"].to_string(), setting["in_force"].clone());
        let settings: Vec<_> = shown["settings"].as_array().unwrap().iter().map(of).collect();
        settings
    };
    let named =
        |key: &str| settings(&there).into_iter().find(|(name, _)| name.contains(key)).unwrap().1;
    assert_eq!(named("jury.weight"), 0.4);
    assert_eq!(named("showcase.name"), "Copa Bogotá");
    assert_eq!(named("showcase.categories")[0]["name"]["es"], "Clavada");
    assert_eq!(named("showcase.brand.logo_svg"), logo);

    fs::write(there.path("less.toml"), "[showcase.voting]\ncloses_at = \"\"\n").unwrap();
    let less = there.runs("admin contest import less.toml");
    assert!(
        less.stdout.contains("voting.closes_at: \"2026-05-20T00:00:00Z\" → nothing\n"),
        "{}",
        less.stdout
    );
    assert_eq!(named("showcase.cut_per_city"), 3, "what is not named stays");
}

#[test]
fn every_mistake_of_an_imported_contest_is_told_with_its_line() {
    let shell = shell_with_a_database();
    let wrong = "version = \"two\"\n[showcase]\nname = \"\"\ncut_per_cty = 2\ncut_per_city = \"many\"\n\
                 results_published_at = 2026-06-01T00:00:00Z\n[web]\nlisten = \"127.0.0.1:1\"\n\
                 [[showcase.categories]]\nid = \"Dunk!\"\n";
    fs::write(shell.path("contest.toml"), wrong).unwrap();
    let refused = shell.runs("admin contest import contest.toml --force");
    assert_eq!(refused.status, 1);
    for told in [
        "version (contest.toml, line 1): must be the number of a version",
        "showcase.name (contest.toml, line 3): must not be empty",
        "showcase.cut_per_cty (contest.toml, line 4): there is no such setting; did you mean showcase.cut_per_city?",
        "showcase.cut_per_city (contest.toml, line 5): found",
        "showcase.results_published_at (contest.toml, line 6): results must not be published before",
        "web.listen (contest.toml, line 8): is no setting of the contest",
        "showcase.categories (contest.toml, line 9): \"Dunk!\" is no id",
    ] {
        assert!(refused.stderr.contains(told), "{told} is missing in\n{}", refused.stderr);
    }
    fs::write(
        shell.path("logo.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><text>A</text></svg>",
    )
    .unwrap();
    fs::write(shell.path("brand.toml"), "[showcase.brand]\nlogo_svg = \"logo.svg\"\n").unwrap();
    let refused = shell.runs("admin contest import brand.toml");
    assert!(refused.stderr.contains("showcase.brand.logo_svg: logo.svg"), "{}", refused.stderr);
    assert!(shell.runs("admin contest show").stdout.contains("Nothing is saved"));
}

#[test]
fn what_was_saved_over_the_settings_is_told() {
    let shell = shell_with_a_database();
    fs::write(shell.path("anb.toml"), "[showcase]\ncut_per_city = 7\n").unwrap();
    fs::write(shell.path("contest.toml"), "[showcase]\ncut_per_city = 3\n").unwrap();
    assert_eq!(shell.runs("admin contest import contest.toml").status, 0);
    let shown = shell.runs("config show").stdout;
    let line = shown.lines().find(|line| line.starts_with("cut_per_city")).unwrap();
    let expected =
        "cut_per_city = 7 # anb.toml, line 2; in force is 3, since version 1 (terminal, 20";
    assert!(line.starts_with(expected), "{line}");
    assert!(shown.lines().any(|line| line == "weight = 0.0 # default"), "{shown}");
    let table = shell.runs("admin contest show").stdout;
    assert!(
        table.contains(
            "showcase.cut_per_city  3         7 (anb.toml, line 2)  version 1 (terminal, 20"
        ),
        "{table}"
    );
    let looked = shell.runs("doctor").stdout;
    let line = looked.lines().find(|line| line.contains(" contest ")).unwrap();
    assert!(line.contains("version 1 lies over 1 settings; showcase.cut_per_city is 3, since version 1 (terminal, 20"), "{line}");
    assert!(line.ends_with(", not 7"), "{line}");
}

#[test]
fn settings_are_shown_without_a_database_and_none_is_made() {
    let shell = shell();
    let shown = shell.runs("config show");
    assert!(shown.status == 0 && shown.stdout.contains("cut_per_city = 5 # default\n"));
    assert!(!shell.path("data").exists());
    let nowhere = shell.with("DATABASE_URL", "postgres://anb@127.0.0.1:1/anb");
    let shown = nowhere.runs("config show");
    assert!(shown.status == 0 && shown.stdout.contains("cut_per_city = 5 # default\n"));
    assert!(shown.stdout.starts_with("# Whether the console has changed any of this is not known"));
}

#[test]
fn exports_go_into_a_file_once_they_are_whole_or_to_the_terminal() {
    let shell = shell_with_a_database();
    let written = shell.runs("admin export videos --out videos.csv --bom");
    assert_eq!((written.status, &*written.stdout), (0, ""), "{}", written.stderr);
    let csv = fs::read_to_string(shell.path("videos.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}id,title,category,status,"), "{csv}");
    assert_eq!(mode(&shell.path("videos.csv")), 0o600);
    let votes = shell.runs("admin export votes --format json").stdout;
    assert_eq!(serde_json::from_str::<Value>(&votes).unwrap(), serde_json::json!([]));
    let audit = shell.runs("admin export audit --format json").stdout;
    let audit: Value = serde_json::from_str(&audit).unwrap();
    let made: Vec<_> = audit.as_array().unwrap().iter().map(|entry| &entry["subject_id"]).collect();
    assert_eq!(made, ["votes", "videos"], "latest first: {audit}");
    assert_eq!(audit[0]["name"], "terminal");

    let refused = shell.runs("admin export players");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("rankings, votes, videos, audit"), "{}", refused.stderr);
    let nowhere = shell.runs("admin export votes --out nowhere/votes.csv");
    assert_eq!(nowhere.status, 1);
    assert!(nowhere.stderr.contains("cannot write nowhere/votes.csv"), "{}", nowhere.stderr);
}
