//! From what is written to what it means, one account after the other.
//!
//! Every word becomes a type here or a problem. What accounts and users mean together is looked at in
//! [`check`](crate::file::check).

mod daemon;
mod dialect;
mod guards;
mod notifications;
mod people;
mod policy;
mod provider;
mod users;

use std::str::FromStr;

use crate::file::draft::{Draft, DraftAccount, Located, Owner};
use crate::file::lower::daemon::Keeping;
use crate::file::lower::guards::Guards;
use crate::file::lower::people::{Directory, Unclear};
use crate::file::lower::policy::Ways;
use crate::file::problem::found::Problems;
use crate::file::problem::{Kind, Problem};
use crate::file::shape::{Entry, Field};
use crate::file::source::Sources;
use crate::file::span::Span;
use crate::file::{VERSION, raw};
use crate::model::account_name::AccountName;
use crate::model::desired::Prune;
use crate::model::desired::pattern::AddressPattern;
use crate::model::domain::DomainPattern;
use crate::model::email::Email;
use crate::model::person::Language;
use crate::model::role::{Catalogue, RoleName};
use crate::model::window::Window;

/// Gives the files of one roster their meaning. Problems are reported, and what they concern is left out.
pub(super) fn lower(files: &[Field<raw::Roster>], sources: &Sources, problems: &mut Problems) -> Draft {
    let mut lowering = Lowering { sources, problems, last_role: None };
    lowering.versions(files);
    let defaults = lowering.defaults(files);
    let people = lowering.people(files);
    let unclear = Unclear::of(files);
    let teams = lowering.teams(files, &Directory::of(&people, unclear));
    let directory = Directory::of(&people, unclear).with_teams(&teams);
    let accounts = read(files).filter_map(|file| file.accounts.written()).flat_map(|(entries, _)| &entries.0);
    let accounts = accounts.filter_map(|entry| lowering.account(entry, &defaults, &directory)).collect();
    let ((max_losses_total, dropped), notifications) = (lowering.over_all(files), lowering.notifications(files));
    Draft { accounts, people, teams, max_losses_total, dropped, notifications }
}

/// The files that could be read.
fn read(files: &[Field<raw::Roster>]) -> impl Iterator<Item = &raw::Roster> {
    files.iter().filter_map(|file| file.written().map(|(roster, _)| roster))
}

/// What an account takes from `defaults`.
#[derive(Debug, Default)]
struct Defaults {
    language: Option<Located<Language>>,
    prune: Saying<Prune>,
    guards: Guards,
    ways: Ways,
    keeping: Keeping,
    ignore: Vec<Located<AddressPattern>>,
}

/// Whether something is said, and whether what is said can be used.
#[derive(Debug, Default, Clone, Copy)]
enum Saying<T> {
    #[default]
    Nothing,
    Unusable,
    Said(T),
}

struct Lowering<'a> {
    sources: &'a Sources,
    problems: &'a mut Problems,
    last_role: Option<RoleName>,
}

