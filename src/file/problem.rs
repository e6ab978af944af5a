//! What can be wrong with a roster: one kind per mistake, each with its words, its place and what to do about it.
//!
//! Finding mistakes and printing them do not belong here.

pub(in crate::file) mod found;
mod hint;

use strum::{IntoStaticStr, VariantNames};

use crate::file::span::Span;
use crate::model::notification::UnfitUrl;

/// One mistake in a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: Kind,
    /// Where, unless it is about a file as a whole.
    pub at: Option<Span>,
    /// Other places that belong to it, each with its part in it.
    pub related: Vec<(Span, &'static str)>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The roster cannot be used.
    Error,
    /// The roster can be used, and somebody should look at it.
    Warning,
}

/// The encoding that a file which is not UTF-8 seems to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, by its byte order mark.
    Utf16,
    /// Anything else.
    Unknown,
}

/// What makes a text unusable as the base URL of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// It is no URL at all.
    Malformed,
    /// It is neither `https:` nor `http:`.
    Scheme,
    /// It is `http:` and leaves this machine.
    Insecure,
    /// It carries a user name or a password.
    Credentials,
    /// It carries a query or a fragment.
    Query,
    /// It leads to the users and not to the service.
    Users,
}

/// What is wrong with a line of `include`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncludeFault {
    /// It leads out of the folder of its file.
    Outside,
    /// It is no pattern.
    Malformed,
    /// It finds no file.
    Nothing,
}

/// Why a file is not YAML, as far as it helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxCause {
    /// A tab where only spaces may stand.
    Tab,
    /// An unquoted `*`, which refers to something named elsewhere in the file.
    UnquotedStar,
    /// A `!tag`.
    Tag,
    /// Anything else.
    Other,
}

/// What is wrong. The words are [`Display`](std::fmt::Display), lower case and without a full stop; the code by which
/// documents and scripts know it is the variant's name, where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant's message says what it and its fields are")]
pub enum Kind {
    // Files.
    #[error("there is no file or folder `{path}`")]
    #[strum(serialize = "file-missing")]
    Missing { path: String },
    #[error("cannot read `{path}`: {reason}")]
    #[strum(serialize = "file-unreadable")]
    Unreadable { path: String, reason: String },
    #[error("the folder `{path}` holds no roster: no file in it ends in `.yaml` or `.yml`")]
    NoRosters { path: String },
    #[error("`{path}` is neither a file nor a folder")]
    NotAFile { path: String },
    #[error("`{path}` is larger than {mebibytes} MiB")]
    #[strum(serialize = "file-too-large")]
    TooLarge { path: String, mebibytes: u64 },
    #[error("`{path}` is not UTF-8: line {line} holds a byte that cannot stand there")]
    #[strum(serialize = "not-utf-8")]
    NotUtf8 { path: String, line: usize, encoding: Encoding },
    #[error("`{path}` protects nobody")]
    ProtectsNobody { path: String },
    #[error("there is no account in `{path}`")]
    NoAccounts { path: String },

    // YAML.
    #[error("this is not valid YAML: {message}")]
    Syntax { message: String, cause: SyntaxCause },
    #[error("a second document begins here; a roster file holds one")]
    SeveralDocuments,
    #[error("this file is empty")]
    EmptyFile,
    #[error("YAML 1.2 has no merge key `<<`")]
    MergeKey,
    #[error("this file holds more than can be read")]
    TooComplex,

