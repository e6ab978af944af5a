//! Faults on demand: what a bad server does, said in a line each, repeatable from a seed.
//!
//! A rule is a fault and when it happens:
//!
//! ```text
//! status 503 nth 2 on GET /Users
//! throttle 2s share 20%
//! latency 10ms..50ms
//! cut within first 3 on PATCH
//! ```
//!
//! This module reads rules and decides which faults a request meets; committing them is `http::faulty`'s.

use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;

/// The faults of an account, with what they count.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Vec<Counted>,
    random: Random,
}

/// A line that is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{line}` is not a fault: {problem}")]
pub struct FaultError {
    /// The line.
    pub line: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `latency 10ms` or `latency 10ms..50ms`: the answer waits so long.
    Latency(Duration, Duration),
    /// `throttle 2s`: 429, with Retry-After in seconds; `throttle date 2s`: as a date.
    Throttle(RetryAfter, Duration),
    /// `status 503`: this status, and nothing done.
    Status(u16),
    /// `html`: a page for people with status 200, and nothing done.
    Html,
    /// `cut before`, `cut within`, `cut after`: the connection ends before the request is carried out, within the
    /// answer, or after it was carried out and before the answer.
    Cut(Moment),
    /// `truncate`: half of the body, as if it were all.
    Truncate,
    /// `drip 20ms`: the body comes in eight pieces with such pauses.
    Drip(Duration),
    /// `total +2` or `total -1`: a listing counts wrongly.
    Total(i64),
    /// `repeat-page`: a listing gives the page before the one that was asked for.
    RepeatPage,
    /// `lose-page`: a listing gives the page after the one that was asked for.
    LosePage,
    /// `clamp 5`: a listing gives at most so many, whatever was asked for.
    Clamp(usize),
    /// `swallow`: a write answers as if it had happened, and nothing is stored.
    Swallow,
}

/// In which form Retry-After is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds,
    Date,
}

/// When a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    Within,
    After,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    fault: Fault,
    when: When,
    /// Upper case; any method where there is none.
    method: Option<String>,
    /// The start of the path from the SCIM base, or from the account's address.
    path: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    Always,
    /// Of the requests that the rule is about, only the n-th.
    Nth(u64),
    /// The first n.
    First(u64),
    /// Every n-th.
    Every(u64),
    /// A share of them, between zero and one.
    Share(f64),
}

#[derive(Debug, Clone)]
struct Counted {
    rule: Rule,
    seen: u64,
}

/// SplitMix64: small, fast, and the same everywhere.
#[derive(Debug, Clone, Default)]
struct Random(u64);

impl Faults {
    /// Reads rules, one a line; empty lines and lines that begin with `#` are passed over. From the same seed the same
    /// requests meet the same faults.
    ///
    /// # Errors
    ///
    /// The first line that is no rule.
    pub fn parse(text: &str, seed: u64) -> Result<Self, FaultError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rules =
            lines.map(|line| Ok(Counted { rule: line.parse()?, seen: 0 })).collect::<Result<_, FaultError>>()?;
        Ok(Self { rules, random: Random(seed) })
    }

    /// The faults that a request meets, in the order of the rules. `path` is what follows the SCIM
    /// base, or the account's address.
    pub(crate) fn decide(&mut self, method: &str, path: &str) -> Vec<Fault> {
        let mut met = Vec::new();
        for Counted { rule, seen } in &mut self.rules {
            let concerned =
                rule.method.as_deref().is_none_or(|wanted| wanted == method) && path.starts_with(&rule.path);
            if !concerned {
                continue;
            }
            *seen += 1;
            let happens = match rule.when {
                When::Always => true,
                When::Nth(n) => *seen == n,
                When::First(n) => *seen <= n,
                When::Every(n) => *seen % n == 0,
                When::Share(share) => self.random.share() < share,
            };
            if happens {
                met.push(match rule.fault {
                    Fault::Latency(shortest, longest) => {
                        let wait = shortest + longest.saturating_sub(shortest).mul_f64(self.random.share());
                        Fault::Latency(wait, wait)
                    }
                    fault => fault,
                });
            }
        }
        met
    }
}

