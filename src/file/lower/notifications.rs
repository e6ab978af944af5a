//! Whom the daemon tells of what changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::file::lower::Lowering;
use crate::file::problem::{Kind, Problem};
use crate::file::raw;
use crate::file::raw::notifications as written;
use crate::file::shape::{Entry, Field};
use crate::file::span::Span;
use crate::model::news::Topic;
use crate::model::notification::{Address, Redact, Target, TargetKind};

impl Lowering<'_> {
    /// The receivers of notifications. Only one file may name them, because they hold for all.
    pub(super) fn notifications(&mut self, files: &[Field<raw::Roster>]) -> BTreeMap<String, Target> {
        let mut said = super::read(files).filter_map(|file| file.notifications.written());
        let Some((entries, first_at)) = said.next() else { return BTreeMap::new() };
        for (_, at) in said {
            self.problems.push(Problem::at(at, Kind::NotificationsTwice).with_related(first_at, "first here"));
        }
        let mut places: BTreeMap<&str, Span> = BTreeMap::new();
        let mut targets = BTreeMap::new();
        for entry @ Entry { key, at, .. } in &entries.0 {
            if !is_name(key) {
                self.report(*at, Kind::TargetName { text: key.clone() });
            }
            if let Some(first) = places.insert(key, *at) {
                let kind = Kind::NameTwice { of: "target", name: key.clone() };
                self.problems.push(Problem::at(*at, kind).with_related(first, "first here"));
            }
            targets.extend(self.target(entry).map(|target| (key.clone(), target)));
        }
        targets
    }

    fn target(&mut self, Entry { key: name, at, value }: &Entry<written::Target>) -> Option<Target> {
        let (target, _) = value.written()?;
        let written::Target { kind, url, signing_key, token, ca, events, redact } = target;
        for (key, absent) in [("kind", kind.is_absent()), ("url", url.is_absent())] {
            if absent {
                self.report(*at, Kind::TargetIncomplete { target: name.clone(), key });
            }
        }
        let kind = match kind.written()?.0 {
            written::TargetKind::Webhook => TargetKind::Webhook,
            written::TargetKind::Slack => TargetKind::Slack,
            written::TargetKind::Alertmanager => TargetKind::Alertmanager,
        };
        let needless = [
            ("signing_key", signing_key.written().map(|(_, at)| at), kind != TargetKind::Webhook),
            ("token", token.written().map(|(_, at)| at), kind == TargetKind::Slack),
        ];
        for (key, at, is_needless) in needless {
            if let (Some(at), true) = (at, is_needless) {
                let of = if kind == TargetKind::Slack { "a target of kind `slack`" } else { "an Alertmanager" };
                self.report(at, Kind::NeedlessKey { of, key });
            }
        }
        let (signing_key, token, authorities) = (self.key(signing_key), self.key(token), self.file(ca, "ca"));
        let redact = match redact.written() {
            Some((written::Redact::Emails, _)) => Redact::Emails,
            Some((written::Redact::Nothing, _)) | None => Redact::Nothing,
        };
        let (events, url) = (self.events(events, name), self.address(url, kind));
        Some(Target { kind, url: url?, signing_key, token, authorities, events, redact })
    }

    fn address(&mut self, url: &Field<written::Address>, kind: TargetKind) -> Option<Address> {
        match url.written()? {
            (written::Address::Secret(place), at) => self.reference(place, at).map(Address::Secret),
            (written::Address::Plain(_), at) if kind == TargetKind::Slack => {
                self.report(at, Kind::SecretUrl);
                None
            }
            (written::Address::Plain(text), at) => match kind.url(text) {
                Ok(url) => Some(Address::Plain(url)),
                Err(fault) => {
                    self.report(at, Kind::TargetUrl { fault });
                    None
                }
            },
        }
    }

    fn events(&mut self, events: &Field<Vec<Field<written::Event>>>, target: &str) -> BTreeSet<Topic> {
        let Some((events, at)) = events.written() else { return Topic::ALL.into_iter().collect() };
        if events.is_empty() {
            self.report(at, Kind::NoEvents { target: target.to_owned() });
        }
        events.iter().filter_map(Field::written).map(|(event, _)| topic(*event)).collect()
    }
}

fn is_name(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    begins && text.len() <= 64 && text.chars().all(inside)
}

fn topic(event: written::Event) -> Topic {
    match event {
        written::Event::Drift => Topic::Drift,
        written::Event::Held => Topic::Held,
        written::Event::Failed => Topic::Failed,
        written::Event::AuthFailed => Topic::AuthFailed,
        written::Event::RosterInvalid => Topic::RosterInvalid,
        written::Event::Flapping => Topic::Flapping,
        written::Event::Suspended => Topic::Suspended,
        written::Event::Expiring => Topic::Expiring,
        written::Event::GivenUp => Topic::GivenUp,
        written::Event::Applied => Topic::Applied,
        written::Event::AppliedInPart => Topic::AppliedInPart,
        written::Event::DriftCorrected => Topic::DriftCorrected,
        written::Event::AccountDropped => Topic::AccountDropped,
    }
}