    // Shape.
    #[error("{of} has no key `{key}`")]
    UnknownKey { key: String, of: String, near: Option<&'static str>, known: &'static [&'static str] },
    /// Like `UnknownKey`, of a key that may be a secret.
    #[error("{of} has no such key")]
    #[strum(serialize = "unknown-key")]
    HiddenKey { of: String, near: Option<&'static str>, known: &'static [&'static str] },
    #[error("{of} has the key `{key}` twice")]
    DuplicateKey { key: String, of: String },
    #[error("a key must be plain text")]
    KeyNotText,
    #[error("`{key}` has no value")]
    NoValue { key: String },
    #[error("expected {expected}, found {found}")]
    WrongType { expected: String, found: String },
    #[error("`{word}` is none of {}", list(known))]
    UnknownWord { word: String, near: Option<&'static str>, known: &'static [&'static str] },
    #[error("{message}")]
    #[strum(serialize = "wrong-shape")]
    Shape { message: String },

    // The roster and its defaults.
    #[error("this is roster format {found}, and this program knows format 1")]
    UnsupportedVersion { found: i64 },
    #[error("`include` {}", include_words(*fault, line))]
    #[strum(serialize = "bad-include")]
    Include { line: String, fault: IncludeFault },
    #[error("{more} more {} not told", if *more == 1 { "problem is" } else { "problems are" })]
    NotTold { more: usize },
    #[error("`defaults` stands in more than one file")]
    DefaultsTwice,
    #[error("`guards` over all accounts stands in more than one file")]
    GuardsTwice,

    // Accounts.
    #[error("`{text}` cannot name an account")]
    AccountName { text: String },
    #[error("the account `{name}` stands here twice")]
    AccountTwice { name: String },
    #[error("`{name}` has the URL and the key of another account")]
    SameAccount { name: String },
    #[error("the account `{account}` does not say its {key}")]
    MissingKey { account: String, key: &'static str },
    #[error("the account `{account}` does not say what happens to users who are not listed")]
    PruneMissing { account: String },
    #[error("`{text}` is not a domain such as `acme.example` or `*.acme.example`")]
    NotADomain { text: String },
    #[error("there cannot be {minimum} Owners and Admins at least and {maximum} at most")]
    AdminLimits { minimum: usize, maximum: usize },
    #[error("`external` does not say who is at home")]
    HomeMissing,
    #[error("`{text}` is not an address pattern such as `*@vendor.example`")]
    NotAPattern { text: String },
    #[error("{value} is not a share between 0 and 100 percent")]
    NotAPercentage { value: i64 },
    #[error("`{key}` cannot be less than 0")]
    Negative { key: &'static str, value: i64 },
    #[error("with `min_admins: 0` a plan may take the last Admin away")]
    NoAdmins,
    #[error("the account `{account}` lists no users")]
    NoUsers { account: String },
    #[error("`{text}` is not a length of time")]
    NotADuration { text: String },
    #[error("an interval cannot be less than a minute")]
    IntervalTooShort,
    #[error("`suspend` does not say its `reason`")]
    ReasonMissing,
    #[error("`{text}` is not a moment such as `2026-12-01T06:00:00Z`, and not a day")]
    NotAMoment { text: String },
    #[error("there is no time zone `{text}`")]
    NotAZone { text: String },
    #[error("`{text}` is not a window such as `mon-fri 08:00-18:00`, `sat,sun` or `2026-12-24..2027-01-02`")]
    NotAWindow { text: String },
    #[error("`{key}` cannot be less than 1")]
    LessThanOne { key: &'static str },
    #[error("the {of} `{name}` stands here twice")]
    NameTwice { of: &'static str, name: String },
    #[error("the role `{role}` does not say its permissions")]
    PermissionsMissing { role: String },
    #[error("`{role}` is a role that every account has")]
    StaticRole { role: String },
    #[error("the roles `{first}` and `{second}` have the same title")]
    TitleTwice { first: String, second: String },

    // Providers.
    #[error("a provider of kind `{kind}` needs a `{key}`")]
    ProviderIncomplete { kind: &'static str, key: &'static str },
    #[error("a provider of kind `{kind}` needs more than its name")]
    ProviderTooShort { kind: &'static str },
    #[error("a provider does not say its `kind`")]
    ProviderKindMissing,
    #[error("{of} needs no `{key}`")]
    NeedlessKey { of: &'static str, key: &'static str },
    #[error("{}", url_words(*fault))]
    #[strum(serialize = "bad-url")]
    Url { fault: UrlFault },
    #[error("a key must not stand in a roster file")]
    KeyInFile,
    #[error("a key is taken from exactly one place")]
    KeyForm,
    #[error("this cannot be the name of an environment variable")]
    VariableName,
    #[error("this looks like a key, not like the name of an environment variable")]
    VariableLikeKey,
    #[error("`{key}` is empty")]
    EmptyValue { key: &'static str },

    // Notifications.
    #[error("`notifications` stands in more than one file")]
    NotificationsTwice,
    #[error("`{text}` cannot name a target of notifications")]
    TargetName { text: String },
    #[error("the target `{target}` needs a `{key}`")]
    TargetIncomplete { target: String, key: &'static str },
    #[error("{fault}")]
    TargetUrl { fault: UnfitUrl },
    #[error("the URL of an incoming webhook is a secret, which must not stand in a roster file")]
    SecretUrl,
    #[error("the target `{target}` is told of nothing")]
    NoEvents { target: String },

    // Dialects.
    #[error("this is not {what}")]
    NotInDialect { what: &'static str },
    #[error("`{of}` needs `{key}`")]
    IncompleteDialect { of: &'static str, key: &'static str },
    #[error("roster sets the header `{name}` itself")]
    ReservedHeader { name: String },
    #[error("the header `{name}` usually carries a secret, which must not stand in a roster file")]
    SecretHeader { name: String },
    #[error("`{key}` is a whole number from {from} to {to}")]
    OutOfRange { key: &'static str, from: u32, to: u32 },
    #[error("`{text}` would be both `{one}` and `{other}`")]
    AmbiguousRole { text: String, one: String, other: String },
    // People and teams.
    #[error("`{text}` cannot be a short name")]
    ShortName { text: String },
    #[error("`{who}` has no address")]
    AddressMissing { who: String },
    #[error("`{first}` and `{second}` have the same address")]
    OneAddress { first: String, second: String },
    #[error("nobody is called `{name}`")]
    UnknownPerson { name: String, near: Option<String> },
    #[error("there is no team `{name}`")]
    UnknownTeam { name: String, near: Option<String> },
    #[error("`{who}` is in the team `{team}` twice")]
    MemberTwice { who: String, team: String },
    #[error("the teams `{}` and `{}` give {} different roles", teams[0], teams[1], several(who))]
    TeamsDisagree { who: Vec<String>, teams: [String; 2] },

    // Users.
    #[error("`{text}` is not an e-mail address")]
    NotAnAddress { text: String },
    #[error("`{address}` stands here twice")]
    PersonTwice { address: String },
    #[error("`{who}` has no role")]
    RoleMissing { who: String },
    #[error("a role needs a name")]
    EmptyRole,
    #[error("{catalogue} has no role `{role}`")]
    UnknownRole { role: String, catalogue: &'static str, near: Option<String>, known: Vec<String> },
    #[error("`{who}` is the Owner, and the Owner's role is not `{role}`")]
    OwnerOtherRole { who: String, role: String },
    #[error("`{who}` cannot be Owner: the Owner is `{owner}`")]
    SecondOwner { who: String, owner: String },
    #[error("`{who}` cannot be Owner: the account does not say its owner")]
    OwnerNotSaid { who: String },
    #[error("`{who}` is ignored and listed")]
    IgnoredListed { who: String },
    #[error("`{text}` is not a language tag such as `en-US` or `fr`")]
    NotALanguage { text: String },
    #[error("this account does not know the language `{language}`")]
    UnknownLanguage { language: String, near: Option<&'static str>, known: &'static [&'static str] },
    #[error("`{key}` holds a control character")]
    ControlCharacter { key: &'static str },
    #[error("`{text}` is not a day")]
    NotADay { text: String },
    #[error("access ends on {expires}, before it begins")]
    EndsBeforeStart { expires: String },
    #[error("`{who}` is listed, and is the former address of `{of}`")]
    FormerListed { who: String, of: String },
    #[error("`{address}` is the former address of `{first}` and of `{second}`")]
    FormerTwice { address: String, first: String, second: String },
}

impl Kind {
    /// The stable name of this kind of problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The stable names of all kinds.
    #[must_use]
    pub fn codes() -> &'static [&'static str] {
        Self::VARIANTS
    }
}

impl Problem {
    pub(super) fn at(span: Span, kind: Kind) -> Self {
        Self { kind, at: Some(span), related: Vec::new() }
    }

    pub(super) fn without_place(kind: Kind) -> Self {
        Self { kind, at: None, related: Vec::new() }
    }

    pub(super) fn with_related(mut self, span: Span, label: &'static str) -> Self {
        self.related.push((span, label));
        self
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.kind {
            Kind::NoUsers { .. } | Kind::NoAdmins => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl Encoding {
    pub(super) fn guess(bytes: &[u8]) -> Self {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) { Self::Utf16 } else { Self::Unknown }
    }
}

fn url_words(fault: UrlFault) -> &'static str {
    match fault {
        UrlFault::Malformed => "this is not a URL",
        UrlFault::Scheme => "this is not a web address",
        UrlFault::Insecure => "a key must not travel over plain `http:`",
        UrlFault::Credentials => "a user name or password must not stand in the URL",
        UrlFault::Query => "the base URL cannot have a query or a fragment",
        UrlFault::Users => "the base URL ends before `/Users`",
    }
}

fn include_words(fault: IncludeFault, line: &str) -> String {
    match fault {
        IncludeFault::Outside => format!("cannot lead out of the folder of this file, as `{line}` does"),
        IncludeFault::Malformed => format!("cannot make a pattern of `{line}`"),
        IncludeFault::Nothing => format!("finds no file `{line}`"),
    }
}

/// One of several by name, and how many there are besides.
fn several(who: &[String]) -> String {
    match who {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
    }
}

/// Words in backticks, with "and" before the last.
pub(super) fn list<Word: AsRef<str>>(words: &[Word]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
