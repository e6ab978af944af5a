//! Which news become messages: changes only, the same thing once in a while, and what stays wrong again after hours.
//!
//! Not here: what is wrong with an account (`daemon`), and how a message looks and gets there (`notify`). Pure: the moment is
//! an argument.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::model::account_name::AccountName;
use crate::model::news::{Matter, Message, News, Phase, Severity, Topic};

/// How often the same thing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Within so long nothing is said twice.
    pub quiet: SignedDuration,
    /// After so long what is still wrong is said again.
    pub reminder: SignedDuration,
}

/// What somebody was told and is not over, as it outlives the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What the matter was made of.
    pub keys: BTreeSet<String>,
    /// How much it mattered.
    pub severity: Severity,
    /// What was said.
    pub title: String,
    /// Since when it is so.
    pub since: Timestamp,
    /// When it was said last.
    pub at: Timestamp,
}

/// Remembers what is wrong with one account, or with the roster's files, and what was said of it.
#[derive(Debug)]
pub struct Desk {
    account: Option<AccountName>,
    rhythm: Rhythm,
    open: BTreeMap<Topic, Open>,
    said: BTreeMap<(Topic, BTreeSet<String>), Timestamp>,
}

#[derive(Debug)]
struct Open {
    matter: Matter,
    since: Timestamp,
    /// When it is said, or said again; nothing where all is said.
    due: Option<Timestamp>,
    /// What of it somebody was told, and when.
    told: BTreeSet<String>,
    at: Option<Timestamp>,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { quiet: SignedDuration::from_mins(5), reminder: SignedDuration::from_hours(4) }
    }
}

impl Desk {
    /// A desk that goes on where an earlier one ended.
    #[must_use]
    pub fn new(account: Option<AccountName>, rhythm: Rhythm, told: BTreeMap<Topic, Told>) -> Self {
        let open = told.into_iter().map(|(topic, Told { keys, severity, title, since, at })| {
            let matter = Matter { keys: keys.clone(), ..Matter::new("", severity, title) };
            (topic, Open { matter, since, due: again(topic, rhythm, at), told: keys, at: Some(at) })
        });
        Self { account, rhythm, open: open.collect(), said: BTreeMap::new() }
    }

    /// Takes news in, and says what is to be said now.
    pub fn take(&mut self, news: News, now: Timestamp) -> Vec<Message> {
        let News { at, problems, events } = news;
        let quiet = self.rhythm.quiet;
        self.said.retain(|_, said| later(*said, quiet) > now);
        let mut messages = Vec::new();
        for (topic, matter) in problems {
            match matter {
                Some(matter) => self.note(topic, matter, at, now),
                None => messages.extend(self.close(topic, at)),
            }
        }
        for (topic, matter) in events {
            if self.said.insert((topic, matter.keys.clone()), now).is_none() {
                messages.push(self.message(topic, Phase::Happened, at, at, matter));
            }
        }
        messages.extend(self.due(now));
        messages
    }

    /// What is to be said now although there is nothing new.
    pub fn due(&mut self, now: Timestamp) -> Vec<Message> {
        let mut messages = Vec::new();
        for (topic, open) in &mut self.open {
            if open.due.is_none_or(|due| due > now) {
                continue;
            }
            let is_new = open.matter.keys.iter().any(|key| !open.told.contains(key));
            let phase = if is_new { Phase::Began } else { Phase::GoesOn };
            open.told.clone_from(&open.matter.keys);
            (open.at, open.due) = (Some(now), again(*topic, self.rhythm, now));
            self.said.insert((*topic, open.matter.keys.clone()), now);
            messages.push((*topic, phase, open.since, open.matter.clone()));
        }
        let message = |(topic, phase, since, matter)| self.message(topic, phase, now, since, matter);
        messages.into_iter().map(message).collect()
    }

    /// What is wrong now, as it was said.
    #[must_use]
    pub fn standing(&self) -> Vec<Message> {
        let told = self.open.iter().filter_map(|(topic, open)| Some((topic, open, open.at?)));
        told.map(|(topic, open, at)| self.message(*topic, Phase::Began, at, open.since, open.matter.clone())).collect()
    }

    /// What is to be remembered of a topic; nothing where nobody was told, or it is over.
    #[must_use]
    pub fn told(&self, topic: Topic) -> Option<Told> {
        let Open { matter, since, due: _, told, at } = self.open.get(&topic)?;
        let Matter { severity, title, .. } = matter;
        Some(Told { keys: told.clone(), severity: *severity, title: title.clone(), since: *since, at: (*at)? })
    }

    /// Ends what is no longer wrong. Of what nobody was told nobody hears that it is over.
    fn close(&mut self, topic: Topic, at: Timestamp) -> Option<Message> {
        let Open { matter, since, at: told, .. } = self.open.remove(&topic)?;
        told.map(|_| self.message(topic, Phase::Recovered, at, since, matter))
    }

    /// What is the same as before, or less, changes nothing; more of it is said at once, unless it was said just now.
    fn note(&mut self, topic: Topic, matter: Matter, at: Timestamp, now: Timestamp) {
        let said = self.said.get(&(topic, matter.keys.clone())).map(|said| later(*said, self.rhythm.quiet));
        let due = said.unwrap_or(now);
        let Some(open) = self.open.get_mut(&topic) else {
            let open = Open { matter, since: at, due: Some(due), told: BTreeSet::new(), at: None };
            self.open.insert(topic, open);
            return;
        };
        if matter.keys.iter().any(|key| !open.told.contains(key)) {
            open.due = Some(open.due.map_or(due, |before| before.min(due)));
        } else {
            open.told.retain(|key| matter.keys.contains(key));
        }
        open.matter = matter;
    }

