//! Somebody at the status page whose browser runs no script: pages come as a whole, and forms go as they stand there.

use url::form_urlencoded::Serializer;

use super::http::{Answer, Http};

/// Somebody who has signed in.
pub(crate) struct Visitor {
    http: Http,
    cookie: String,
}

impl Visitor {
    /// Signs in with the daemon's token.
    pub(crate) fn sign_in(http: Http, token: &str) -> Self {
        let page = http.get("/sign-in", &[]);
        let guest = Self { http, cookie: cookie(&page) };
        let answer = guest.send("/sign-in", &page.body, &[("secret", token)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        Self { http, cookie: cookie(&answer) }
    }

    /// A page.
    pub(crate) fn page(&self, path: &str) -> String {
        let answer = self.http.get(path, &[&self.cookie]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Fills a form in, and sends it.
    pub(crate) fn send(&self, path: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = ["token", "plan"].map(|name| (name, hidden(page, name)));
        let body = Serializer::new(String::new()).extend_pairs(hidden).extend_pairs(fields).finish();
        self.http.ask("POST", path, &[&self.cookie, "Content-Type: application/x-www-form-urlencoded"], &body)
    }
}

/// What somebody reads in a part of a page, which goes on until the next one.
pub(crate) fn part(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("data-live=\"{name}\">")).unwrap_or_else(|| panic!("no {name}: {page}"));
    // A text stands between the end of one tag and the beginning of the next.
    let part = format!(">{}", rest.split("data-live=").next().unwrap());
    let texts = part.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim());
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

fn cookie(answer: &Answer) -> String {
    let line = answer.raw_head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    format!("Cookie: {}", line.split(';').next().unwrap())
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_default();
    rest.split('"').next().unwrap()
}
