//! Commits the faults that were asked for, around the service as it is. Nothing further in knows of them, but that a
//! write may be told not to last, and a listing to take its page from elsewhere.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Failure, read_object, scim};
use super::connection::Knife;
use super::{App, FaultControl, Site, Writes, now};
use crate::sandbox::faults::{Fault, Faults, Moment, RetryAfter};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::store::users::Storing;

/// Refuses whatever could write, where nothing may be written.
pub(super) async fn refuse_writes(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_control = route(request.uri().path()).is_none();
    match app.check_writes(request.method()) {
        Err(refusal) if !is_control => Failure::from(refusal).into_response(),
        Ok(()) | Err(_) => next.run(request).await,
    }
}

/// Faults that a listing commits itself, however it is cut into pages.
#[derive(Debug, Clone, Default)]
pub(super) struct PageFaults(Vec<Fault>);

impl PageFaults {
    /// How many a page has at most, of so many.
    pub(super) fn clamped(&self, count: usize) -> usize {
        let most = |fault: &Fault| if let Fault::Clamp(most) = fault { Some(*most) } else { None };
        self.0.iter().filter_map(most).fold(count, usize::min)
    }

    /// Whether a page is taken from elsewhere than was asked for.
    pub(super) fn turn_pages(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::RepeatPage | Fault::LosePage))
    }

    /// Where the page is taken from that should begin at this place.
    pub(super) fn turned(&self, offset: usize, count: usize) -> usize {
        self.0.iter().fold(offset, |offset, fault| match fault {
            Fault::RepeatPage => offset.saturating_sub(count),
            Fault::LosePage => offset.saturating_add(count),
            _ => offset,
        })
    }
}

/// The layer: decides which faults a request meets, and commits them.
pub(super) async fn layer(
    State(app): State<Arc<App>>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    request: Request,
    next: Next,
) -> Response {
    let Some((account, path)) = route(request.uri().path()) else { return next.run(request).await };
    let met = match app.faults.lock().unwrap_or_else(PoisonError::into_inner).get_mut(account) {
        Some(faults) => faults.decide(request.method().as_str(), path),
        None => Vec::new(),
    };
    commit(&met, &knife, request, next).await
}

/// What rules are held against: the account, and the path from the SCIM base, or from the account's address where it is beside
/// SCIM. `None` for the control of the faults, which never fails, and for what belongs to no account.
fn route(path: &str) -> Option<(&str, &str)> {
    let account = path.strip_prefix('/')?.split('/').next()?;
    let path = path.get(1 + account.len()..).filter(|path| path.starts_with('/') && *path != "/faults")?;
    Some((account, path.strip_prefix("/scim/v2").unwrap_or(path)))
}

impl App {
    /// Checks that a request of this method may be answered.
    ///
    /// # Errors
    ///
    /// 403 where nothing may be written and the method could.
    pub(crate) fn check_writes(&self, method: &Method) -> Result<(), Refusal> {
        if self.writes == Writes::Allowed || matches!(*method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        Err(Refusal::plain(403, format!("this service is read-only, and {method} is not GET")))
    }
}

/// What an account's faults are to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Control {
    #[serde(default)]
    seed: u64,
    rules: Vec<String>,
}

