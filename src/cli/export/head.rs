//! What a roster says of one account besides who is in it, from the command line instead of a file.

use anyhow::Result;

use crate::cli::args::export::{Kind, Server};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::wrong_use::WrongUse;
use crate::file::edit::account::Said;
use crate::file::source::Sources;
use crate::file::{self, Loaded};
use crate::model::account_name::AccountName;
use crate::render::yaml::Value;

/// A roster of this account, understood as a file is. Its problems go to stderr.
pub(super) fn load(
    kind: Kind,
    asked: &[AccountName],
    server: &Server,
    out: &mut Output,
) -> Result<std::result::Result<Loaded, Exit>> {
    let [name] = asked else {
        let message = "`--kind` describes one account: name it, and only it".to_owned();
        return Err(WrongUse { message, hint: None }.into());
    };
    let sources = Sources::from_texts([("the command line", text(kind, name, server))]);
    match file::read(sources) {
        Ok(loaded) => Ok(Ok(loaded)),
        Err(invalid) => {
            out.problems(&invalid.problems, &invalid.sources)?;
            Ok(Err(Exit::Usage))
        }
    }
}

/// What the account says. Nobody is removed by it, until somebody has looked.
pub(in crate::cli) fn said(kind: Kind, server: &Server) -> Vec<(String, Said)> {
    let Server { kind: _, url, key_env, key_file, owner, dialect, catalogue, ignore } = server;
    let text = |text: &str| Said::Text(text.to_owned());
    let entry = |key: &str, said: Said| (key.to_owned(), said);
    let key = key_env.as_ref().map(|name| entry("env", text(name)));
    let key = key.or_else(|| key_file.as_ref().map(|path| entry("file", text(&path.display().to_string()))));
    let provider = [
        Some(entry("kind", text(kind.word()))),
        url.as_ref().map(|url| entry("url", text(url))),
        key.map(|key| entry("key", Said::Mapping(vec![key]))),
        dialect.as_ref().map(|like| entry("dialect", Said::Mapping(vec![entry("like", text(like))]))),
    ];
    let said = [
        Some(entry("provider", Said::Mapping(provider.into_iter().flatten().collect()))),
        catalogue.map(|catalogue| entry("catalogue", text(catalogue.word()))),
        owner.as_ref().map(|owner| entry("owner", text(owner.as_str()))),
        (!ignore.is_empty()).then(|| entry("ignore", Said::List(ignore.clone()))),
        Some(entry("prune", text("none"))),
    ];
    said.into_iter().flatten().collect()
}

/// A roster of this account, with nobody in it.
fn text(kind: Kind, name: &AccountName, server: &Server) -> String {
    let said = said(kind, server).iter().map(|(key, said)| (key.clone(), value(said))).collect::<Vec<_>>();
    let users = [("users".to_owned(), Value::Mapping(Vec::new()))];
    let account = Value::Mapping(said.into_iter().chain(users).collect());
    let accounts = Value::Mapping(vec![(name.to_string(), account)]);
    let mut lines = Vec::new();
    accounts.under("accounts", 0, &mut lines);
    lines.join("\n") + "\n"
}

fn value(said: &Said) -> Value {
    match said {
        Said::Text(text) => Value::Text(text.clone()),
        Said::List(items) => Value::List(items.iter().cloned().map(Value::Text).collect()),
        Said::Mapping(entries) => {
            Value::Mapping(entries.iter().map(|(key, said)| (key.clone(), value(said))).collect())
        }
    }
}