impl Random {
    /// A number from zero, included, to one, excluded.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let upper = u32::try_from(mixed >> 32).unwrap_or(u32::MAX);
        f64::from(upper) / (f64::from(u32::MAX) + 1.0)
    }
}

impl FromStr for Rule {
    type Err = FaultError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let mut words = line.split_whitespace();
        read_rule(&mut words).map_err(|problem| FaultError { line: line.to_owned(), problem })
    }
}

type Words<'w> = std::str::SplitWhitespace<'w>;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

fn read_rule(words: &mut Words<'_>) -> Result<Rule, String> {
    let fault = read_fault(words)?;
    let (mut when, mut route) = (None, (None, String::new()));
    while let Some(word) = words.next() {
        if word == "on" {
            route = read_route(words)?;
            break;
        }
        if when.replace(read_when(word, words)?).is_some() {
            return Err("a fault happens in one way only: `nth`, `first`, `every` or `share`".to_owned());
        }
    }
    let (method, path) = route;
    Ok(Rule { fault, when: when.unwrap_or(When::Always), method, path })
}

fn read_when(word: &str, words: &mut Words<'_>) -> Result<When, String> {
    match word {
        "nth" => counted(word, words).map(When::Nth),
        "first" => counted(word, words).map(When::First),
        "every" => counted(word, words).map(When::Every),
        "share" => {
            let share: String = next(words, word)?;
            let percent: Option<f64> = share.strip_suffix('%').and_then(|number| number.parse().ok());
            let percent = percent.filter(|percent| *percent > 0.0 && *percent <= 100.0);
            percent
                .map(|percent| When::Share(percent / 100.0))
                .ok_or("a share is above 0%, up to 100%: `20%`".to_owned())
        }
        other => Err(format!("`{other}` is not understood; `on METHOD /path` comes last")),
    }
}

fn counted(word: &str, words: &mut Words<'_>) -> Result<u64, String> {
    match next(words, word)? {
        0 => Err(format!("`{word} 0` never comes")),
        number => Ok(number),
    }
}

/// `METHOD /path`, or one of them.
fn read_route(words: &mut Words<'_>) -> Result<(Option<String>, String), String> {
    let parts: Vec<&str> = words.collect();
    let (method, path) = match parts[..] {
        [path] if path.starts_with('/') => ("*", path),
        [method] => (method, ""),
        [method, path] if path.starts_with('/') => (method, path),
        _ => return Err("`on` is followed by `METHOD /path`, or one of them".to_owned()),
    };
    let upper = method.to_ascii_uppercase();
    match upper.as_str() {
        "*" => Ok((None, path.to_owned())),
        known if METHODS.contains(&known) => Ok((Some(upper), path.to_owned())),
        _ => Err(format!("`{method}` is none of {}", METHODS.join(", "))),
    }
}

