//! What those see who watch over the daemon: whether it is well, and metrics.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::http::Http;
use super::process::{Daemon, account};

/// Every name that dashboards and alerts are written with, and its labels.
const SERIES: &[&str] = &[
    "roster_build_info{version=,revision=}",
    "roster_account_info{account=,provider=,mode=,suspended=}",
    "roster_lease_held{account=}",
    "roster_reconcile_total{account=,trigger=,result=}",
    "roster_reconcile_duration_seconds_count{account=,phase=}",
    "roster_last_reconcile_timestamp_seconds{account=}",
    "roster_last_success_timestamp_seconds{account=}",
    "roster_next_reconcile_timestamp_seconds{account=}",
    "roster_consecutive_failures{account=}",
    "roster_pending_changes{account=,action=}",
    "roster_changes_total{account=,action=,result=}",
    "roster_guard_findings{account=,guard=}",
    "roster_flapping_users{account=}",
    "roster_users{account=,state=}",
    "roster_api_requests_total{account=,route=,code=}",
    "roster_api_request_duration_seconds_count{account=,route=}",
    "roster_api_rate_limited_total{account=}",
    "roster_api_throttle_wait_seconds_total{account=}",
    "roster_file_last_load_successful",
    "roster_file_last_load_timestamp_seconds",
    "roster_file_loads_total{result=}",
    "roster_state_errors_total",
];

#[test]
fn a_daemon_says_whether_it_is_well() {
    let (world, service) = account("{ ada@acme.example: admin }");
    assert_eq!(service.stop(), 0);
    world.write("good.yaml", std::fs::read_to_string(world.path("roster.yaml")).unwrap());
    world.edit("admin", "admn");
    let mut daemon = Daemon::start(&world, &[]);
    let http = Http::of(&mut daemon);
    daemon.says(&["the roster cannot be used"]);
    for path in ["/livez", "/healthz"] {
        let live = http.get(path, &["Host: anything.example"]);
        assert_eq!((live.status, live.body.as_str()), (200, "ok\n"));
    }
    let ready = http.get("/readyz", &[]);
    assert_eq!(ready.status, 503);
    assert_eq!(ready.body, "[+]heartbeat ok\n[-]roster failed\n[+]state ok\n[-]first_passes failed\nnot ok\n");
    // An account that cannot be read was tried, and that is what readiness is about.
    world.edit("admn", "admin");
    daemon.says(&["verdict=\"unread\""]);
    let ready = http.get("/readyz?verbose", &[]);
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert_eq!(ready.body, "[+]heartbeat ok\n[+]roster ok\n[+]state ok\n[+]first_passes ok\nok\n");
    assert_eq!(daemon.stop(), 0);
}

/// A sample without its values, so that one can ask whether there is one with these labels.
fn shape(line: &str) -> String {
    let mut shape = String::new();
    let mut quoted = false;
    for c in line.rsplit_once(' ').map_or(line, |(series, _)| series).chars() {
        match c {
            '"' => quoted = !quoted,
            _ if !quoted => shape.push(c),
            _ => {}
        }
    }
    shape
}

#[test]
fn metrics_have_the_names_that_alerts_are_written_with_and_name_nobody() {
    let (world, _service) = account("{ ada@acme.example: admin, bob@acme.example: support }");
    let mut daemon = Daemon::start(&world, &[]);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended", "done=2"]);
    let metrics = http.get("/metrics", &[]);
    assert_eq!(metrics.status, 200);
    assert!(metrics.head.contains("content-type: text/plain; version=0.0.4"), "{}", metrics.head);
    let shapes: Vec<String> = metrics.body.lines().map(shape).collect();
    for series in SERIES {
        assert!(shapes.iter().any(|shape| shape == series), "no {series} in\n{}", metrics.body);
    }
    for sample in [
        "roster_reconcile_total{account=\"acme\",trigger=\"start\",result=\"kept\"} 1\n",
        "roster_changes_total{account=\"acme\",action=\"invite\",result=\"done\"} 2\n",
        "roster_api_requests_total{account=\"acme\",route=\"POST /Users\",code=\"201\"} 2\n",
        "roster_users{account=\"acme\",state=\"active\"} 1.0\n",
        "roster_guard_findings{account=\"acme\",guard=\"max_losses\"} 0.0\n",
        "roster_file_loads_total{result=\"success\"} 1\n",
    ] {
        assert!(metrics.body.contains(sample), "no {sample} in\n{}", metrics.body);
    }
    assert!(!metrics.body.contains('@') && !metrics.body.contains("very-secret-key"), "{}", metrics.body);
    let open = http.get("/metrics", &["Accept: application/openmetrics-text;version=1.0.0"]);
    assert!(open.head.contains("content-type: application/openmetrics-text; version=1.0.0"), "{}", open.head);
    assert!(open.body.ends_with("# EOF\n") && open.body.matches("# EOF").count() == 1, "{}", open.body);
    check(&metrics.body);
    assert_eq!(daemon.stop(), 0);
}

/// Prometheus' own judgement: it can read them, and finds nothing odd about their names.
fn check(metrics: &str) {
    let started = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = started else {
        let required = std::env::var("ROSTER_REQUIRE").unwrap_or_default();
        assert!(!required.contains("promtool"), "ROSTER_REQUIRE names `promtool`, and there is none here");
        // Not by a macro: those are not shown for a test that passes.
        std::io::stderr().write_all(b"\nSKIPPED: no promtool: install prometheus\n").unwrap();
        return;
    };
    promtool.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let ended = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
}
