//! Carries a filter out in the database, where columns hold exactly what it asks for.

use scim_v2::filter::CompareOp;

use super::{Check, Expression, Location};
use crate::sandbox::attribute::Case;
use crate::sandbox::store::users::Condition;

/// The filter as a condition on rows; `None` where the columns cannot answer it.
pub(crate) fn condition(expression: &Expression) -> Option<Condition> {
    let Expression::Test(location, check) = expression else { return None };
    let Location { extension: None, attribute, sub: None } = location else { return None };
    let (column, operand) = match (*attribute, check) {
        ("userName", Check::Text(CompareOp::Eq, operand, Case::Ignored)) => ("user_name_folded = ", operand.clone()),
        ("id", Check::Text(CompareOp::Eq, operand, Case::Exact)) => ("id = ", operand.clone()),
        (_, _) => return None,
    };
    Some(Box::new(move |query| {
        query.push(column).push_bind(operand.clone());
    }))
}
