//! GitHub and GitLab as far as comments go, as the documents of their APIs describe them: headers that have to be there,
//! pages, limits, and each refusal with the words it comes with.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The token of a workflow, that of a person, and one of GitLab.
pub(super) const APP: &str = "ghs_of_the_workflow";
pub(super) const PERSON: &str = "ghp_of_a_person";
pub(super) const PROJECT: &str = "glpat-of-the-project";

/// The bot that a workflow's token writes as, and the user the other tokens belong to.
const BOT: u64 = 41_898_282;
pub(super) const ME: u64 = 77;

/// The most characters a comment may have, there and there.
const LIMITS: [usize; 2] = [65_536, 1_000_000];

/// Where comments are, and how one is addressed.
const GITHUB: [&str; 2] = ["/repos/acme/access/issues/7/comments", "/repos/acme/access/issues/comments/"];
const GITLAB: [&str; 2] = ["/api/v4/projects/42/merge_requests/7/notes", "/api/v4/projects/42/merge_requests/7/notes/"];

/// A comment, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) id: u64,
    pub(super) author: u64,
    pub(super) body: String,
}

/// What happens to a request, in place of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Accident {
    /// It is done, and the answer is lost: a gateway answers.
    Lost,
    /// It is refused with this status, these words, and this header.
    Refused(StatusCode, &'static str, (&'static str, &'static str)),
}

#[derive(Default)]
struct Inside {
    comments: Vec<Comment>,
    seen: Vec<String>,
    /// By the method of the requests they happen to, in their order.
    accidents: VecDeque<(Method, Accident)>,
}

/// Both services at one address.
#[derive(Clone)]
pub(super) struct Fake {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

impl Fake {
    pub(super) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let fake = Self { address: listener.local_addr().unwrap(), inside: Arc::default() };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        // Ends with the test process; a listener that nobody asks costs nothing.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        fake
    }

    pub(super) fn github(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn gitlab(&self) -> String {
        format!("http://{}/api/v4", self.address)
    }

    /// Comments that are there already.
    pub(super) fn with(self, comments: impl IntoIterator<Item = (u64, String)>) -> Self {
        for (author, body) in comments {
            self.inside().add(author, &body);
        }
        self
    }

    pub(super) fn happens(&self, to: Method, accident: Accident) {
        self.inside().accidents.push_back((to, accident));
    }

    /// The comments of those who wrote with one of our tokens.
    pub(super) fn ours(&self) -> Vec<String> {
        let inside = self.inside();
        let ours = inside.comments.iter().filter(|comment| [BOT, ME].contains(&comment.author));
        ours.map(|comment| comment.body.clone()).collect()
    }

    pub(super) fn comments(&self) -> Vec<Comment> {
        self.inside().comments.clone()
    }

    /// The requests since the last time this was asked.
    pub(super) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.inside().seen)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }
}

impl Inside {
    fn add(&mut self, author: u64, body: &str) -> Comment {
        let id = 1000 + self.comments.len() as u64;
        let comment = Comment { id, author, body: body.to_owned() };
        self.comments.push(comment.clone());
        comment
    }

