//! The life of a team on one server: each step changes the file or the account, applies twice, and looks at the account
//! by other means than roster's.
//!
//! A step ends in one of two ways: the account is as the file says and nothing is left to plan; or roster said what the
//! server cannot do, says the same again the second time, and nobody else was touched. Anything else fails the test.

use std::collections::BTreeMap;

use crate::harness::{Ran, World};
use crate::matrix::account::People;
use crate::matrix::home::Home;
use crate::matrix::peer::EMBEDDED;
use crate::matrix::team::{ADA, GRACE, KAY, KAY_MARRIED, LINUS, MARGARET, Member, Team};

/// The steps in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Invite,
    Language,
    Cancel,
    ChangeRoles,
    Rename,
    Move,
    Remove,
    InviteAgain,
    Drift,
    LetInAgain,
    Export,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// The account is as the file says.
    Done,
    /// The server cannot, and roster said this.
    Cannot(String),
    /// There is nothing of this kind on the server.
    Nothing,
}

/// The steps of one life and how they ended.
pub(super) type Story = BTreeMap<Step, Ending>;

impl Step {
    pub(super) const ALL: [Self; 11] = [
        Self::Invite,
        Self::Language,
        Self::Cancel,
        Self::ChangeRoles,
        Self::Rename,
        Self::Move,
        Self::Remove,
        Self::InviteAgain,
        Self::Drift,
        Self::LetInAgain,
        Self::Export,
    ];

    /// What the step is called in the table.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Invite => "invite five",
            Self::Language => "language of the invitation",
            Self::ChangeRoles => "change roles",
            Self::Rename => "change a name",
            Self::Move => "move an address",
            Self::Cancel => "cancel an invitation",
            Self::Remove => "remove",
            Self::InviteAgain => "invite again",
            Self::Drift => "mend drift",
            Self::LetInAgain => "let in again",
            Self::Export => "write down",
        }
    }
}

/// Lives through all steps on a server.
pub(super) fn live(home: Home) -> Story {
    Life { home, team: Team::default() }.steps()
}

struct Life {
    home: Home,
    team: Team,
}

/// What roster says of a server that has no place for roles.
const NO_ROLES: &str = "the server keeps no roles";

/// What roster says of a server that has no place for languages.
const NO_LANGUAGES: &str = "the server keeps no languages";

/// Somebody whom nobody invited.
const STRANGER: &str = "stranger@elsewhere.example";

impl Life {
    fn steps(&mut self) -> Story {
        let mut story = Story::new();
        let everybody = [ADA, GRACE, KAY, LINUS, MARGARET];
        story.insert(Step::Invite, self.file(&everybody, |team| *team = Team::of_five()));
        story.insert(Step::Language, self.language());
        story.insert(Step::Cancel, self.cancel());
        self.accept();
        let roles = |team: &mut Team| {
            team.put(GRACE, Member::with("admin"));
            team.put(LINUS, Member::with("support"));
        };
        story.insert(Step::ChangeRoles, self.file(&[GRACE, LINUS], roles));
        let kay = Member::with("campaign-coordinator").named("Kay", "Antonelli");
        story.insert(Step::Rename, self.file(&[KAY], |team| team.put(KAY, kay)));
        let kay = Member::with("campaign-coordinator").named("Kay", "Antonelli").formerly(KAY);
        let moved = |team: &mut Team| {
            team.remove(KAY);
            team.put(KAY_MARRIED, kay);
        };
        story.insert(Step::Move, self.file(&[KAY, KAY_MARRIED], moved));
        story.insert(Step::Remove, self.file(&[LINUS], |team| team.remove(LINUS)));
        let linus = Member::with("analyst");
        story.insert(Step::InviteAgain, self.file(&[LINUS], |team| team.put(LINUS, linus)));
        self.accept();
        story.insert(Step::Drift, self.drift());
        story.insert(Step::LetInAgain, self.let_in_again());
        story.insert(Step::Export, self.export());
        story
    }

    /// The file changes, and is applied.
    fn file(&mut self, about: &[&str], change: impl FnOnce(&mut Team)) -> Ending {
        let before = (self.team.clone(), self.home.account.people());
        change(&mut self.team);
        let ending = self.apply(about, &before.1);
        if let Ending::Cannot(_) = ending {
            self.team = before.0;
            self.write();
            let plan = self.plan();
            assert_eq!(plan.code, 0, "{}: the file as it was is no longer in force: {}", self.home.name, plan.told());
        }
        ending
    }