impl Lowering<'_> {
    fn report(&mut self, at: Span, kind: Kind) {
        self.problems.push(Problem::at(at, kind));
    }

    fn versions(&mut self, files: &[Field<raw::Roster>]) {
        for (found, at) in read(files).filter_map(|file| file.version.written()) {
            if !(1..=VERSION).contains(found) {
                self.report(at, Kind::UnsupportedVersion { found: *found });
            }
        }
    }

    fn defaults(&mut self, files: &[Field<raw::Roster>]) -> Defaults {
        let mut said = read(files).filter_map(|file| file.defaults.written());
        let Some((first, first_at)) = said.next() else {
            // Defaults that could not be read may have said how to prune, and so may a file that could not.
            let broken = files.iter().any(|file| file.written().is_none())
                || read(files).any(|file| matches!(file.defaults, Field::Broken));
            return Defaults { prune: if broken { Saying::Unusable } else { Saying::Nothing }, ..Defaults::default() };
        };
        for (_, at) in said {
            self.problems.push(Problem::at(at, Kind::DefaultsTwice).with_related(first_at, "first here"));
        }
        let raw::Defaults { language, prune, guards, invitations, removal, daemon, ignore } = first;
        Defaults {
            language: self.parsed(language),
            prune: self.prune(prune),
            guards: self.said_guards(guards),
            ways: self.ways(invitations, removal),
            keeping: self.keeping(daemon),
            ignore: self.parsed_list(ignore),
        }
    }

    fn account(
        &mut self,
        entry: &Entry<raw::Account>,
        defaults: &Defaults,
        directory: &Directory<'_>,
    ) -> Option<DraftAccount> {
        let Entry { key: shown, at, value } = entry;
        let name = self.parse::<AccountName>(shown, *at);
        let account = value.written()?.0;
        let raw::Account {
            title,
            provider,
            catalogue,
            owner,
            prune,
            language,
            ignore,
            allow_empty,
            guards,
            invitations,
            removal,
            daemon,
            roles,
            teams: _,
            users: _,
        } = account;
        let identity = self.identity(provider);
        let (kind, provider) = self.provider(provider, shown, *at);
        let guards = self.guards(guards, &defaults.guards);
        let prune = self.pruning(prune, defaults.prune, shown, *at);
        let owner = self.owner(owner, kind, shown, *at);
        let users = self.users(account, &owner, directory);
        self.somebody_is_listed(account, prune, shown, *at);
        let (invitations, removal) = self.ways(invitations, removal).over(defaults.ways);
        let mut ignore = self.parsed_list(ignore);
        ignore.extend(defaults.ignore.iter().cloned());
        Some(DraftAccount {
            shown: shown.clone(),
            name: name.map(|name| name.value),
            at: *at,
            title: self.text(title, "title"),
            kind,
            provider,
            identity,
            catalogue: self.catalogue(catalogue, kind),
            owner,
            prune,
            ignore,
            allow_empty: allow_empty.written().is_some_and(|(allowed, _)| *allowed),
            guards,
            language: self.parsed(language).or_else(|| defaults.language.clone()),
            invitations,
            removal,
            upkeep: self.keeping(daemon).over(&defaults.keeping),
            roles: self.custom_roles(roles),
            users,
        })
    }

    fn catalogue(&self, written: &Field<raw::Catalogue>, kind: Option<raw::ProviderKind>) -> Catalogue {
        match (written, kind) {
            (Field::Written(raw::Catalogue::Account, _), _) => Catalogue::Account,
            (Field::Written(raw::Catalogue::Portfolio, _), _) => Catalogue::Portfolio,
            (Field::Written(raw::Catalogue::Any, _), _) => Catalogue::Any,
            (Field::Absent, Some(raw::ProviderKind::Klaviyo | raw::ProviderKind::Sandbox)) => Catalogue::Account,
            // Where the kind is unclear, an unknown role may be right.
            (Field::Absent, Some(raw::ProviderKind::Scim) | None) | (Field::Broken, _) => Catalogue::Any,
        }
    }

    fn owner(&mut self, written: &Field<String>, kind: Option<raw::ProviderKind>, account: &str, at: Span) -> Owner {
        match written {
            Field::Written(text, at) => self.parse(text, *at).map_or(Owner::Unclear, |owner| Owner::Said(owner.value)),
            Field::Broken => Owner::Unclear,
            Field::Absent if kind.is_some_and(|kind| kind != raw::ProviderKind::Scim) => {
                self.report(at, Kind::MissingKey { account: account.to_owned(), key: "owner" });
                Owner::Unclear
            }
            Field::Absent => Owner::NotSaid,
        }
    }

    fn prune(&self, written: &Field<raw::Prune>) -> Saying<Prune> {
        match written {
            Field::Absent => Saying::Nothing,
            Field::Broken => Saying::Unusable,
            Field::Written(raw::Prune::All, _) => Saying::Said(Prune::All),
            Field::Written(raw::Prune::Managed, _) => Saying::Said(Prune::Managed),
            Field::Written(raw::Prune::None, _) => Saying::Said(Prune::None),
        }
    }

    fn pruning(
        &mut self,
        written: &Field<raw::Prune>,
        default: Saying<Prune>,
        account: &str,
        at: Span,
    ) -> Option<Prune> {
        match (self.prune(written), default) {
            (Saying::Said(prune), _) | (Saying::Nothing, Saying::Said(prune)) => Some(prune),
            (Saying::Unusable, _) | (Saying::Nothing, Saying::Unusable) => None,
            (Saying::Nothing, Saying::Nothing) => {
                self.report(at, Kind::PruneMissing { account: account.to_owned() });
                None
            }
        }
    }

    fn somebody_is_listed(&mut self, account: &raw::Account, prune: Option<Prune>, name: &str, at: Span) {
        let raw::Account { users: entries, teams, allow_empty, .. } = account;
        if entries.is_absent() && teams.is_absent() {
            self.report(at, Kind::MissingKey { account: name.to_owned(), key: "users" });
            return;
        }
        let nobody = entries.written().is_none_or(|(entries, _)| entries.0.is_empty())
            && teams.written().is_none_or(|(teams, _)| teams.0.is_empty());
        let broken = matches!(entries, Field::Broken) || matches!(teams, Field::Broken);
        let meant = allow_empty.written().is_some_and(|(allowed, _)| *allowed);
        // Where nobody is removed, an empty list is how a roster begins.
        if !nobody || broken || meant || prune == Some(Prune::None) {
            return;
        }
        let at = entries.written().map(|(_, at)| at).or_else(|| teams.written().map(|(_, at)| at)).unwrap_or(at);
        self.report(at, Kind::NoUsers { account: name.to_owned() });
    }

    /// A text that is shown as it is.
    fn text(&mut self, written: &Field<String>, key: &'static str) -> Option<String> {
        let (text, at) = written.written()?;
        self.plain(text, key, at)
    }

    fn plain(&mut self, text: &str, key: &'static str, at: Span) -> Option<String> {
        if text.chars().any(char::is_control) {
            self.report(at, Kind::ControlCharacter { key });
            return None;
        }
        Some(text.to_owned())
    }

    /// A person's name, without blanks around it: an account may not keep them, and the difference would never end.
    fn name(&mut self, written: &Field<String>, key: &'static str) -> Option<String> {
        let (text, at) = written.written()?;
        let name = text.trim();
        if name.is_empty() {
            self.report(at, Kind::EmptyValue { key });
            return None;
        }
        self.plain(name, key, at)
    }

    fn parsed_list<T: Word>(&mut self, written: &Field<Vec<Field<String>>>) -> Vec<Located<T>> {
        let listed = written.written().map(|(listed, _)| listed.as_slice()).unwrap_or_default();
        listed.iter().filter_map(|text| self.parsed(text)).collect()
    }

    fn parsed<T: Word>(&mut self, written: &Field<String>) -> Option<Located<T>> {
        let (text, at) = written.written()?;
        self.parse(text, at)
    }

    /// A role. Most people have the role of whoever stands before them, and then both share it.
    fn given_role(&mut self, text: &str, at: Span) -> Option<Located<RoleName>> {
        if let Some(role) = self.last_role.as_ref().filter(|role| role.as_str() == text) {
            return Some(Located { value: role.clone(), at });
        }
        let role: Located<RoleName> = self.parse(text, at)?;
        self.last_role = Some(role.value.clone());
        Some(role)
    }

    fn parse<T: Word>(&mut self, text: &str, at: Span) -> Option<Located<T>> {
        match text.parse() {
            Ok(value) if !text.chars().any(char::is_control) => Some(Located { value, at }),
            _ => {
                self.report(at, T::problem(text));
                None
            }
        }
    }
}

/// A word of the file that becomes a type, or this problem.
trait Word: FromStr {
    fn problem(text: &str) -> Kind;
}

impl Word for AccountName {
    fn problem(text: &str) -> Kind {
        Kind::AccountName { text: text.to_owned() }
    }
}

impl Word for Window {
    fn problem(text: &str) -> Kind {
        Kind::NotAWindow { text: text.to_owned() }
    }
}

impl Word for Email {
    fn problem(text: &str) -> Kind {
        Kind::NotAnAddress { text: text.to_owned() }
    }
}

impl Word for AddressPattern {
    fn problem(text: &str) -> Kind {
        Kind::NotAPattern { text: text.to_owned() }
    }
}

impl Word for DomainPattern {
    fn problem(text: &str) -> Kind {
        Kind::NotADomain { text: text.to_owned() }
    }
}

impl Word for Language {
    fn problem(text: &str) -> Kind {
        Kind::NotALanguage { text: text.to_owned() }
    }
}

impl Word for RoleName {
    fn problem(text: &str) -> Kind {
        if text.chars().any(char::is_control) { Kind::ControlCharacter { key: "role" } } else { Kind::EmptyRole }
    }
}
