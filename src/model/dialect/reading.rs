//! How a server shows its users.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use crate::model::dialect::AttributePath;
use crate::model::live::Status;
use crate::model::person::Language;

/// Whether the server is asked what it can do, at `/ServiceProviderConfig` (RFC 7644 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discovery {
    /// It is asked; that it does not answer is no failure.
    Used,
    /// It is not asked, because it does not answer or is wrong.
    Ignored,
}

/// How the listing is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Not at all: one answer holds everybody.
    Single,
    /// Into pages.
    Pages(Pages),
}

/// How pages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// How the next one is named.
    pub by: PagesBy,
    /// How many users to ask for; servers may send fewer. `None` leaves it to the server.
    pub size: Option<NonZeroU32>,
    /// When the listing is taken to be at its end.
    pub end: End,
}

/// How the next page is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagesBy {
    /// By cursor where the first answer has one, by index otherwise.
    Auto,
    /// By the place of its first user (RFC 7644 section 3.4.2.4).
    Index,
    /// By the cursor that the page before gives (RFC 9865).
    Cursor,
}

/// When the listing is taken to be at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Once a page past the total brings nobody new: some servers name the length of the page as the total.
    Proven,
    /// Once as many users came as the server counts.
    Total,
}

/// What the listing is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// It shows everybody, and proves that it did.
    Full,
    /// It may leave people out whatever it counts, so that nobody is taken out because of it.
    Partial,
    /// There is none: only the people whom the file lists are looked up, one by one.
    Absent,
}

/// Which attribute is the login. Logins are compared without regard to case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// `userName`.
    UserName,
    /// The primary one of `emails`, or else the first.
    Email,
}

/// How the server is asked for one login. Whoever comes is compared here, because some servers ignore filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookUp {
    /// `userName eq "…"`.
    UserName,
    /// `externalId eq "…"`, where creation put the address.
    ExternalId,
    /// `emails.value eq "…"`.
    Email,
    /// Not at all: the listing is read.
    Listing,
}

/// How somebody who was invited and has not come yet looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// There are none: whoever is created can sign in, and `active: false` is somebody who was deactivated.
    Never,
    /// `active: false` is somebody who was invited, because the server knows no deactivated users or shows both alike.
    Inactive,
    /// An attribute says where the user stands and wins over `active`.
    Attribute(StatusAttribute),
    /// Not at all: they are listed once they came.
    Absent,
}

/// An attribute that says where a user stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAttribute {
    /// Where it stands.
    pub place: AttributePath,
    /// What it says of somebody who is invited.
    pub invited: BTreeSet<String>,
    /// What it says of somebody who was deactivated.
    pub deactivated: BTreeSet<String>,
}

/// Where the dates of a user's life stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dates {
    /// When the newest invitation was sent.
    pub invited: Option<AttributePath>,
    /// When it ends.
    pub invitation_expires: Option<AttributePath>,
    /// When the user last signed in.
    pub last_login: Option<AttributePath>,
    /// When the user was added; `meta.created` where nothing is said.
    pub added: Option<AttributePath>,
}

/// Where the language stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LanguagePlace {
    /// `preferredLanguage`.
    PreferredLanguage(KnownLanguages),
    /// `locale`.
    Locale(KnownLanguages),
    /// The server knows none.
    Nowhere,
}

/// The languages that a server takes, as it spells them; empty where any will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownLanguages(Vec<Language>);

impl Pages {
    /// Pages of 200 users by whatever the server knows, until it is proven that there are no more.
    #[must_use]
    pub fn usual() -> Self {
        Self { by: PagesBy::Auto, size: NonZeroU32::new(200), end: End::Proven }
    }
}

impl Pending {
    /// What `active: false` means where nothing else is said.
    #[must_use]
    pub fn inactive(&self) -> Status {
        match self {
            Self::Inactive => Status::Invited,
            Self::Never | Self::Attribute(_) | Self::Absent => Status::Deactivated,
        }
    }
}

impl StatusAttribute {
    /// The status that a word stands for, in whatever case; `None` where it says nothing more than `active` does.
    #[must_use]
    pub fn status(&self, word: &str) -> Option<Status> {
        let Self { place: _, invited, deactivated } = self;
        let among = |words: &BTreeSet<String>| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        if among(invited) {
            Some(Status::Invited)
        } else if among(deactivated) {
            Some(Status::Deactivated)
        } else {
            word.eq_ignore_ascii_case("active").then_some(Status::Active)
        }
    }
}

impl LanguagePlace {
    /// The attribute, and the languages it takes.
    #[must_use]
    pub fn attribute(&self) -> Option<(&'static str, &KnownLanguages)> {
        match self {
            Self::PreferredLanguage(known) => Some(("preferredLanguage", known)),
            Self::Locale(known) => Some(("locale", known)),
            Self::Nowhere => None,
        }
    }
}

impl KnownLanguages {
    /// These languages and no others.
    #[must_use]
    pub fn only(languages: Vec<Language>) -> Self {
        Self(languages)
    }

    /// The languages, in the order in which they were said.
    #[must_use]
    pub fn as_slice(&self) -> &[Language] {
        &self.0
    }

    /// How the server spells a language: as it is written, or else the first one with the same primary subtag. `None`
    /// where it does not take it.
    #[must_use]
    pub fn spelling<'a>(&'a self, language: &'a Language) -> Option<&'a Language> {
        if self.0.is_empty() {
            return Some(language);
        }
        let primary =
            |language: &Language| language.as_str().split('-').next().map(str::to_ascii_lowercase).unwrap_or_default();
        let exact = self.0.iter().find(|known| known.as_str().eq_ignore_ascii_case(language.as_str()));
        exact.or_else(|| self.0.iter().find(|known| primary(known) == primary(language)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_spelled_as_the_server_does() {
        let language = |text: &str| text.parse::<Language>().expect("a language");
        let known = KnownLanguages::only(vec![language("en-US"), language("fr")]);
        let spelled = |text: &str| known.spelling(&language(text)).map(|language| language.as_str().to_owned());
        assert_eq!(spelled("EN-us").as_deref(), Some("en-US"));
        assert_eq!(spelled("fr-FR").as_deref(), Some("fr"));
        assert_eq!(spelled("de"), None);
        let any = KnownLanguages::default();
        assert_eq!(any.spelling(&language("de")), Some(&language("de")));
    }
}