/// PUT and DELETE on an account's `/faults`, where the service allows it: `{"seed": 1, "rules": ["status 503"]}`.
pub(super) async fn control(
    State(app): State<Arc<App>>,
    Extension(site): Extension<Site>,
    request: Request,
) -> Result<Response, Failure> {
    if app.fault_control == FaultControl::Off {
        return Err(Refusal::plain(404, "this service does not take faults from outside").into());
    }
    let new = match *request.method() {
        Method::DELETE => Faults::default(),
        _ => {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, super::LARGEST_BODY).await.unwrap_or_default();
            let body = Value::Object(read_object(&parts.headers, Ok(body))?);
            let invalid = |problem: String| Refusal::bad(Keyword::InvalidValue, problem);
            let Control { seed, rules } = serde_json::from_value(body).map_err(|error| invalid(error.to_string()))?;
            Faults::parse(&rules.join("\n"), seed).map_err(|error| invalid(error.to_string()))?
        }
    };
    app.faults.lock().unwrap_or_else(PoisonError::into_inner).insert(site.account.name.clone(), new);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn commit(met: &[Fault], knife: &Knife, mut request: Request, next: Next) -> Response {
    for fault in met {
        match *fault {
            Fault::Latency(wait, _) => tokio::time::sleep(wait).await,
            Fault::Throttle(form, wait) => return throttled(form, wait),
            Fault::Status(status) => {
                return Failure::from(Refusal::plain(status, "a fault that was asked for")).into_response();
            }
            Fault::Html => return html(),
            Fault::Cut(Moment::Before) => {
                knife.cut();
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            Fault::Swallow => drop(request.extensions_mut().insert(Storing::Discard)),
            Fault::Clamp(_) | Fault::RepeatPage | Fault::LosePage => {
                request.extensions_mut().get_or_insert_default::<PageFaults>().0.push(*fault);
            }
            Fault::Cut(_) | Fault::Truncate | Fault::Drip(_) | Fault::Total(_) => {}
        }
    }
    let mut response = next.run(request).await;
    for fault in met {
        response = match *fault {
            Fault::Total(difference) => {
                rewritten(response, |body| {
                    if let Some(total) = body.get("totalResults").and_then(Value::as_i64) {
                        body["totalResults"] = json!(total.saturating_add(difference).max(0));
                    }
                })
                .await
            }
            Fault::Truncate => truncated(response).await,
            Fault::Drip(pause) => dripping(response, pause).await,
            Fault::Cut(Moment::Within) => half_sent(response, knife.clone()).await,
            Fault::Cut(Moment::After) => {
                knife.cut();
                response
            }
            _ => response,
        };
    }
    response
}

fn throttled(form: RetryAfter, wait: Duration) -> Response {
    let retry_after = match form {
        RetryAfter::Seconds => wait.as_secs_f64().ceil().to_string(),
        RetryAfter::Date => httpdate::fmt_http_date(SystemTime::from(now()) + wait),
    };
    let mut response =
        Failure::from(Refusal::plain(429, "too many requests: a fault that was asked for")).into_response();
    if let Ok(value) = HeaderValue::from_str(&retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn html() -> Response {
    let page = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue.</body></html>";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn taken_apart(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

async fn rewritten(response: Response, rewrite: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, bytes) = taken_apart(response).await;
    let Ok(mut body) = serde_json::from_slice(&bytes) else { return Response::from_parts(parts, Body::from(bytes)) };
    rewrite(&mut body);
    parts.headers.remove(header::CONTENT_LENGTH);
    let answer = scim(parts.status, &body);
    Response::from_parts(parts, answer.into_body())
}

async fn truncated(response: Response) -> Response {
    let (mut parts, bytes) = taken_apart(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

async fn dripping(response: Response, pause: Duration) -> Response {
    let (mut parts, bytes) = taken_apart(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    let piece = (bytes.len() / 8).max(1);
    let drops = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(piece.min(rest.len()));
        Some((Ok::<_, std::io::Error>(drop), rest))
    });
    Response::from_parts(parts, Body::from_stream(drops))
}

/// Sends half of the body that was announced, then cuts the connection; where there is no body, a part of the head.
async fn half_sent(response: Response, knife: Knife) -> Response {
    let (mut parts, bytes) = taken_apart(response).await;
    if bytes.is_empty() {
        knife.cut_after("HTTP/1.1 2".len());
        return Response::from_parts(parts, Body::empty());
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = bytes.slice(..bytes.len() / 2);
    let pieces = stream::unfold(Some(half), move |half| {
        let knife = knife.clone();
        async move {
            if let Some(half) = half {
                return Some((Ok(half), None));
            }
            // What was written is given the time to leave.
            tokio::time::sleep(Duration::from_millis(20)).await;
            knife.cut();
            Some((Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)), None))
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}
