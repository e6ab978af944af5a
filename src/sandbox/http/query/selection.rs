//! What a search selects: of the users in the database, and of what is few by hand.

use super::Search;
use crate::sandbox::attribute::{Object, ResourceSchema};
use crate::sandbox::column::{Column, Holds, column};
use crate::sandbox::filter::evaluate::{first_text, matches};
use crate::sandbox::filter::sql::Condition;
use crate::sandbox::filter::{self, Location};
use crate::sandbox::refusal::{Keyword, Refusal};
use crate::sandbox::resource::View;
use crate::sandbox::store::search::{Direction, Selection};

impl Search {
    /// Which users, in which order.
    ///
    /// # Errors
    ///
    /// 400 `invalidFilter`, and `invalidPath` or `invalidValue` for the order.
    pub(crate) fn selection(&self, schema: &ResourceSchema, view: &View) -> Result<Selection, Refusal> {
        let condition = match &self.filter {
            None => None,
            Some(text) => Some(Condition::new(filter::read(text, schema)?, view)),
        };
        Ok(Selection { condition, order: self.order(schema)? })
    }

    /// Those of some resources that pass the filter, in the order that was asked for.
    ///
    /// # Errors
    ///
    /// 400 `invalidFilter`, and `invalidPath` or `invalidValue` for the order.
    pub(crate) fn pick(&self, resources: Vec<Object>, schema: &ResourceSchema) -> Result<Vec<Object>, Refusal> {
        let mut picked = match &self.filter {
            None => resources,
            Some(text) => {
                let expression = filter::read(text, schema)?;
                resources.into_iter().filter(|resource| matches(&expression, resource)).collect()
            }
        };
        let direction = self.direction()?;
        if let Some(path) = self.sort_by.as_deref() {
            let place = schema.find_text(path).ok_or_else(|| unsortable(path))?;
            let location = Location::of(&place);
            // Who lacks the attribute comes last, and first where the order is turned round.
            picked.sort_by_cached_key(|resource| {
                let text = first_text(resource, location);
                (text.is_none(), text)
            });
            if direction == Direction::Descending {
                picked.reverse();
            }
        }
        Ok(picked)
    }

    /// Whether the filter speaks of attributes that such resources have.
    pub(crate) fn concerns(&self, schema: &ResourceSchema) -> bool {
        self.filter.as_deref().is_none_or(|text| filter::read(text, schema).is_ok())
    }

    /// Whether an order was asked for.
    pub(crate) fn is_sorted(&self) -> bool {
        self.sort_by.is_some()
    }

    fn direction(&self) -> Result<Direction, Refusal> {
        match self.sort_order.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("ascending") => Ok(Direction::Ascending),
            Some("descending") => Ok(Direction::Descending),
            Some(other) => {
                let detail = format!("`sortOrder` is `ascending` or `descending`, not `{other}`");
                Err(Refusal::bad(Keyword::InvalidValue, detail))
            }
        }
    }

    fn order(&self, schema: &ResourceSchema) -> Result<Option<(Column, Direction)>, Refusal> {
        let direction = self.direction()?;
        let Some(path) = self.sort_by.as_deref() else { return Ok(None) };
        let column =
            schema.find_text(path).and_then(|place| column(Location::of(&place))).ok_or_else(|| unsortable(path))?;
        if column.holds == Holds::Parts {
            return Err(unsortable(path));
        }
        Ok(Some((column, direction)))
    }
}

fn unsortable(path: &str) -> Refusal {
    Refusal::bad(Keyword::InvalidPath, format!("nothing here can be sorted by `{path}`"))
}
