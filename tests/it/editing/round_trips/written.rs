//! Random rosters as people write them: in blocks and braces, at any indentation, with quotes, comments and blank lines.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PEOPLE: [&str; 6] =
    ["ada", "bob@x.example", "Cy.Young@x.example", "dan+1@x.example", "éva@bücher.example", "zoe"];
const ROLES: [&str; 4] = ["admin", "manager", "analyst", "support"];

/// One roster.
#[derive(Debug, Clone)]
pub(super) struct Written {
    step: usize,
    newline: &'static str,
    ends: bool,
    people_in_braces: bool,
    pub(super) accounts: Vec<Account>,
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: &'static str,
    style: Style,
    users: Vec<User>,
    teams: Option<bool>,
    head: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Block,
    Braces,
    BracesOverLines { comma: bool },
}

#[derive(Debug, Clone)]
struct User {
    who: &'static str,
    role: &'static str,
    form: Form,
    quote: &'static str,
    /// A comment above, one behind, a blank line before.
    around: (bool, bool, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Short,
    Braces,
    Block,
}

/// An entry as the text has it.
pub(super) struct Entry {
    pub(super) account: &'static str,
    pub(super) who: &'static str,
    pub(super) role: &'static str,
    pub(super) is_long: bool,
    pub(super) is_in_team: bool,
    /// Its own comments, which go with it.
    pub(super) comments: Vec<String>,
}

pub(super) fn rosters() -> impl Strategy<Value = Written> {
    let accounts = (1..=3_usize)
        .prop_flat_map(|count| ["acme", "beta", "gamma"][..count].iter().map(|name| account(name)).collect::<Vec<_>>());
    let newline = prop_oneof![4 => Just("\n"), 1 => Just("\r\n")];
    (2..=4_usize, newline, any::<bool>(), any::<bool>(), accounts).prop_map(
        |(step, newline, ends, people_in_braces, accounts)| Written { step, newline, ends, people_in_braces, accounts },
    )
}

fn account(name: &'static str) -> impl Strategy<Value = Account> {
    let style = prop_oneof![
        3 => Just(Style::Block),
        1 => Just(Style::Braces),
        1 => any::<bool>().prop_map(|comma| Style::BracesOverLines { comma }),
    ];
    let users = subsequence(PEOPLE.to_vec(), 0..=PEOPLE.len()).prop_shuffle();
    let users = users.prop_flat_map(|who| who.into_iter().map(user).collect::<Vec<_>>());
    (style, users, any::<Option<bool>>(), any::<bool>()).prop_map(move |(style, users, teams, head)| Account {
        name,
        style,
        users,
        teams,
        head,
    })
}

fn user(who: &'static str) -> impl Strategy<Value = User> {
    let form = select(vec![Form::Short, Form::Short, Form::Braces, Form::Block]);
    (select(ROLES.to_vec()), form, select(vec!["", "", "'", "\""]), any::<(bool, bool, bool)>())
        .prop_map(move |(role, form, quote, around)| User { who, role, form, quote, around })
}

impl Written {
    /// The file.
    pub(super) fn text(&self) -> String {
        let mut lines = vec!["# Everybody".to_owned(), "defaults: { prune: none } # all".to_owned()];
        if self.people_in_braces {
            lines.push("people: {ada: ada@x.example, zoe: {email: zoe@x.example, last_name: \"O'Hara\"}}".to_owned());
        } else {
            lines.push("people:".to_owned());
            lines.push(format!("{}ada:   ada@x.example  # the founder", self.indent(1)));
            lines.push(format!("{}zoe: {{ email: zoe@x.example }}", self.indent(1)));
        }
        lines.push(String::new());
        lines.push("teams:".to_owned());
        lines.push(format!("{}everybody: [ada]", self.indent(1)));
        lines.push(format!("{}guests:", self.indent(1)));
        lines.push(format!("{}- guest@x.example # G", self.indent(2)));
        lines.push("accounts:".to_owned());
        self.accounts.iter().for_each(|account| self.account(account, &mut lines));
        let text = lines.join(self.newline);
        if self.ends { format!("{text}{}", self.newline) } else { text }
    }

