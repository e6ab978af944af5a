//! The import table of the architecture, held against the source: who may know whom, and that no file is an orphan.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the crate may import from the others. `ARCHITECTURE.md` says why.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("plan", &["model"]),
    ("guard", &["model", "plan"]),
    ("export", &["model"]),
    ("review", &["model"]),
    ("probe", &["model"]),
    ("request", &["model"]),
    ("file", &["model"]),
    ("scim", &[]),
    ("provider", &["model", "probe", "scim"]),
    ("forge", &["model", "provider"]),
    ("policy", &["model"]),
    ("sqlite", &[]),
    ("store", &["model", "sqlite"]),
    ("apply", &["model", "plan", "guard", "provider", "store"]),
    ("reconcile", &["model", "plan", "guard", "provider", "store", "apply"]),
    ("schedule", &["model"]),
    ("news", &["model"]),
    ("notify", &["model", "render"]),
    (
        "daemon",
        &[
            "model",
            "plan",
            "guard",
            "schedule",
            "news",
            "notify",
            "file",
            "provider",
            "store",
            "apply",
            "reconcile",
            "render",
        ],
    ),
    ("page", &[]),
    ("web", &["model", "guard", "schedule", "provider", "daemon", "notify", "page", "render", "request", "store"]),
    ("sandbox", &["model", "scim", "page", "sqlite"]),
    ("render", &["model", "plan", "guard", "export", "request", "review", "probe", "apply", "file", "provider"]),
    (
        "cli",
        &[
            "model",
            "plan",
            "guard",
            "export",
            "review",
            "probe",
            "schedule",
            "news",
            "notify",
            "file",
            "scim",
            "provider",
            "store",
            "apply",
            "reconcile",
            "daemon",
            "web",
            "sandbox",
            "forge",
            "policy",
            "render",
            "request",
        ],
    ),
];

/// Of a module that it may import, this one may know no more: the other side must not come to believe what we believe.
const NO_MORE: &[(&str, &str, &str)] = &[("sandbox", "crate::model", "crate::model::host")];

/// What pure modules must not even name: clocks, the environment, files, the network, concurrency, randomness.
const IMPURE: &[&str] = &[
    "async ",
    ".await",
    "std::{",
    "std::fs",
    "std::env",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "SystemTime",
    "Instant",
    "tokio",
    "reqwest",
    "sqlx",
    "axum",
    "rand::",
    "uuid::",
    "jiff::Timestamp::now",
];
const PURE: &[&str] = &["model", "plan", "guard", "export", "review", "probe", "schedule", "news"];

/// What the traits' users may know of a provider or a store: the traits and their errors, never a concrete one.
const BY_TRAIT_ONLY: &[&str] = &["apply", "reconcile", "render"];
const CONCRETE: &[&str] =
    &["provider::scim", "provider::key", "store::sqlite", "store::postgres", "store::none", "store::database"];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let module = inside.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            Source { path, module, text }
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules a file names by `crate::…`, in `use` lines and in paths.
fn imports(text: &str) -> BTreeSet<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.match_indices("crate::").map(move |(at, name)| &line[at + name.len()..]))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for Source { path, module, text } in sources() {
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(allowed) = table.get(module.as_str()) else {
            wrong.push(format!("{}: the table does not know the module `{module}`", path.display()));
            continue;
        };
        if text.contains("crate::{") || text.contains("super::super") {
            wrong.push(format!(
                "{}: imports are written one by one from `crate::`, so that they can be read here",
                path.display()
            ));
        }
        let concrete = CONCRETE.iter().any(|concrete| text.contains(concrete));
        if BY_TRAIT_ONLY.contains(&module.as_str()) && concrete {
            wrong.push(format!("{}: `{module}` knows providers and stores by their traits only", path.display()));
        }
        for (_, all, part) in NO_MORE.iter().filter(|(whose, ..)| *whose == module) {
            if text.matches(all).count() > text.matches(part).count() {
                wrong.push(format!("{}: of `{all}`, `{module}` may know `{part}` only", path.display()));
            }
        }
        for import in imports(&text) {
            if import != module && !allowed.contains(&import) {
                wrong.push(format!("{}: `{module}` must not import `{import}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_module_that_is_not_there() {
    let there: BTreeSet<String> = sources().into_iter().map(|source| source.module).collect();
    for (module, allowed) in MAY_IMPORT {
        for name in [module].into_iter().chain(*allowed) {
            assert!(there.contains(*name), "no module `{name}`");
        }
    }
}

#[test]
fn what_decides_is_pure() {
    let mut wrong = Vec::new();
    for Source { path, module, text } in sources() {
        if PURE.contains(&module.as_str()) {
            let code = || text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
            wrong.extend(code().flat_map(|(number, line)| {
                let at = format!("{}:{}", path.display(), number + 1);
                IMPURE.iter().filter(|word| line.contains(**word)).map(move |word| format!("{at} names `{word}`"))
            }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn core_types_have_no_serialisation() {
    for Source { path, module, text } in sources() {
        let derives = text.lines().any(|line| line.contains("derive(") && line.contains("Serialize"));
        assert!(!(module == "model" && derives), "{}: the model derives no serialisation", path.display());
    }
}

/// A file that no `mod` line names is never compiled, so its tests never run.
#[test]
fn every_source_file_is_declared() {
    let sources = sources();
    let texts: BTreeMap<&Path, &str> =
        sources.iter().map(|source| (source.path.as_path(), source.text.as_str())).collect();
    for Source { path, .. } in &sources {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let folder = path.parent().unwrap();
        let parent = if folder.ends_with("src") { folder.join("lib.rs") } else { folder.with_extension("rs") };
        let root = folder.ends_with("src") && (name == "lib" || name == "main");
        let declared = texts.get(parent.as_path()).is_some_and(|text| {
            text.lines().any(|line| {
                line.trim_end_matches(';').split(' ').rev().take(2).eq([name, "mod"]) && line.ends_with(';')
            })
        });
        assert!(root || declared, "{} is declared nowhere", path.display());
    }
}

/// One idea a file: about 300 lines, 500 at most.
#[test]
fn rooms_are_small() {
    for Source { path, text, .. } in sources() {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}
