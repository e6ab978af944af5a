//! What keeps a page as the daemon is: an event whenever something changed, and the script that then asks for the page anew.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;

use crate::web::page::visit::Viewer;

/// No page is asked for anew more often than this.
const PAUSE: Duration = Duration::from_secs(1);

const SCRIPT: &str = include_str!("../../../templates/daemon/live.js");

/// GET `/events`. It ends with the daemon.
pub(super) async fn events(Viewer(guest): Viewer) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut status = guest.desk.lines.status.clone();
    status.mark_unchanged();
    let changes = unfold(status, |mut status| async move {
        status.changed().await.ok()?;
        tokio::time::sleep(PAUSE).await;
        status.mark_unchanged();
        Some((Ok::<_, Infallible>(Event::default().event("change").data("changed")), status))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}

/// GET `/live.js`.
pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}
