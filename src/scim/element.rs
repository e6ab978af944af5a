//! Elements of lists such as `roles` and `emails` (RFC 7643 section 2.4), read from whatever stands there.

use serde::de::{self, MapAccess, SeqAccess};

use crate::scim::lenient::{Lenient, Member, Shape, next, skip, skip_list, skip_map};

/// How many elements a list of one user has at most.
const MOST_ELEMENTS: usize = 1_000;

/// One element of a list such as `roles` (RFC 7643 section 2.4); a plain string is an element of that value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub value: Option<String>,
    /// Its name for people.
    pub display: Option<String>,
    /// What kind of element it is.
    pub kind: Option<String>,
    /// Whether it is the main one.
    pub primary: bool,
    /// Whether something stands there that says nothing here: neither a text nor a number, nor a list of what can be read.
    pub unread: bool,
}

/// A text that may be missing, or something else.
#[derive(Default)]
enum Word {
    #[default]
    Missing,
    Said(String),
    Unread,
}

impl Shape for Word {
    fn text(text: &str) -> Self {
        Self::Said(text.to_owned())
    }

    fn flag(_flag: bool) -> Self {
        Self::Unread
    }

    fn map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        skip_map(map).map(|()| Self::Unread)
    }

    fn list<'de, A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        skip_list(list).map(|()| Self::Unread)
    }
}

impl Element {
    fn unread() -> Self {
        Self { unread: true, ..Self::default() }
    }

    /// What a member of it says; that it says nothing readable is remembered.
    fn take(&mut self, word: Word) -> Option<String> {
        self.unread |= matches!(word, Word::Unread);
        if let Word::Said(text) = word { Some(text) } else { None }
    }
}

impl Shape for Element {
    fn text(text: &str) -> Self {
        Self { value: Some(text.to_owned()), ..Self::default() }
    }

    fn flag(_flag: bool) -> Self {
        Self::unread()
    }

    fn list<'de, A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        skip_list(list).map(|()| Self::unread())
    }

    fn map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut element = Self::default();
        while let Some(member) = map.next_key::<Member<'de>>()? {
            match member.among(&["value", "display", "type", "primary"]) {
                Some("value") => {
                    let word = next(&mut map)?;
                    element.value = element.take(word);
                }
                Some("display") => {
                    let word = next(&mut map)?;
                    element.display = element.take(word);
                }
                Some("type") => element.kind = next(&mut map)?,
                Some("primary") => element.primary = next::<Option<bool>, _>(&mut map)?.unwrap_or(false),
                Some(_) | None => skip(&mut map)?,
            }
        }
        Ok(element)
    }
}

impl Shape for Vec<Element> {
    fn text(text: &str) -> Self {
        vec![Element::text(text)]
    }

    fn map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Element::map(map).map(|element| vec![element])
    }

    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut elements = Self::new();
        while let Some(Lenient(element)) = list.next_element::<Lenient<Element>>()? {
            if elements.len() == MOST_ELEMENTS {
                return Err(de::Error::custom(format_args!(
                    "a list of one user has more than {MOST_ELEMENTS} elements"
                )));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}