    fn accident(&mut self, method: &Method) -> Option<Accident> {
        let at = self.accidents.iter().position(|(to, _)| to == method)?;
        self.accidents.remove(at).map(|(_, accident)| accident)
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let mut inside = fake.inside();
    let target = head.uri.path_and_query().unwrap().as_str().to_owned();
    inside.seen.push(format!("{} {target}", head.method));
    let accident = inside.accident(&head.method);
    if let Some(Accident::Refused(status, words, header)) = accident {
        return (status, [header], json!({ "message": words }).to_string()).into_response();
    }
    let path = head.uri.path();
    let on_gitlab = path.starts_with("/api/v4/");
    let done = match author(&head.headers, on_gitlab) {
        None if on_gitlab => no(StatusCode::UNAUTHORIZED, "401 Unauthorized"),
        None => no(StatusCode::UNAUTHORIZED, "Bad credentials"),
        Some(author) if on_gitlab => inside.answer(&fake, &head.method, &target, &body, author, GITLAB),
        Some(author) => inside.answer(&fake, &head.method, &target, &body, author, GITHUB),
    };
    match accident {
        Some(Accident::Lost) => {
            (StatusCode::BAD_GATEWAY, [("retry-after", "0")], "<html>gateway</html>").into_response()
        }
        _ => done,
    }
}

/// Whoever the token belongs to; nobody where there is none.
fn author(headers: &HeaderMap, on_gitlab: bool) -> Option<u64> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(header("user-agent").starts_with("roster/"), "GitHub answers nobody who has no name");
    if on_gitlab {
        return (header("private-token") == PROJECT).then_some(ME);
    }
    assert_eq!((header("accept"), header("x-github-api-version")), ("application/vnd.github+json", "2022-11-28"));
    match header("authorization").strip_prefix("Bearer ")? {
        APP => Some(BOT),
        PERSON => Some(ME),
        _ => None,
    }
}

impl Inside {
    fn answer(
        &mut self,
        fake: &Fake,
        method: &Method,
        target: &str,
        body: &Bytes,
        author: u64,
        [all, one]: [&str; 2],
    ) -> Response {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let limit = LIMITS[usize::from(all == GITLAB[0])];
        let edits = if all == GITLAB[0] { Method::PUT } else { Method::PATCH };
        if path.ends_with("/user") {
            return match author {
                BOT => no(StatusCode::FORBIDDEN, "Resource not accessible by integration"),
                id => told(StatusCode::OK, &json!({ "id": id, "type": "User" })),
            };
        }
        let text =
            serde_json::from_slice::<Value>(body).ok().and_then(|value| Some(value["body"].as_str()?.to_owned()));
        if text.as_ref().is_some_and(|text| text.chars().count() > limit) {
            return no(StatusCode::UNPROCESSABLE_ENTITY, "Body is too long");
        }
        match (method, text) {
            (&Method::GET, _) if path == all => self.page(fake, path, query),
            (&Method::POST, Some(text)) if path == all => {
                let comment = self.add(author, &text);
                told(StatusCode::CREATED, &shown(&comment))
            }
            (method, Some(text)) if *method == edits && path.starts_with(one) => {
                let id: u64 = path[one.len()..].parse().unwrap();
                let comment = self.comments.iter_mut().find(|comment| comment.id == id).unwrap();
                comment.body = text;
                told(StatusCode::OK, &shown(comment))
            }
            _ => no(StatusCode::NOT_FOUND, "Not Found"),
        }
    }

    fn page(&self, fake: &Fake, path: &str, query: &str) -> Response {
        let number = |name: &str, otherwise: usize| {
            let given = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            given.map_or(otherwise, |given| given.parse().unwrap())
        };
        let (size, page) = (number("per_page", 30).min(100), number("page", 1));
        let notes: Vec<Value> = self.comments.iter().skip((page - 1) * size).take(size).map(shown).collect();
        let last = self.comments.len().div_ceil(size).max(1);
        let link = |page: usize, name: &str| {
            format!("<http://{}{path}?per_page={size}&page={page}>; rel=\"{name}\"", fake.address)
        };
        let next = if page < last { link(page + 1, "next") + ", " } else { String::new() };
        let links = next + &link(last, "last");
        (StatusCode::OK, [("link", links)], Value::from(notes).to_string()).into_response()
    }
}

fn shown(comment: &Comment) -> Value {
    let Comment { id, author, body } = comment;
    let kind = if *author == BOT { "Bot" } else { "User" };
    let user = json!({ "id": author, "type": kind });
    json!({ "id": id, "body": body, "user": user, "html_url": format!("https://github.example/c/{id}") })
}

fn told(status: StatusCode, value: &Value) -> Response {
    (status, value.to_string()).into_response()
}

fn no(status: StatusCode, words: &str) -> Response {
    told(status, &json!({ "message": words }))
}