    fn message(&self, topic: Topic, phase: Phase, at: Timestamp, since: Timestamp, matter: Matter) -> Message {
        Message { at, account: self.account.clone(), topic, phase, since, matter }
    }
}

/// When something that was said now is said again.
fn again(topic: Topic, rhythm: Rhythm, now: Timestamp) -> Option<Timestamp> {
    (topic.is_repeated() && !rhythm.reminder.is_zero()).then(|| later(now, rhythm.reminder))
}

fn later(moment: Timestamp, wait: SignedDuration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).expect("a time")
    }

    fn matter(keys: &str) -> Matter {
        let keys = keys.split(' ').map(str::to_owned).collect();
        Matter { keys, ..Matter::new("", Severity::Warning, "") }
    }

    /// News of these topics, each with its keys; `-` says that it is not so, and `!` before a topic that it happened.
    fn news(at: i64, topics: &[(Topic, &str)]) -> News {
        let is_event = |topic: Topic| matches!(topic, Topic::Applied | Topic::AppliedInPart | Topic::DriftCorrected);
        let (events, problems): (Vec<_>, Vec<_>) = topics.iter().copied().partition(|(topic, _)| is_event(*topic));
        News {
            at: minute(at),
            problems: problems.into_iter().map(|(topic, keys)| (topic, (keys != "-").then(|| matter(keys)))).collect(),
            events: events.into_iter().map(|(topic, keys)| (topic, matter(keys))).collect(),
        }
    }

    fn heard(messages: &[Message], now: i64) -> Vec<String> {
        let one = |Message { topic, phase, since, matter, .. }: &Message| {
            let since = minute(now).duration_since(*since).as_mins();
            let keys: Vec<&str> = matter.keys.iter().map(String::as_str).collect();
            format!("{now} {topic} {} ({}, for {since} min)", phase.as_str(), keys.join(" "))
        };
        messages.iter().map(one).collect()
    }

    /// What is said when the looks at these minutes see this.
    fn said(story: &[(i64, &[(Topic, &str)])]) -> Vec<String> {
        let mut desk = Desk::new(None, Rhythm::default(), BTreeMap::new());
        let look = |(at, topics): &(i64, &[(Topic, &str)])| heard(&desk.take(news(*at, topics), minute(*at)), *at);
        story.iter().flat_map(look).collect()
    }

    const FAILED: &[(Topic, &str)] = &[(Topic::Failed, "x")];
    const WELL: &[(Topic, &str)] = &[(Topic::Failed, "-")];

    #[test]
    fn what_stays_wrong_is_said_once_and_again_after_hours_and_when_it_is_over() {
        let story: Vec<_> = (0..30).map(|number| (number * 10, FAILED)).chain([(300, WELL), (310, WELL)]).collect();
        assert_eq!(
            said(&story),
            [
                "0 failed began (x, for 0 min)",
                "240 failed goes-on (x, for 240 min)",
                "300 failed recovered (x, for 300 min)",
            ]
        );
    }

    #[test]
    fn what_comes_and_goes_is_not_said_each_time() {
        let story = [(0, FAILED), (1, WELL), (2, FAILED), (3, WELL), (4, FAILED), (6, FAILED), (10, WELL)];
        assert_eq!(
            said(&story),
            [
                "0 failed began (x, for 0 min)",
                "1 failed recovered (x, for 1 min)",
                "6 failed began (x, for 2 min)",
                "10 failed recovered (x, for 6 min)",
            ]
        );
    }

    #[test]
    fn more_of_it_is_news_and_less_is_not() {
        assert_eq!(
            said(&[
                (0, &[(Topic::Expiring, "ada bob")]),
                (1, &[(Topic::Expiring, "ada")]),
                (2, &[(Topic::Expiring, "ada cyd")]),
                (500, &[(Topic::Expiring, "ada cyd")]),
            ]),
            ["0 expiring began (ada bob, for 0 min)", "2 expiring began (ada cyd, for 2 min)"]
        );
    }

    #[test]
    fn what_a_look_cannot_tell_stays_as_it_was() {
        let both: &[(Topic, &str)] = &[(Topic::Held, "a"), (Topic::Failed, "-")];
        assert_eq!(
            said(&[(0, both), (10, FAILED), (20, both)]),
            ["0 held began (a, for 0 min)", "10 failed began (x, for 0 min)", "20 failed recovered (x, for 10 min)",]
        );
    }

    #[test]
    fn what_happened_is_said_each_time_but_not_twice_in_a_row() {
        let applied: &[(Topic, &str)] = &[(Topic::Applied, "a")];
        assert_eq!(
            said(&[(0, applied), (4, applied), (10, applied)]),
            ["0 applied happened (a, for 0 min)", "10 applied happened (a, for 0 min)"]
        );
    }

    #[test]
    fn a_new_desk_goes_on_where_the_old_one_ended() {
        let mut desk = Desk::new(None, Rhythm::default(), BTreeMap::new());
        let first = desk.take(news(0, FAILED), minute(0));
        assert_eq!((first.len(), desk.standing().len()), (1, 1));
        let told = desk.told(Topic::Failed).expect("somebody was told");
        let mut next = Desk::new(None, Rhythm::default(), BTreeMap::from([(Topic::Failed, told)]));
        assert_eq!(next.take(news(200, FAILED), minute(200)), []);
        let reminder = next.take(news(241, FAILED), minute(241));
        assert_eq!(heard(&reminder, 241), ["241 failed goes-on (x, for 241 min)"]);
        let over = next.take(news(250, WELL), minute(250));
        assert_eq!(heard(&over, 250), ["250 failed recovered (x, for 250 min)"]);
        assert_eq!((next.told(Topic::Failed), next.standing()), (None, Vec::new()));
    }
}
