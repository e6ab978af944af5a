//! Every guard, live: a file, a command, and what it says, through the program on the embedded account service. What comes
//! out is `docs/guards-in-action.md`; `ROSTER_GOLDEN=write cargo test guards_in_action` writes it anew.

mod scenes;

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::Path;

use roster::guard::name::Guard;

use crate::guards_in_action::scenes::{Scene, Service, scenes};
use crate::harness::{Sandbox, Scripted, World, http};
use crate::interface::repository;

const PAGE: &str = "docs/guards-in-action.md";

const KEY: &str = "a key for tests";

/// What a guard does to a plan, as far as a scene shows it.
struct Shown {
    verdict: &'static str,
    told: String,
}

#[test]
fn every_guard_is_shown_live() {
    let scenes = scenes();
    let guards: Vec<Guard> = scenes.iter().map(|scene| scene.guard).collect();
    assert_eq!(guards, Guard::ALL, "each guard has its scene, in the order of the reference");
    let page = page(&scenes);
    if std::env::var("ROSTER_GOLDEN").is_ok_and(|mode| mode == "write") {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE), &page).unwrap();
    }
    assert!(page == repository(PAGE), "{PAGE} is not what is shown now (ROSTER_GOLDEN=write accepts it):\n{page}");
}

fn page(scenes: &[Scene]) -> String {
    let mut table = String::new();
    let mut told = String::new();
    for scene in scenes {
        let Shown { verdict, told: says } = scene.play();
        let Scene { guard, happens, file, beside, command, .. } = scene;
        writeln!(table, "| [`{guard}`](#{guard}) | {happens} | {verdict} |").unwrap();
        let command = command.join(" ");
        let file = file.replace("BASE", "'https://scim.example/v2'");
        writeln!(told, "\n## `{guard}`\n\n{happens}:\n\n```yaml\n{file}```\n").unwrap();
        for (name, text) in *beside {
            writeln!(told, "```console\n$ cat {name}\n{text}```\n").unwrap();
        }
        writeln!(told, "```console\n$ roster {command}\n{says}```").unwrap();
    }
    format!(
        "<!-- Written by tests/it/guards_in_action.rs; not by hand. -->\n# Guards in action\n\nEach guard, live: what happened, the file, the command, and what it said. A test acts all of it out on the embedded\naccount service (`logins` elsewhere, because nobody there is without an address) and compares; [docs/guards.md](guards.md) is the\nreference.\n\n| guard | what happens | and then |\n| --- | --- | --- |\n{table}{told}"
    )
}

impl Scene {
    /// Acts it out.
    fn play(&self) -> Shown {
        let Self { guard, happens: _, service, earlier, file, beside, prepare, command } = self;
        let world = World::new().set("ACME_KEY", KEY);
        let beside_with = |faults: &[&'static str]| {
            let faults = faults.iter().flat_map(|fault| ["--fault", fault]);
            let arguments: Vec<&str> = ["--key", KEY, "--data", ".roster"].into_iter().chain(faults).collect();
            Sandbox::start(&world, &arguments)
        };
        let elsewhere = match service {
            Service::Elsewhere(body) => Some(Scripted::always(http("200 OK", "application/scim+json", body))),
            Service::Within | Service::Beside(_) => None,
        };
        for (name, text) in *beside {
            world.write(name, text);
        }
        for roster in earlier {
            // Well-behaved until the scene begins.
            let sandbox = matches!(service, Service::Beside(_)).then(|| beside_with(&[]));
            let base = sandbox.as_ref().map(|sandbox| sandbox.base.clone()).unwrap_or_default();
            world.write("roster.yaml", roster.replace("BASE", &base));
            let applied = world.run(&["apply", "--yes"]);
            assert_eq!(applied.code, 0, "{guard}: {}", applied.told());
            accept_all(&world, &sandbox.unwrap_or_else(|| beside_with(&[])).base);
        }
        let sandbox = match service {
            Service::Beside(faults) => Some(beside_with(faults)),
            Service::Within | Service::Elsewhere(_) => None,
        };
        let base = match (&sandbox, &elsewhere) {
            (Some(sandbox), _) => sandbox.base.clone(),
            (None, Some(server)) => server.base(),
            (None, None) => String::new(),
        };
        world.write("roster.yaml", file.replace("BASE", &base));
        prepare(&world);
        let ran = world.run(command);
        let said = if ran.stdout.is_empty() { logged(&ran.stderr) } else { ran.told() };
        let (said, _talk) = said.split_once("--- stderr\n").unwrap_or((&said, ""));
        let verdict = if said.contains(&format!("{guard} (refused")) { "the account is refused" } else { "held" };
        assert!(
            verdict != "held"
                || said.contains(&format!("{guard} (held"))
                || said.contains(&format!("guards=\"{guard}\"")),
            "{guard}: {said}"
        );
        let told = said.replace("--- stdout\n", "");
        Shown { verdict, told: told.replacen("exit ", "# exit code ", 1) }
    }
}

/// What a daemon logs of guards, from there on, without the plan's digest.
fn logged(stderr: &str) -> String {
    let found = stderr.lines().filter_map(|line| line.find("guards have found something").map(|at| &line[at..]));
    let words = found.map(|line| {
        let words = line.split_whitespace();
        let words = words.map(|word| if word.starts_with("plan=") { "plan=DIGEST" } else { word });
        format!("{}\n", words.collect::<Vec<_>>().join(" "))
    });
    words.collect()
}

/// Everybody who was invited follows the link of the mail.
fn accept_all(world: &World, base: &str) {
    let site = base.strip_prefix("http://").and_then(|base| base.strip_suffix("/acme/scim/v2")).unwrap();
    let Ok(mails) = std::fs::read_dir(world.path(".roster/outbox/acme")) else { return };
    for mail in mails {
        let mail = std::fs::read_to_string(mail.unwrap().path()).unwrap();
        let (_, rest) = mail.split_once("/invitations/").unwrap();
        let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        let mut stream = TcpStream::connect(site).unwrap();
        write!(stream, "POST /acme/invitations/{token}/accept HTTP/1.1\r\nHost: {site}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(["HTTP/1.1 200", "HTTP/1.1 404"].iter().any(|status| answer.starts_with(status)), "{answer}");
    }
}
