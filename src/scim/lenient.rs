//! Reading JSON for what it is: anything of an unexpected shape is skipped and leaves the default, so that one odd member
//! does not cost the whole answer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The name of a member, borrowed from the bytes where it holds no escapes.
#[derive(serde::Deserialize)]
pub(super) struct Member<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Member<'_> {
    /// Which of these names it is; names are compared without regard to case (RFC 7643 section 2.1).
    pub(super) fn among(&self, known: &[&'static str]) -> Option<&'static str> {
        known.iter().copied().find(|name| name.eq_ignore_ascii_case(&self.0))
    }

    pub(super) fn is_extension(&self) -> bool {
        self.0.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
    }
}

/// A value that is looked at for what it is: anything unexpected is skipped and leaves the default.
#[derive(Default)]
pub(super) struct Lenient<T>(pub(super) T);

/// How a type reads the shapes that mean something to it.
pub(super) trait Shape: Default {
    fn text(_text: &str) -> Self {
        Self::default()
    }
    fn flag(_flag: bool) -> Self {
        Self::default()
    }
    fn map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        skip_map(map).map(|()| Self::default())
    }
    fn list<'de, A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        skip_list(list).map(|()| Self::default())
    }
}

impl<'de, T: Shape> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(std::marker::PhantomData<T>);
        impl<'de, T: Shape> Visitor<'de> for Any<T> {
            type Value = T;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any JSON value")
            }
            fn visit_str<E>(self, text: &str) -> Result<T, E> {
                Ok(T::text(text))
            }
            fn visit_bool<E>(self, flag: bool) -> Result<T, E> {
                Ok(T::flag(flag))
            }
            fn visit_u64<E>(self, number: u64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<T, E> {
                Ok(T::text(&number.to_string()))
            }
            fn visit_unit<E>(self) -> Result<T, E> {
                Ok(T::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::map(map)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
                T::list(list)
            }
        }
        deserializer.deserialize_any(Any(std::marker::PhantomData)).map(Lenient)
    }
}

pub(super) fn next<'de, T: Shape, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value::<Lenient<T>>().map(|Lenient(value)| value)
}

pub(super) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

pub(super) fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

pub(super) fn skip_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl Shape for Option<String> {
    fn text(text: &str) -> Self {
        Some(text.to_owned())
    }
}

impl Shape for Option<usize> {
    fn text(text: &str) -> Self {
        text.trim().parse().ok()
    }
}

impl Shape for Option<bool> {
    fn text(text: &str) -> Self {
        match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    fn flag(flag: bool) -> Self {
        Some(flag)
    }
}