    fn language(&self) -> Ending {
        let kay = self.home.account.people().remove(KAY).and_then(|kay| kay.language);
        match kay.as_deref() {
            Some("fr") => Ending::Done,
            other => {
                let told = self.plan().told();
                assert!(told.contains(NO_LANGUAGES), "{}: the language became {other:?}: {told}", self.home.name);
                Ending::Cannot(told)
            }
        }
    }

    /// Somebody who has not come yet leaves the file.
    fn cancel(&mut self) -> Ending {
        let ending = self.file(&[MARGARET], |team| team.remove(MARGARET));
        if self.home.account.people().values().any(|person| person.is_invited) { ending } else { Ending::Nothing }
    }

    /// Somebody else changes the account: a role, a stranger, somebody gone.
    fn drift(&mut self) -> Ending {
        self.home.account.change_role(GRACE, "support");
        self.home.account.add(STRANGER, "analyst");
        let kay = if self.team.has(KAY) { KAY } else { KAY_MARRIED };
        self.home.account.delete(kay);
        let before = self.home.account.people();
        let plan = self.plan();
        assert_eq!(plan.code, 5, "{}: {}", self.home.name, plan.told());
        self.apply(&[GRACE, STRANGER, kay], &before)
    }

    fn let_in_again(&mut self) -> Ending {
        self.home.account.deactivate(GRACE);
        let before = self.home.account.people();
        self.apply(&[GRACE], &before)
    }

    /// The account is written down as it is, and what comes out is the file from then on.
    fn export(&self) -> Ending {
        let Home { name, world, roster, .. } = &self.home;
        world.write("roster.yaml", roster.replace("USERS", "{}\n    allow_empty: true"));
        let exported = world.run(&["export"]);
        let is_complete = exported.code == 0;
        assert!(
            is_complete || exported.code == 3 && exported.stderr.contains("left out: "),
            "{name}: {}",
            exported.told()
        );
        world.write(
            "roster.yaml",
            exported.stdout.replace("prune: all", if is_complete { "prune: all" } else { "prune: none" }),
        );
        let plan = self.plan();
        assert_eq!(plan.code, 0, "{name}: {}\n{}", exported.told(), plan.told());
        if is_complete { Ending::Done } else { Ending::Cannot(exported.stderr) }
    }

    /// On the embedded service people come by the link in their mail; elsewhere they are in at once.
    fn accept(&self) {
        if self.home.name == EMBEDDED {
            self.home.account.accept(&invitations(&self.home.world));
        }
    }

    /// Applies twice and holds the account against the file.
    fn apply(&self, about: &[&str], before: &People) -> Ending {
        self.write();
        let name = self.home.name;
        let first = self.home.world.run(&["apply", "--yes"]);
        let (after, left) = (self.home.account.people(), self.plan());
        let differences = self.team.differences(&after);
        if first.code == 0 {
            let what = format!("{name}: {}\n{}", first.told(), left.told());
            let without_roles = first.told().contains(NO_ROLES) && left.told().contains(NO_ROLES);
            let asked = if without_roles { self.team.without_roles() } else { self.team.clone() };
            assert_eq!((left.code, asked.differences(&after).as_str()), (0, ""), "{what}");
            let nothing_happened = *before == after && !differences.is_empty();
            return if nothing_happened { Ending::Cannot(first.told()) } else { Ending::Done };
        }
        let untouched = |people: &People| -> People {
            people.clone().into_iter().filter(|(login, _)| !about.contains(&login.as_str())).collect()
        };
        assert_eq!(untouched(before), untouched(&after), "{name}: somebody else was touched: {}", first.told());
        self.home.world.run(&["apply", "--yes"]);
        assert_eq!(left.told(), self.plan().told(), "{name}: the second plan is another one: {}", first.told());
        Ending::Cannot(format!("{}\n--- left\n{}\n--- differences\n{differences}", first.told(), left.told()))
    }

    fn plan(&self) -> Ran {
        self.home.world.run(&["plan", "--detailed-exitcode"])
    }

    fn write(&self) {
        self.home.world.write("roster.yaml", self.home.roster.replace("USERS", &self.team.yaml()));
    }
}

/// The tokens of the invitations that the embedded service sent.
fn invitations(world: &World) -> Vec<String> {
    let outbox = world.path("data/outbox/acme");
    let mails = std::fs::read_dir(outbox).unwrap().map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
    mails
        .filter_map(|mail| {
            let (_, rest) = mail.split_once("/invitations/")?;
            Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect())
        })
        .collect()
}
