//! What was seen while reading: claims, pages, filters, versions.

/// How a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What the body is said to be.
    pub media: Media,
    /// What the server says of it, shortened and fit to show; nothing where it says nothing.
    pub detail: String,
}

/// What a body is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Media {
    /// `application/scim+json`.
    Scim,
    /// `application/json`.
    Json,
    /// Something else.
    Other,
    /// Nothing is said.
    Unsaid,
}

/// What a server says of itself (RFC 7644 section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `/ServiceProviderConfig`.
    pub features: Claim<Features>,
    /// The attributes that `/Schemas` gives a user.
    pub schemas: Claim<Attributes>,
    /// The names of the roles that are resources of their own, at `/Roles`.
    pub roles: Claim<Vec<String>>,
}

/// Whether a server says something of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim<T> {
    /// It does.
    Said(T),
    /// It answered like this instead.
    Unsaid(Answer),
}

/// What a server says it can do; nothing where it leaves something out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// PATCH.
    pub patch: Option<bool>,
    /// Filters.
    pub filter: Option<bool>,
    /// The most users that one answer holds.
    pub most_results: Option<u64>,
    /// `ETag` and `If-Match`.
    pub versions: Option<bool>,
    /// Many changes in one request.
    pub bulk: Option<bool>,
    /// Pages by `startIndex`.
    pub by_index: Option<bool>,
    /// Pages by cursor (RFC 9865).
    pub by_cursor: Option<bool>,
    /// The most users that one page holds.
    pub page_limit: Option<u32>,
}

/// Attributes that a schema gives users, of the core by name, of extensions by schema and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The names in the core.
    pub core: Vec<String>,
    /// Schema and name in extensions.
    pub extensions: Vec<(String, String)>,
    /// The extensions of which something is shown on request only.
    pub on_request: Vec<String>,
}

/// What came where schemas were named whose attributes are shown on request only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRequest {
    /// The schemas that were named.
    pub schemas: Vec<String>,
    /// How many users then had something of them.
    pub users: usize,
}

/// How the listing is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingSeen {
    /// `GET /Users`, with nothing said about pages.
    pub bare: Listed,
    /// The first two users, by `startIndex=1&count=2`.
    pub first_two: Listed,
    /// The second user alone, by `startIndex=2&count=1`; not asked for where there are fewer than two, or no pages by
    /// index.
    pub second: Option<Listed>,
    /// As many as were asked for, from the most downwards until the server agreed.
    pub large: Vec<(usize, Listed)>,
    /// Past the last user; not asked for where nobody knows where that is.
    pub past_the_end: Option<Listed>,
    /// The page that the cursor of the bare one leads to; not asked for where there was none.
    pub by_cursor: Option<Listed>,
}

/// How a listing was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// A page.
    Page(Page),
    /// Something else.
    Refused(Answer),
}

/// A page of a listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// `totalResults`.
    pub total: Option<usize>,
    /// The ids on it, in their order; nothing for an entry without one.
    pub ids: Vec<Option<String>>,
    /// Whether it says how the next one is called.
    pub has_cursor: bool,
}

/// A filter that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filter {
    /// `userName eq` with the login of somebody who is there.
    Login,
    /// The same in another case.
    LoginInOtherCase,
    /// `userName eq` with a login that nobody has.
    Nobody,
    /// `emails.value eq` with the address of somebody who is there.
    Email,
    /// `externalId eq` with the external id of somebody who is there.
    ExternalId,
}

/// How a filter was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filtered {
    /// With exactly whom it is about.
    TheOne,
    /// With nobody.
    Nobody,
    /// With others too, or with others alone.
    Others {
        /// How many came.
        came: usize,
    },
    /// Not with a listing.
    Refused(Answer),
}

/// One user, read alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Single {
    /// The user as JSON, every value masked.
    pub masked: String,
    /// What its version is worth.
    pub version: Version,
}

/// What a user's version is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// There is none.
    None,
    /// It is the same when nothing changed.
    Stable,
    /// It is another one at the next look.
    Changing,
}

impl Listed {
    /// The page, where it is one.
    #[must_use]
    pub fn page(&self) -> Option<&Page> {
        match self {
            Self::Page(page) => Some(page),
            Self::Refused(_) => None,
        }
    }
}

impl ListingSeen {
    /// The largest page that was sent.
    #[must_use]
    pub fn largest(&self) -> Option<&Page> {
        let Self { bare, first_two, second: _, large, past_the_end: _, by_cursor: _ } = self;
        let pages = large.iter().map(|(_, listed)| listed).chain([bare, first_two]);
        pages.filter_map(Listed::page).max_by_key(|page| page.ids.len())
    }

    /// How many users there are, as the first page that tells says.
    #[must_use]
    pub fn total(&self) -> Option<usize> {
        self.bare.page().or_else(|| self.largest()).and_then(|page| page.total)
    }
}

impl<T> Claim<T> {
    /// What is said, where something is.
    #[must_use]
    pub fn said(&self) -> Option<&T> {
        match self {
            Self::Said(claim) => Some(claim),
            Self::Unsaid(_) => None,
        }
    }
}
