//! The dialects of services, each as what differs from the RFCs.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use crate::model::dialect::pace::{Pace, Patience, Rate};
use crate::model::dialect::reading::{
    Dates, Discovery, KnownLanguages, LanguagePlace, Listing, Login, LookUp, Pages, PagesBy, Paging, Pending,
    StatusAttribute,
};
use crate::model::dialect::role::{NamedBy, Primary, RoleElements, RoleList, RoleNames, RolePlace, RoleResources};
use crate::model::dialect::wire::{Authentication, Escaping, HeaderName, MediaType, Paths, RelativePath, Scheme};
use crate::model::dialect::writing::{
    Created, Creation, Facet, Names, OperationCase, Operations, PatchShape, Resend, ResendPath, TakingOut, Update,
    Versions,
};
use crate::model::dialect::{AttributeName, AttributePath, Dialect, SchemaName};

/// The schema of the core User.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The schema of what the embedded service knows of a user beyond the core.
const ACCOUNT_USER: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";

/// The schema of what it knows of a role beyond the draft.
const ACCOUNT_ROLE: &str = "urn:roster:params:scim:schemas:extension:account:2.0:Role";

impl Dialect {
    /// The RFCs to the letter: a bearer key, `roles`, PATCH, DELETE, and `active: false` for whoever was deactivated.
    #[must_use]
    pub fn rfc() -> Self {
        Self {
            authentication: Authentication { header: HeaderName::authorization(), scheme: scheme("Bearer") },
            headers: BTreeMap::new(),
            media_type: MediaType::Scim,
            paths: Paths { users: RelativePath::fixed("Users"), escaping: Escaping::Strict },
            discovery: Discovery::Used,
            paging: pages(200),
            listing: Listing::Full,
            login: Login::UserName,
            look_up: LookUp::UserName,
            ask_for: Vec::new(),
            pending: Pending::Never,
            dates: Dates::default(),
            role: RolePlace::Elements(role_elements(Primary::Marked)),
            role_names: RoleNames::default(),
            role_resources: RoleResources::None,
            language: LanguagePlace::PreferredLanguage(KnownLanguages::default()),
            creation: created_with([Created::Active, Created::Emails]),
            update: Update::Patch(PatchShape::default()),
            versions: Versions::Sent,
            not_compared: BTreeSet::new(),
            taking_out: TakingOut::Delete,
            resend: Resend::Never,
            pace: Pace { at_once: number(4), rate: None, write_rate: None },
            patience: Patience { retries: 3, timeout: number(60), longest_wait: number(60) },
        }
    }
}

pub(super) fn klaviyo() -> Dialect {
    let languages = ["en-US", "fr"].iter().filter_map(|language| language.parse().ok());
    Dialect {
        authentication: Authentication { header: HeaderName::authorization(), scheme: scheme("Klaviyo-API-Key") },
        pending: Pending::Inactive,
        language: LanguagePlace::PreferredLanguage(KnownLanguages::only(languages.collect())),
        ..Dialect::rfc()
    }
}

pub(super) fn sandbox() -> Dialect {
    let fact = |attribute| extension(ACCOUNT_USER, attribute);
    Dialect {
        paging: Paging::Pages(Pages { by: PagesBy::Index, size: Some(number(1000)), ..Pages::usual() }),
        ask_for: [USER, ACCOUNT_USER].map(SchemaName::fixed).to_vec(),
        pending: Pending::Attribute(StatusAttribute {
            place: fact("status"),
            invited: words(["invited"]),
            deactivated: words(["deactivated"]),
        }),
        dates: Dates {
            invited: Some(fact("invitedAt")),
            invitation_expires: Some(fact("invitationExpires")),
            last_login: Some(fact("lastLogin")),
            added: Some(fact("addedAt")),
        },
        role_resources: RoleResources::Managed(Some(SchemaName::fixed(ACCOUNT_ROLE))),
        resend: Resend::Post(ResendPath::fixed("../../users/{id}/invitation")),
        pace: Pace { at_once: number(16), rate: None, write_rate: None },
        ..Dialect::rfc()
    }
}

pub(super) fn slack() -> Dialect {
    let rate = |requests| Some(Rate { requests: number(requests), seconds: number(60), burst: number(20) });
    Dialect {
        media_type: MediaType::Json,
        paging: pages(1000),
        role: RolePlace::Nowhere,
        language: LanguagePlace::Locale(KnownLanguages::default()),
        taking_out: TakingOut::SoftDelete,
        pace: Pace { at_once: number(4), rate: rate(300), write_rate: rate(180) },
        ..Dialect::rfc()
    }
}

pub(super) fn github_enterprise() -> Dialect {
    let spellings = [
        ("owner", "enterprise_owner"),
        ("billing-manager", "billing_manager"),
        ("guest-collaborator", "guest_collaborator"),
    ];
    Dialect {
        login: Login::Email,
        look_up: LookUp::ExternalId,
        paging: pages(100),
        role: RolePlace::Elements(role_elements(Primary::LeftOut)),
        role_names: role_names(spellings),
        language: LanguagePlace::Nowhere,
        creation: created_with([Created::Active, Created::Emails, Created::DisplayName, Created::ExternalId]),
        taking_out: TakingOut::Deactivate,
        ..Dialect::rfc()
    }
}

