//! A signed request for access, looked at: who asks for what, and whether the signature holds. Nothing is kept and nothing is
//! granted; the command that accepts it runs where the roster is.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::daemon::status::Status;
use crate::model::desired::access::day_of;
use crate::render::request::{Fact, PROVES_NOT, acceptance, facts};
use crate::request::{Refused, Signed};
use crate::web::page::Frame;
use crate::web::page::failure::{PageFailure, html};
use crate::web::page::visit::{Viewer, ViewerPosted};

/// What the file is called in the command, as `roster request --link > request.json` makes it.
const FILE: &str = "request.json";

#[derive(Template)]
#[template(path = "daemon/request.html")]
struct RequestPage {
    frame: Frame,
    /// What was sent, to be corrected.
    text: String,
    reviewed: Option<Reviewed>,
    proves_not: &'static str,
}

/// What there is to say of a request.
struct Reviewed {
    facts: Vec<Fact>,
    trouble: Option<Trouble>,
    /// The command that accepts it, where it can be accepted.
    command: Option<String>,
}

/// Why it cannot be accepted.
struct Trouble {
    message: String,
    hint: &'static str,
}

/// GET `/request`.
pub(super) async fn show(Viewer(guest): Viewer) -> Result<Response, PageFailure> {
    let page = RequestPage {
        frame: guest.frame("Review a request"),
        text: String::new(),
        reviewed: None,
        proves_not: PROVES_NOT,
    };
    Ok((guest.cookie_header(), html(&page)?).into_response())
}

/// POST `/request`: shows what was sent.
pub(super) async fn review(ViewerPosted { guest, form }: ViewerPosted) -> Result<Response, PageFailure> {
    let text = form.one("request").to_owned();
    let reviewed = Reviewed::of(&text, &guest.desk.status(), guest.desk.now());
    let status = if reviewed.command.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = guest.frame("Review a request");
    let page = RequestPage { frame, text, reviewed: Some(reviewed), proves_not: PROVES_NOT };
    Ok((status, html(&page)?).into_response())
}

impl Reviewed {
    /// Nothing of a request whose signature does not hold is shown as if somebody had said it.
    fn of(text: &str, status: &Status, now: Timestamp) -> Self {
        let trouble = |refused: &Refused| Some(Trouble { message: refused.to_string(), hint: refused.hint() });
        let signed = match Signed::read(text) {
            Ok(signed) => signed,
            Err(refused) => return Self { facts: Vec::new(), trouble: trouble(&refused), command: None },
        };
        let account = signed.request.account.parse().ok().filter(|name| status.accounts.contains_key(name));
        let counts = signed.request.counts(now);
        Self {
            facts: facts(&signed, day_of(now)),
            trouble: counts.as_ref().err().and_then(trouble),
            command: counts.is_ok().then(|| acceptance(FILE, account.as_ref())),
        }
    }
}
