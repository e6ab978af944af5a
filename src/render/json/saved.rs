//! A plan that is kept to be applied later: the document itself, with an end and a seal.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::digest::Fingerprint;
use crate::render::json::{Document, FORMAT_VERSION};

/// A file that cannot be applied.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is cut short, or was never a plan.
    #[error("it is not a whole plan")]
    Malformed(#[source] serde_json::Error),
    /// It is an answer of a command, and not a plan that was saved.
    #[error("it is no plan that was saved")]
    NotSaved,
    /// Another version of roster wrote it.
    #[error("it has the format {found}, and this program knows {FORMAT_VERSION}")]
    Version {
        /// The format it says it has.
        found: String,
    },
    /// It is not what was written.
    #[error("it was changed after it was saved")]
    Edited,
    /// It is too old.
    #[error("it could be applied before {expires:.0}")]
    Expired {
        /// When it ended.
        expires: Timestamp,
    },
}

impl Unusable {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::NotSaved | Self::Expired { .. } => "make a new one: `roster plan --out FILE`",
            Self::Version { .. } => "apply it with the version of roster that made it, or make a new one",
            Self::Edited => "plans are changed in the roster: change it there, and make a new one",
        }
    }
}

impl Document {
    /// This plan as it is saved: it may be applied until then, and shows whether somebody changed it.
    ///
    /// # Errors
    ///
    /// Where it cannot be written as JSON.
    pub fn sealed(mut self, expires: Timestamp) -> Result<Self, serde_json::Error> {
        if let Some(plan) = &mut self.plan {
            (plan.expires, plan.seal) = (Some(expires), None);
        }
        let seal = seal(&serde_json::to_value(&self)?);
        if let Some(plan) = &mut self.plan {
            plan.seal = Some(seal);
        }
        Ok(self)
    }

    /// Reads a saved plan.
    ///
    /// # Errors
    ///
    /// Where it is no plan that may be applied at this moment.
    pub fn open(text: &str, now: Timestamp) -> Result<Self, Unusable> {
        let mut value: Value = serde_json::from_str(text).map_err(Unusable::Malformed)?;
        let found = value.get("format_version").and_then(Value::as_str).unwrap_or_default();
        if !is_known(found) {
            return Err(Unusable::Version { found: found.to_owned() });
        }
        let plan = value.get_mut("plan").and_then(Value::as_object_mut).ok_or(Unusable::NotSaved)?;
        let sealed = plan.remove("seal").ok_or(Unusable::NotSaved)?;
        if sealed != Value::String(seal(&value)) {
            return Err(Unusable::Edited);
        }
        let document: Self = serde_json::from_value(value).map_err(Unusable::Malformed)?;
        let expires = document.plan.as_ref().and_then(|plan| plan.expires).ok_or(Unusable::NotSaved)?;
        if expires <= now { Err(Unusable::Expired { expires }) } else { Ok(document) }
    }
}

/// Whether this program understands everything that a document of this format may say: the same major version, and a
/// minor one that is not newer.
fn is_known(found: &str) -> bool {
    let parts = |version: &str| {
        let (major, minor) = version.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    matches!((parts(found), parts(FORMAT_VERSION)), (Some(found), Some(known)) if found.0 == known.0 && found.1 <= known.1)
}

fn seal(value: &Value) -> String {
    let mut fingerprint = Fingerprint::of("roster saved plan 1");
    fingerprint.text(&value.to_string());
    fingerprint.finish().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::json::plan::{Plan, Roster};

    fn saved() -> String {
        let plan = Plan {
            digest: "d".to_owned(),
            consentable: 0,
            roster: Roster { path: "roster.yaml".to_owned(), digest: "r".to_owned() },
            selection: Vec::new(),
            protect_file: None,
            policies: Vec::new(),
            takes_back: None,
            created: "2026-12-01T12:00:00Z".parse().expect("a moment"),
            expires: None,
            seal: None,
        };
        let document = Document { plan: Some(plan), ..Document::new("plan") };
        let sealed = document.sealed("2026-12-02T12:00:00Z".parse().expect("a moment")).expect("JSON");
        serde_json::to_string_pretty(&sealed).expect("JSON")
    }

    fn opened(text: &str) -> String {
        let now = "2026-12-02T11:59:59Z".parse().expect("a moment");
        Document::open(text, now).map_or_else(|error| error.to_string(), |plan| plan.command)
    }

    #[test]
    fn a_saved_plan_is_read_as_it_was_written_and_not_otherwise() {
        let text = saved();
        assert_eq!(opened(&text), "plan");
        assert_eq!(opened(&text.replace('\n', " ")), "plan", "blanks are no change");
        assert_eq!(opened(&text.replace("\"roster.yaml\"", "\"other.yaml\"")), "it was changed after it was saved");
        assert_eq!(opened(&text.replace("12-02", "12-09")), "it was changed after it was saved");
        assert_eq!(opened(&text.replace("\"seal\"", "\"note\"")), "it is no plan that was saved");
        assert_eq!(opened(&text[..text.len() / 2]), "it is not a whole plan");
        assert_eq!(opened("{\"format_version\": \"2.0\"}"), "it has the format 2.0, and this program knows 1.0");
        assert_eq!(opened("{\"format_version\": \"1.7\"}"), "it has the format 1.7, and this program knows 1.0");
        let later = "2026-12-02T12:00:00Z".parse().expect("a moment");
        assert!(matches!(Document::open(&text, later), Err(Unusable::Expired { .. })));
    }
}
