//! The users of an account: searched, narrowed, a page at a time.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use url::form_urlencoded;

use super::Page;
use super::failure::PageFailure;
use super::frame::{Choice, Frame, Tab, html};
use super::sign_in;
use super::visit::{Guest, Member};
use crate::page::day::Day;
use crate::page::form::Form;
use crate::sandbox::http::Site;
use crate::sandbox::rules::RoleEntry;
use crate::sandbox::store::people::Search;
use crate::sandbox::user::{Profile, Status, User};

/// How many users a page shows.
pub(super) const PER_PAGE: u32 = 50;

const STATUSES: [(Status, &str); 3] =
    [(Status::Active, "Active"), (Status::Invited, "Invited"), (Status::Deactivated, "Deactivated")];

/// A user as a line of the table.
struct Row {
    id: String,
    name: Option<String>,
    initials: String,
    address: String,
    reason: Option<String>,
    role: Held,
    status: StatusCell,
    added: Day,
    last_login: Option<Day>,
}

/// A role as the table shows it.
enum Held {
    /// Nobody changes it here.
    Owner(String),
    /// One to choose; what the user holds now, where that is among them.
    Choice(Option<String>),
}

/// Where a user stands, in words and colour.
struct StatusCell {
    class: &'static str,
    word: &'static str,
    /// When the invitation ends or ended.
    invitation: Option<(&'static str, Day)>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    rows: Vec<Row>,
    roles: Vec<RoleEntry>,
    text: String,
    statuses: Vec<Choice>,
    role_filter: Vec<Choice>,
    searched: bool,
    total: String,
    noun: &'static str,
    first: u64,
    last: u64,
    previous: Option<String>,
    next: Option<String>,
    pending_here: bool,
}

/// GET on the account's page: the users, or the sign-in.
pub(super) async fn show(State(page): State<Arc<Page>>, uri: Uri, guest: Guest) -> Result<Response, PageFailure> {
    match guest.signed_in() {
        Ok(member) => html(&list(&page, &member, &Form::parse(uri.query().unwrap_or_default().as_bytes())).await?),
        Err(guest) => sign_in::show(&guest),
    }
}

async fn list(page: &Page, member: &Member, query: &Form) -> Result<PeoplePage, PageFailure> {
    let site = member.site();
    let roles = &site.account.roles;
    let search = Search {
        text: query.one("q").to_owned(),
        status: STATUSES.into_iter().map(|(status, _)| status).find(|status| status.as_str() == query.one("status")),
        role: roles.find(query.one("role")).map(|role| role.slug.clone()),
    };
    let number = query.one("page").parse::<u64>().unwrap_or(1).max(1);
    let skip = (number - 1).saturating_mul(u64::from(PER_PAGE));
    let found = page.app.store.people(site.account.number, &search, skip, PER_PAGE).await?;
    let (moment, shown) = (page.app.now(), u64::try_from(found.users.len()).unwrap_or(0));
    let to = |number: u64| member.address(&format!("?{}", query_of(&search, number)));
    let has_previous = number > 1;
    let has_next = skip.saturating_add(shown) < found.total && shown > 0;
    let rows: Vec<Row> = found.users.iter().map(|user| row(site, user, moment)).collect();
    let chosen_status = search.status.map(Status::as_str);
    Ok(PeoplePage {
        pending_here: rows.iter().any(Row::is_pending),
        rows,
        roles: roles.assignable().cloned().collect(),
        statuses: STATUSES.iter().map(|(status, label)| Choice::new(status.as_str(), label, chosen_status)).collect(),
        role_filter: roles
            .entries()
            .iter()
            .map(|role| Choice::new(&role.slug, &role.title, search.role.as_deref()))
            .collect(),
        searched: search != Search::default(),
        text: search.text.clone(),
        total: grouped(found.total),
        noun: if found.total == 1 { "user" } else { "users" },
        first: if shown == 0 { 0 } else { skip + 1 },
        last: skip.saturating_add(shown),
        previous: has_previous.then(|| to(number - 1)),
        next: has_next.then(|| to(number + 1)),
        frame: member.frame("Users", Tab::Users),
    })
}

fn row(site: &Site, user: &User, now: Timestamp) -> Row {
    let (profile, roles) = (&user.profile, &site.account.roles);
    let held = profile.role.as_ref().and_then(|role| roles.find(&role.slug));
    let name = full_name(profile);
    Row {
        id: user.id.clone(),
        initials: initials(name.as_deref().unwrap_or(&profile.user_name)),
        name,
        address: profile.user_name.clone(),
        reason: profile.reason.clone(),
        role: match held {
            Some(role) if roles.is_owner(profile) => Held::Owner(role.title.clone()),
            held => Held::Choice(held.map(|role| role.slug.clone())),
        },
        status: status_cell(user, now),
        added: Day::new(user.added),
        last_login: user.last_login.map(Day::new),
    }
}

impl Row {
    fn is_pending(&self) -> bool {
        self.status.invitation.is_some()
    }

    fn is_owner(&self) -> bool {
        matches!(self.role, Held::Owner(_))
    }

    fn holds(&self, role: &RoleEntry) -> bool {
        matches!(&self.role, Held::Choice(Some(slug)) if *slug == role.slug)
    }

    fn has_no_role(&self) -> bool {
        matches!(self.role, Held::Choice(None))
    }
}

fn status_cell(user: &User, now: Timestamp) -> StatusCell {
    let invitation = |end: Timestamp| (if end <= now { "Ended" } else { "Ends" }, Day::new(end));
    let expired = user.invitation_expires.is_some_and(|end| end <= now);
    let (class, word) = match user.status() {
        Status::Active => ("active", "Active"),
        Status::Deactivated => ("off", "Deactivated"),
        Status::Invited if expired => ("expired", "Invitation expired"),
        Status::Invited => ("invited", "Invited"),
    };
    let end = user.invitation_expires.filter(|_| user.status() == Status::Invited);
    StatusCell { class, word, invitation: end.map(invitation) }
}

/// The name of a user, as far as the account knows it.
pub(super) fn full_name(profile: &Profile) -> Option<String> {
    let parts: Vec<&str> =
        [&profile.given_name, &profile.family_name].into_iter().filter_map(Option::as_deref).collect();
    let joined = (!parts.is_empty()).then(|| parts.join(" "));
    profile
        .display_name
        .clone()
        .or_else(|| profile.formatted_name.clone())
        .or(joined)
        .filter(|name| !name.trim().is_empty())
}

fn initials(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

fn query_of(search: &Search, number: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !search.text.is_empty() {
        query.append_pair("q", &search.text);
    }
    if let Some(status) = search.status {
        query.append_pair("status", status.as_str());
    }
    if let Some(role) = &search.role {
        query.append_pair("role", role);
    }
    query.append_pair("page", &number.to_string());
    query.finish()
}

/// `100000` as `100,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_names_and_addresses() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("grace.hopper@x.example"), "GH");
        assert_eq!(initials("émile"), "É");
        assert_eq!(initials("!?"), "");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([1, 999, 1000, 100_000].map(grouped), ["1", "999", "1,000", "100,000"]);
    }

    #[test]
    fn a_search_goes_on_over_pages() {
        let search = Search { text: "a b&c".to_owned(), status: Some(Status::Invited), role: Some("admin".to_owned()) };
        assert_eq!(query_of(&search, 2), "q=a+b%26c&status=invited&role=admin&page=2");
    }
}
