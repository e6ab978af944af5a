//! The word that a roster has for each choice of a dialect.

use crate::model::dialect::reading::{Discovery, End, Listing, Login, LookUp, PagesBy};
use crate::model::dialect::role::{NamedBy, Primary};
use crate::model::dialect::wire::{Escaping, MediaType};
use crate::model::dialect::writing::{
    Created, Facet, Names, OperationCase, Operations, PatchPaths, TakingOut, Versions,
};
use crate::render::yaml::Value;

/// A choice with a word for it.
pub(super) trait Worded {
    fn word(&self) -> Value;
}

macro_rules! words {
    ($($choice:ident { $($one:ident => $word:literal),+ $(,)? })+) => {
        $(impl Worded for $choice {
            fn word(&self) -> Value {
                Value::Text(match self { $(Self::$one => $word,)+ }.to_owned())
            }
        })+
    };
}

words! {
    MediaType { Scim => "scim", Json => "json" }
    Escaping { Strict => "strict", Sparing => "sparing" }
    Discovery { Used => "use", Ignored => "ignore" }
    PagesBy { Auto => "auto", Index => "index", Cursor => "cursor" }
    End { Proven => "proven", Total => "total" }
    Listing { Full => "full", Partial => "partial", Absent => "none" }
    Login { UserName => "user-name", Email => "email" }
    LookUp { UserName => "user-name", ExternalId => "external-id", Email => "email", Listing => "listing" }
    Primary { Marked => "marked", LeftOut => "left-out" }
    NamedBy { Value => "value", Display => "display", Listing => "listing" }
    Created {
        Active => "active",
        Emails => "emails",
        DisplayName => "display-name",
        FormattedName => "formatted-name",
        ExternalId => "external-id",
    }
    Names { Optional => "optional", Required => "required" }
    PatchPaths { Named => "named", InValue => "in-value" }
    Operations { Together => "together", OneEach => "one-each" }
    OperationCase { Lower => "lower", Capital => "capital" }
    Versions { Sent => "send", Ignored => "ignore" }
    Facet { Role => "role", FirstName => "first-name", LastName => "last-name", Status => "status" }
    TakingOut {
        Delete => "delete",
        SoftDelete => "soft-delete",
        Deactivate => "deactivate",
        DeactivateDeletes => "deactivate-deletes",
        DeactivateThenDelete => "deactivate-then-delete",
    }
}