pub(super) fn aws_identity_center() -> Dialect {
    let with = created_with([Created::Active, Created::Emails, Created::DisplayName]);
    Dialect {
        media_type: MediaType::Json,
        paging: pages(50),
        listing: Listing::Partial,
        role: RolePlace::Nowhere,
        creation: Creation { names: Names::Required, ..with },
        update: one_operation_each(),
        versions: Versions::Ignored,
        ..Dialect::rfc()
    }
}

pub(super) fn atlassian() -> Dialect {
    Dialect {
        paging: pages(100),
        role: RolePlace::Nowhere,
        creation: created_with([Created::Active, Created::Emails, Created::DisplayName]),
        taking_out: TakingOut::SoftDelete,
        ..Dialect::rfc()
    }
}

pub(super) fn databricks() -> Dialect {
    Dialect {
        paging: pages(100),
        role: RolePlace::Elements(role_elements(Primary::LeftOut)),
        language: LanguagePlace::Nowhere,
        creation: created_with([Created::Active, Created::Emails, Created::DisplayName]),
        ..Dialect::rfc()
    }
}

pub(super) fn zulip() -> Dialect {
    Dialect {
        role: RolePlace::Attribute(AttributePath::core(AttributeName::fixed("role"))),
        language: LanguagePlace::Nowhere,
        creation: created_with([Created::Active, Created::Emails, Created::FormattedName]),
        update: one_operation_each(),
        versions: Versions::Ignored,
        not_compared: [Facet::FirstName, Facet::LastName].into(),
        taking_out: TakingOut::Deactivate,
        ..Dialect::rfc()
    }
}

pub(super) fn sentry() -> Dialect {
    Dialect {
        paging: pages(100),
        role: RolePlace::Attribute(AttributePath::core(AttributeName::fixed("sentryOrgRole"))),
        language: LanguagePlace::Nowhere,
        not_compared: [Facet::FirstName, Facet::LastName].into(),
        taking_out: TakingOut::DeactivateDeletes,
        ..Dialect::rfc()
    }
}

pub(super) fn pagerduty() -> Dialect {
    let elements = RoleElements { kind: Some("base".to_owned()), ..role_elements(Primary::LeftOut) };
    Dialect {
        paging: pages(100),
        role: RolePlace::Elements(elements),
        taking_out: TakingOut::DeactivateDeletes,
        ..Dialect::rfc()
    }
}

pub(super) fn launchdarkly() -> Dialect {
    let schema = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
    Dialect {
        paging: pages(100),
        role: RolePlace::Attribute(extension(schema, "role")),
        language: LanguagePlace::Nowhere,
        ..Dialect::rfc()
    }
}

pub(super) fn miro() -> Dialect {
    let rate = |requests| Some(Rate { requests: number(requests), seconds: number(30), burst: number(20) });
    Dialect {
        paging: pages(100),
        update: Update::Patch(PatchShape { case: OperationCase::Capital, ..PatchShape::default() }),
        pace: Pace { at_once: number(2), rate: rate(200), write_rate: rate(20) },
        ..Dialect::rfc()
    }
}

pub(super) fn datadog() -> Dialect {
    Dialect {
        role: RolePlace::Elements(role_elements(Primary::LeftOut)),
        language: LanguagePlace::Nowhere,
        taking_out: TakingOut::SoftDelete,
        ..Dialect::rfc()
    }
}

fn scheme(word: &'static str) -> Option<Scheme> {
    Some(Scheme::fixed(word))
}

fn extension(schema: &'static str, attribute: &'static str) -> AttributePath {
    AttributePath { schema: Some(SchemaName::fixed(schema)), attribute: AttributeName::fixed(attribute) }
}

fn pages(size: u32) -> Paging {
    Paging::Pages(Pages { size: NonZeroU32::new(size), ..Pages::usual() })
}

fn role_elements(primary: Primary) -> RoleElements {
    RoleElements { list: RoleList::Roles, named_by: NamedBy::Value, primary, kind: None }
}

fn role_names<const N: usize>(spellings: [(&str, &str); N]) -> RoleNames {
    let spellings = spellings.into_iter().filter_map(|(role, text)| Some((role.parse().ok()?, vec![text.to_owned()])));
    RoleNames::new(spellings.collect()).unwrap_or_default()
}

fn created_with<const N: usize>(with: [Created; N]) -> Creation {
    Creation { with: with.into(), email_type: Some("work".to_owned()), names: Names::Optional }
}

fn one_operation_each() -> Update {
    Update::Patch(PatchShape { operations: Operations::OneEach, ..PatchShape::default() })
}

fn words<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.map(str::to_owned).into()
}

/// A number that is written in this file, none of which is zero.
fn number(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN)
}
