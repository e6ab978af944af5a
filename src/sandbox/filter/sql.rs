//! Carries a filter out in the database.
//!
//! Every filter becomes a condition on the rows of users, so that none of them is read only to be passed over.

use jiff::Timestamp;
use scim_v2::filter::CompareOp;
use sqlx::{QueryBuilder, Sqlite};

use super::evaluate::matches;
use super::{Check, Equality, Expression, Location};
use crate::sandbox::attribute::Object;
use crate::sandbox::column::{Column, Holds, Presence, column};
use crate::sandbox::resource::{View, common_to_json, user_location};

/// A filter as a condition on rows: a row fulfils it where the user passes the filter.
#[derive(Debug)]
pub(crate) struct Condition {
    expression: Expression,
    /// What is the same in all users.
    common: Object,
    /// What the address of every user begins with.
    address: String,
}

/// How the parts of an expression are joined.
#[derive(Debug, Clone, Copy)]
struct Joint {
    between: &'static str,
    /// What an expression without any parts says.
    of_none: bool,
}

const AND: Joint = Joint { between: " AND ", of_none: true };
const OR: Joint = Joint { between: " OR ", of_none: false };

impl Condition {
    /// The condition of a filter over users who are seen like this.
    pub(crate) fn new(expression: Expression, view: &View) -> Self {
        Self { expression, common: common_to_json(view), address: user_location(&view.base, "") }
    }

    /// Writes the condition into a query, with its operands.
    pub(crate) fn push_to(&self, query: &mut QueryBuilder<Sqlite>) {
        self.push(query, &self.expression, None);
    }

    /// Writes an expression, in brackets, over a resource or over the one element of an attribute.
    fn push(&self, query: &mut QueryBuilder<Sqlite>, expression: &Expression, of: Option<Location>) {
        match expression {
            Expression::All(parts) => self.push_joined(query, parts, AND, of),
            Expression::Any(parts) => self.push_joined(query, parts, OR, of),
            Expression::Not(part) => {
                query.push("(NOT ");
                self.push(query, part, of);
                query.push(")");
            }
            Expression::Test(location, check) => {
                let within = |parent: Location| Location { sub: Some(location.attribute), ..parent };
                self.push_test(query, of.map_or(*location, within), check);
            }
            Expression::Element(location, inner) => {
                query.push("(");
                self.push_test(query, *location, &Check::Present);
                query.push(AND.between);
                self.push(query, inner, Some(*location));
                query.push(")");
            }
        }
    }

    /// In halves of halves: the database does not follow a thousand steps down, and a filter may have a thousand parts.
    fn push_joined(&self, query: &mut QueryBuilder<Sqlite>, parts: &[Expression], joint: Joint, of: Option<Location>) {
        match parts {
            [] => push_literal(query, joint.of_none),
            [part] => self.push(query, part, of),
            parts => {
                let (left, right) = parts.split_at(parts.len() / 2);
                query.push("(");
                self.push_joined(query, left, joint, of);
                query.push(joint.between);
                self.push_joined(query, right, joint, of);
                query.push(")");
            }
        }
    }

    fn push_test(&self, query: &mut QueryBuilder<Sqlite>, location: Location, check: &Check) {
        let Some(column) = column(location) else {
            return push_literal(query, matches(&Expression::Test(location, check.clone()), &self.common));
        };
        query.push("(");
        if column.presence == Presence::Sometimes {
            // Where there is nothing, a comparison is neither true nor false, and `NOT` would leave it so.
            let passes = matches!(
                check,
                Check::Absent | Check::Text(CompareOp::Ne, _, _) | Check::Boolean(Equality::Different, _)
            );
            self.push_value(query, column).push(if passes { " IS NULL OR " } else { " IS NOT NULL AND " });
        }
        self.push_check(query, column, check);
        query.push(")");
    }