    fn account(&self, account: &Account, lines: &mut Vec<String>) {
        let Account { name, style, users, teams, head } = account;
        lines.push(format!("{}{name}:   # the account {name}", self.indent(1)));
        let inside = self.indent(2);
        lines.extend(["provider: sandbox", "owner: owner@x.example"].map(|line| format!("{inside}{line}")));
        match teams {
            None => {}
            Some(true) => lines.push(format!("{inside}teams: {{ everybody: analyst }}")),
            Some(false) => {
                lines.push(format!("{inside}teams:"));
                lines.push(format!("{}everybody: analyst   # for now", self.indent(3)));
            }
        }
        if users.is_empty() {
            lines.push(format!("{inside}users: {{}} # nobody"));
            return;
        }
        match style {
            Style::Block => {
                lines.push(format!("{inside}users:"));
                if *head {
                    lines.push(format!("{}# those of {name}", self.indent(3)));
                }
                users.iter().for_each(|user| self.user(user, name, lines));
            }
            Style::Braces => {
                let users: Vec<String> = users.iter().map(|user| user.in_braces(3)).collect();
                lines.push(format!("{inside}users: {{ {} }} # {name}", users.join(", ")));
            }
            Style::BracesOverLines { comma } => {
                lines.push(format!("{inside}users: {{"));
                for (number, user) in users.iter().enumerate() {
                    let comma = if *comma || number + 1 < users.len() { "," } else { "" };
                    let comment = if user.around.1 { format!(" # {}", user.label(name)) } else { String::new() };
                    lines.push(format!("{}{}{comma}{comment}", self.indent(3), user.in_braces(3)));
                }
                lines.push(format!("{inside}}}"));
            }
        }
    }

    fn user(&self, user: &User, account: &str, lines: &mut Vec<String>) {
        let User { who: _, role, form, quote, around: (above, behind, blank) } = user;
        let label = user.label(account);
        let behind = if *behind { format!("   # {label}") } else { String::new() };
        if *blank {
            lines.push(String::new());
        }
        if *above {
            lines.push(format!("{}# above {label}", self.indent(3)));
        }
        let indent = self.indent(3);
        match form {
            Form::Short | Form::Braces => lines.push(format!("{indent}{}{behind}", user.in_braces(2))),
            Form::Block => {
                lines.push(format!("{indent}{}:{behind}", user.key()));
                lines.push(format!("{}reason: \"Q4\"", self.indent(4)));
                lines.push(format!("{}role: {quote}{role}{quote} # role of {label}", self.indent(4)));
            }
        }
    }

    fn indent(&self, level: usize) -> String {
        " ".repeat(level * self.step)
    }

    pub(super) fn has_teams(&self, account: &str) -> bool {
        self.accounts.iter().any(|other| other.name == account && other.teams.is_some())
    }

    /// Everybody's entries.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let of = |account: &Account| account.users.iter().map(|user| user.entry(account)).collect::<Vec<_>>();
        self.accounts.iter().flat_map(of).collect()
    }
}

impl User {
    fn key(&self) -> String {
        let Self { who, quote, .. } = self;
        format!("{quote}{who}{quote}")
    }

    fn label(&self, account: &str) -> String {
        format!("{} in {account}", self.who)
    }

    fn in_braces(&self, blanks: usize) -> String {
        let Self { role, form, quote, .. } = self;
        let mut text = self.key();
        match form {
            Form::Short => write!(text, ":{}{role}", " ".repeat(blanks - 1)).unwrap(),
            Form::Braces | Form::Block => write!(text, ": {{ role: {quote}{role}{quote}, last_name: N }}").unwrap(),
        }
        text
    }

    fn entry(&self, account: &Account) -> Entry {
        let Self { who, role, form, quote: _, around: (_, behind, _) } = self;
        let label = self.label(account.name);
        let mut comments = Vec::new();
        if *behind && account.style != Style::Braces {
            comments.push(label.clone());
        }
        if *form == Form::Block && account.style == Style::Block {
            comments.push(format!("role of {label}"));
        }
        let is_in_team = *who == "ada" && account.teams.is_some();
        Entry { account: account.name, who, role, is_long: *form != Form::Short, is_in_team, comments }
    }
}
