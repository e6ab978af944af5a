//! Both sides of an account: from what the run knows to what the format says.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::guard::Review;
use crate::model::desired::access::{DesiredUser, Grant, Term};
use crate::model::email::Email;
use crate::model::event::{Origin, Pass, Tally};
use crate::model::live::{Dates, LiveUser};
use crate::plan::side_by_side::{self, Standing as Compared};
use crate::render::account::AccountView;
use crate::render::json::action::{Status, Verb};
use crate::render::json::convert::left_alone::reason;
use crate::render::json::left_alone::Why;
use crate::render::json::people::{LastRun, Listed, Numbers, Person, Standing, There};
use crate::render::json::{Account, Place};

impl Account {
    /// One account with everybody on both sides, as they are now, and the newest run that changed it.
    #[must_use]
    pub fn side_by_side(view: &AccountView<'_>, now: Timestamp, last_run: Option<&Pass>) -> Self {
        let people = view.state.planned().map(|(live, review)| {
            let people = side_by_side::people(view.desired, live, review.plan(), now);
            people.iter().map(|person| Person::of(person, review)).collect()
        });
        Self { people, last_run: last_run.map(LastRun::of), ..Self::of(view) }
    }
}

impl Person {
    fn of(person: &side_by_side::Person<'_>, review: &Review) -> Self {
        let side_by_side::Person { email, wanted, there, standing, actions } = person;
        let planned = &review.plan().actions;
        let held_by = actions.iter().flat_map(|position| review.held_by(*position)).collect::<BTreeSet<_>>();
        let (standing, why) = compared(*standing);
        Self {
            email: email.to_string(),
            file: wanted.map(Listed::of),
            account: there.map(|there| There::of(there, email)),
            standing,
            why,
            to_do: actions
                .iter()
                .filter_map(|position| planned.get(*position))
                .map(|action| Verb::of(&action.change))
                .collect(),
            held_by: held_by.iter().map(ToString::to_string).collect(),
        }
    }
}

fn compared(standing: Compared) -> (Standing, Option<Why>) {
    match standing {
        Compared::Differs => (Standing::Differs, None),
        Compared::LeftAlone(why) => (Standing::LeftAlone, Some(reason(why).0)),
        Compared::Missing => (Standing::Missing, None),
        Compared::Unmanaged => (Standing::Unmanaged, None),
        Compared::Pending => (Standing::Pending, None),
        Compared::InSync => (Standing::InSync, None),
        Compared::Ignored => (Standing::Ignored, None),
    }
}

impl Listed {
    fn of(wanted: &DesiredUser) -> Self {
        let DesiredUser { place, grant, teams: _, role, profile: _, language: _, term, formerly: _, reason: _ } =
            wanted;
        let Term { starts, expires } = *term;
        let team = match grant {
            Grant::Entry => None,
            Grant::Team(team) => Some(team.clone()),
        };
        Self { role: role.to_string(), team, starts, expires, at: Place::of(place) }
    }
}

impl There {
    fn of(there: &LiveUser, listed_as: &Email) -> Self {
        let LiveUser { id: _, email, roles, profile: _, status, language: _, dates } = there;
        let Dates { added, invited, invitation_expires, last_login } = *dates;
        Self {
            email: (email != listed_as).then(|| email.to_string()),
            roles: roles.iter().map(ToString::to_string).collect(),
            status: Status::of(*status),
            added,
            invited,
            invitation_expires,
            last_login,
        }
    }
}

impl LastRun {
    fn of(pass: &Pass) -> Self {
        let Pass { account: _, at, origin, tally } = pass;
        let Origin { run, command, actor, .. } = origin;
        let numbers = |Tally { done, failed, not_tried, held }| Numbers { done, failed, not_tried, held };
        Self { id: run.to_string(), command: command.clone(), actor: actor.clone(), at: *at, ended: tally.map(numbers) }
    }
}