    /// Writes what is asked of something that is there.
    fn push_check(&self, query: &mut QueryBuilder<Sqlite>, column: Column, check: &Check) {
        match (check, column.holds) {
            // An empty text counts as absent (RFC 7643 section 2.5).
            (Check::Present, Holds::Text | Holds::Address) => self.push_order(query, column, " > ", ""),
            (Check::Absent, Holds::Text | Holds::Address) => self.push_order(query, column, " = ", ""),
            (Check::Present, _) => push_literal(query, true),
            (Check::Absent, _) => push_literal(query, false),
            (Check::Text(operator, operand, _), _) => self.push_text(query, column, operator, operand),
            (Check::Boolean(Equality::Equal, flag), _) => self.push_order(query, column, " = ", *flag),
            (Check::Boolean(Equality::Different, flag), _) => self.push_order(query, column, " <> ", *flag),
            (Check::Date(operator, moment), _) => self.push_moment(query, column, operator, *moment),
        }
    }

    fn push_value<'q>(&self, query: &'q mut QueryBuilder<Sqlite>, column: Column) -> &'q mut QueryBuilder<Sqlite> {
        match column.holds {
            Holds::Address => query.push("(").push_bind(self.address.clone()).push(" || ").push(column.sql).push(")"),
            Holds::Text | Holds::Truth | Holds::Moment | Holds::Parts => query.push(column.sql),
        }
    }

    fn push_order(
        &self,
        query: &mut QueryBuilder<Sqlite>,
        column: Column,
        sign: &'static str,
        operand: impl for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite>,
    ) {
        self.push_value(query, column).push(sign).push_bind(operand);
    }

    fn push_text(&self, query: &mut QueryBuilder<Sqlite>, column: Column, operator: &CompareOp, operand: &str) {
        let bound = || operand.to_owned();
        match operator {
            CompareOp::Co => {
                self.push_value(query.push("instr("), column).push(", ").push_bind(bound()).push(") > 0");
            }
            CompareOp::Sw => {
                // An index finds the first that begins like this.
                self.push_value(query, column).push(" >= ").push_bind(bound()).push(" AND ");
                self.push_value(query.push("substr("), column).push(", 1, length(").push_bind(bound());
                query.push(")) = ").push_bind(bound());
            }
            CompareOp::Ew if operand.is_empty() => push_literal(query, true),
            CompareOp::Ew => {
                self.push_value(query.push("substr("), column).push(", -length(").push_bind(bound());
                query.push(")) = ").push_bind(bound());
            }
            CompareOp::Eq => self.push_order(query, column, " = ", bound()),
            CompareOp::Ne => self.push_order(query, column, " <> ", bound()),
            CompareOp::Gt => self.push_order(query, column, " > ", bound()),
            CompareOp::Ge => self.push_order(query, column, " >= ", bound()),
            CompareOp::Lt => self.push_order(query, column, " < ", bound()),
            CompareOp::Le => self.push_order(query, column, " <= ", bound()),
        }
    }

    /// What is stored is whole milliseconds; what is asked may be finer, and then nothing is equal to it.
    fn push_moment(&self, query: &mut QueryBuilder<Sqlite>, column: Column, operator: &CompareOp, moment: Timestamp) {
        let nanoseconds = moment.as_nanosecond();
        let is_whole = nanoseconds.rem_euclid(1_000_000) == 0;
        let floor = i64::try_from(nanoseconds.div_euclid(1_000_000)).unwrap_or(i64::MAX);
        match operator {
            CompareOp::Eq if is_whole => self.push_order(query, column, " = ", floor),
            CompareOp::Ne if is_whole => self.push_order(query, column, " <> ", floor),
            CompareOp::Ne => push_literal(query, true),
            CompareOp::Ge if is_whole => self.push_order(query, column, " >= ", floor),
            CompareOp::Gt | CompareOp::Ge => self.push_order(query, column, " > ", floor),
            CompareOp::Lt if is_whole => self.push_order(query, column, " < ", floor),
            CompareOp::Lt | CompareOp::Le => self.push_order(query, column, " <= ", floor),
            // The last three mean nothing of moments, and are refused before.
            CompareOp::Eq | CompareOp::Co | CompareOp::Sw | CompareOp::Ew => push_literal(query, false),
        }
    }
}

fn push_literal(query: &mut QueryBuilder<Sqlite>, truth: bool) {
    query.push(if truth { "TRUE" } else { "FALSE" });
}
