//! What each word of a dialect means.

use std::collections::BTreeSet;

use crate::file::raw::dialect as raw;
use crate::file::raw::{reading as raw_reading, writing as raw_writing};
use crate::file::shape::Field;
use crate::model::dialect::preset::Preset;
use crate::model::dialect::reading::{
    Discovery, End, KnownLanguages, LanguagePlace, Listing, Login, LookUp, PagesBy, Pending,
};
use crate::model::dialect::role::{NamedBy, Primary, RoleElements, RoleList, RolePlace, RoleResources};
use crate::model::dialect::wire::{Escaping, MediaType};
use crate::model::dialect::writing::{
    Created, Facet, Names, OperationCase, Operations, PatchPaths, PatchShape, Resend, TakingOut, Versions,
};

/// Each word, and what it means.
macro_rules! meaning {
    ($($word:path => $meaning:path { $($one:ident => $other:ident),+ $(,)? })+) => {
        $(impl From<$word> for $meaning {
            fn from(word: $word) -> Self {
                match word {
                    $(<$word>::$one => Self::$other,)+
                }
            }
        })+
    };
}

meaning! {
    raw::Preset => Preset {
        Rfc => Rfc,
        Klaviyo => Klaviyo,
        Sandbox => Sandbox,
        Slack => Slack,
        GithubEnterprise => GithubEnterprise,
        AwsIdentityCenter => AwsIdentityCenter,
        Atlassian => Atlassian,
        Databricks => Databricks,
        Zulip => Zulip,
        Sentry => Sentry,
        Pagerduty => Pagerduty,
        Launchdarkly => Launchdarkly,
        Miro => Miro,
        Datadog => Datadog,
    }
    raw::MediaType => MediaType { Scim => Scim, Json => Json }
    raw::Escaping => Escaping { Strict => Strict, Sparing => Sparing }
    raw::Discovery => Discovery { Use => Used, Ignore => Ignored }
    raw_reading::PagesBy => PagesBy { Auto => Auto, Index => Index, Cursor => Cursor }
    raw_reading::End => End { Proven => Proven, Total => Total }
    raw_reading::Listing => Listing { Full => Full, Partial => Partial, None => Absent }
    raw_reading::Login => Login { UserName => UserName, Email => Email }
    raw_reading::LookUp => LookUp { UserName => UserName, ExternalId => ExternalId, Email => Email, Listing => Listing }
    raw_reading::PendingWord => Pending { Never => Never, Inactive => Inactive, Absent => Absent }
    raw_reading::Primary => Primary { Marked => Marked, LeftOut => LeftOut }
    raw_reading::NamedBy => NamedBy { Value => Value, Display => Display, Listing => Listing }
    raw_writing::Created => Created {
        Active => Active,
        Emails => Emails,
        DisplayName => DisplayName,
        FormattedName => FormattedName,
        ExternalId => ExternalId,
    }
    raw_writing::Names => Names { Optional => Optional, Required => Required }
    raw_writing::PatchPaths => PatchPaths { Named => Named, InValue => InValue }
    raw_writing::Operations => Operations { Together => Together, OneEach => OneEach }
    raw_writing::OperationCase => OperationCase { Lower => Lower, Capital => Capital }
    raw_writing::Versions => Versions { Send => Sent, Ignore => Ignored }
    raw_writing::Facet => Facet { Role => Role, FirstName => FirstName, LastName => LastName, Status => Status }
    raw_writing::TakeOut => TakingOut {
        Delete => Delete,
        SoftDelete => SoftDelete,
        Deactivate => Deactivate,
        DeactivateDeletes => DeactivateDeletes,
        DeactivateThenDelete => DeactivateThenDelete,
    }
    raw_writing::ResendWord => Resend { Never => Never, Recreate => Recreate }
}

impl From<raw_reading::RoleWord> for RolePlace {
    fn from(word: raw_reading::RoleWord) -> Self {
        let elements = |list| {
            Self::Elements(RoleElements { list, named_by: NamedBy::Value, primary: Primary::Marked, kind: None })
        };
        match word {
            raw_reading::RoleWord::Roles => elements(RoleList::Roles),
            raw_reading::RoleWord::Entitlements => elements(RoleList::Entitlements),
            raw_reading::RoleWord::RoleTexts => Self::Texts(RoleList::Roles),
            raw_reading::RoleWord::EntitlementTexts => Self::Texts(RoleList::Entitlements),
            raw_reading::RoleWord::Nowhere => Self::Nowhere,
        }
    }
}

impl From<raw_reading::RoleResourcesWord> for RoleResources {
    fn from(word: raw_reading::RoleResourcesWord) -> Self {
        match word {
            raw_reading::RoleResourcesWord::None => Self::None,
            raw_reading::RoleResourcesWord::Listed => Self::Listed,
            raw_reading::RoleResourcesWord::Managed => Self::Managed(None),
        }
    }
}

/// Where the language stands, and which languages it may be.
pub(super) fn language(word: raw_reading::LanguageWord, known: KnownLanguages) -> LanguagePlace {
    match word {
        raw_reading::LanguageWord::PreferredLanguage => LanguagePlace::PreferredLanguage(known),
        raw_reading::LanguageWord::Locale => LanguagePlace::Locale(known),
        raw_reading::LanguageWord::Nowhere => LanguagePlace::Nowhere,
    }
}

/// The shape of a PATCH, with what is not said taken from another.
pub(super) fn patch(written: &raw_writing::PatchShape, usual: PatchShape) -> PatchShape {
    let raw_writing::PatchShape { paths, operations, case } = written;
    PatchShape {
        paths: paths.written().map_or(usual.paths, |(word, _)| (*word).into()),
        operations: operations.written().map_or(usual.operations, |(word, _)| (*word).into()),
        case: case.written().map_or(usual.case, |(word, _)| (*word).into()),
    }
}

/// The words of a list that could be read.
pub(super) fn chosen<Word: Copy, Meaning: From<Word> + Ord>(written: &[Field<Word>]) -> BTreeSet<Meaning> {
    written.iter().filter_map(Field::written).map(|(word, _)| (*word).into()).collect()
}
