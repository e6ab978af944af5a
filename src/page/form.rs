//! The fields of a form.

use url::form_urlencoded;

/// A form as it was sent, in its order; a field may come several times.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn parse(body: &[u8]) -> Self {
        // A text with a NUL would be cut short by the database.
        let clean = |text: &str| text.replace('\0', "");
        Self(form_urlencoded::parse(body).map(|(name, value)| (clean(&name), clean(&value))).collect())
    }

    /// A field without the white space around it; empty where it is missing.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_comes_once_often_or_never() {
        let form = Form::parse(b"who=+ada%40x.example+&user=1&user=2&nul=a%00b");
        assert_eq!(form.one("who"), "ada@x.example");
        assert_eq!(form.all("user"), ["1", "2"]);
        assert_eq!((form.one("nul"), form.one("gone")), ("ab", ""));
    }
}