fn read_fault(words: &mut Words<'_>) -> Result<Fault, String> {
    let word = words.next().unwrap_or_default();
    match word {
        "latency" => {
            let text: String = next(words, word)?;
            let (shortest, longest) = text.split_once("..").unwrap_or((&text, &text));
            let (shortest, longest) = (duration(shortest)?, duration(longest)?);
            if longest < shortest {
                return Err(format!("`{text}` ends before it begins"));
            }
            Ok(Fault::Latency(shortest, longest))
        }
        "throttle" => {
            let text: String = next(words, word)?;
            if text == "date" {
                let text: String = next(words, word)?;
                return Ok(Fault::Throttle(RetryAfter::Date, duration(&text)?));
            }
            Ok(Fault::Throttle(RetryAfter::Seconds, duration(&text)?))
        }
        "status" => match next(words, word)? {
            status @ 400..=599 => Ok(Fault::Status(status)),
            status => Err(format!("{status} is not the status of an error")),
        },
        "cut" => match next::<String>(words, word)?.as_str() {
            "before" => Ok(Fault::Cut(Moment::Before)),
            "within" => Ok(Fault::Cut(Moment::Within)),
            "after" => Ok(Fault::Cut(Moment::After)),
            _ => Err("`cut` comes `before`, `within` or `after`".to_owned()),
        },
        "drip" => Ok(Fault::Drip(duration(&next::<String>(words, word)?)?)),
        "total" => Ok(Fault::Total(next(words, word)?)),
        "clamp" => Ok(Fault::Clamp(next(words, word)?)),
        "html" => Ok(Fault::Html),
        "truncate" => Ok(Fault::Truncate),
        "repeat-page" => Ok(Fault::RepeatPage),
        "lose-page" => Ok(Fault::LosePage),
        "swallow" => Ok(Fault::Swallow),
        other => Err(format!(
            "`{other}` is none of latency, throttle, status, cut, drip, total, clamp, html, truncate, repeat-page, \
             lose-page, swallow"
        )),
    }
}

fn next<T: FromStr>(words: &mut Words<'_>, after: &str) -> Result<T, String> {
    let word = words.next().ok_or_else(|| format!("something is missing after `{after}`"))?;
    word.parse().map_err(|_| format!("`{word}` cannot stand after `{after}`"))
}

fn duration(text: &str) -> Result<Duration, String> {
    let signed: SignedDuration =
        text.parse().map_err(|_| format!("`{text}` is not a duration, as `20ms` or `2s` is"))?;
    Duration::try_from(signed).map_err(|_| format!("`{text}` is negative"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_what_happens_and_when() {
        let mut faults =
            Faults::parse("# a bad day\nstatus 503 nth 2 on GET /Users\n\nswallow first 1 on * /Users/", 1)
                .expect("rules");
        assert_eq!(faults.decide("GET", "/Users"), []);
        assert_eq!(faults.decide("POST", "/Users"), []);
        assert_eq!(faults.decide("GET", "/Users?count=1"), [Fault::Status(503)]);
        assert_eq!(faults.decide("PATCH", "/Users/7"), [Fault::Swallow]);
        assert_eq!(faults.decide("PATCH", "/Users/7"), []);
    }

    #[test]
    fn a_share_comes_again_from_the_same_seed() {
        let run = |seed| {
            let mut faults = Faults::parse("throttle date 2s share 25%", seed).expect("a rule");
            (0..1000).map(|_| faults.decide("GET", "/Users").len()).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let met: usize = run(7).iter().sum();
        assert!((200..300).contains(&met), "{met} of 1000");
    }

    #[test]
    fn latency_stays_within_its_bounds() {
        let mut faults = Faults::parse("latency 10ms..20ms", 1).expect("a rule");
        for _ in 0..100 {
            let [Fault::Latency(wait, _)] = faults.decide("GET", "/")[..] else { panic!("latency") };
            assert!((Duration::from_millis(10)..=Duration::from_millis(20)).contains(&wait));
        }
    }

    #[test]
    fn a_line_that_is_no_rule_is_named() {
        for line in [
            "",
            "explode",
            "status 200",
            "status",
            "latency soon",
            "cut later",
            "html sometimes",
            "clamp -1",
            "html every 0",
            "html nth 0",
            "html first 0",
            "html nth 2 share 20%",
            "html share -5%",
            "html share nan%",
            "html share 0%",
            "latency 50ms..10ms",
            "html on",
            "html on users",
            "html on GET POST /Users",
            "html on /Users GET",
            "throttle 1s on GET /Users nth 2",
        ] {
            let parsed: Result<Rule, FaultError> = line.parse();
            assert_eq!(parsed.expect_err(line).line, line);
        }
    }
}
