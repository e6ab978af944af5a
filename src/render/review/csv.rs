//! A review as a table for other programs: comma-separated values (RFC 4180), a line for each access, then a line for each
//! finding that is about an account.

use std::io::{self, Write};

use crate::render::csv::harmless;
use crate::render::json::review::{Access, Finding, Person, Review};
use crate::render::review::words::ByAccess;

const COLUMNS: [&str; 19] = [
    "account",
    "email",
    "login",
    "name",
    "roles",
    "administers",
    "status",
    "added",
    "last_login",
    "invited",
    "declared",
    "declared_role",
    "team",
    "expires",
    "reason",
    "severity",
    "findings",
    "decision",
    "decided_by",
];

pub(super) fn write(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    let findings = ByAccess::of(review);
    for person in &review.people {
        for access in &person.access {
            table.write_record(record(person, access, findings.about(person, access)))?;
        }
    }
    for finding in review.findings.iter().filter(|finding| finding.email.is_none()) {
        let mut record: [String; COLUMNS.len()] = std::array::from_fn(|_| String::new());
        let [account, .., severity, said, _, _] = &mut record;
        account.clone_from(&finding.account);
        finding.severity.word().clone_into(severity);
        *said = harmless(&finding.message);
        table.write_record(record)?;
    }
    table.flush()
}

fn record(person: &Person, access: &Access, findings: &[&Finding]) -> [String; COLUMNS.len()] {
    let Person { email, formerly: _, name, access: _ } = person;
    let Access {
        account,
        login,
        roles,
        administers,
        status,
        added,
        invited,
        invitation_expires: _,
        last_login,
        declared,
        declared_role,
        team,
        expires,
        reason,
        at: _,
    } = access;
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    let moment = |at: &Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let severity = findings.iter().map(|finding| finding.severity).min();
    let said = findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ");
    [
        account.clone(),
        harmless(email),
        text(login),
        text(name),
        harmless(&roles.join(" + ")),
        administers.to_string(),
        status.word().to_owned(),
        moment(added),
        moment(last_login),
        moment(invited),
        declared.word().to_owned(),
        text(declared_role),
        text(team),
        expires.map(|day| day.to_string()).unwrap_or_default(),
        text(reason),
        severity.map(|severity| severity.word().to_owned()).unwrap_or_default(),
        harmless(&said),
        String::new(),
        String::new(),
    ]
}
