//! Carries a filter out in the database, as far as columns hold what it asks for.

use std::sync::Arc;

use scim_v2::filter::CompareOp;
use sqlx::{QueryBuilder, Sqlite};

use super::{Check, Equality, Expression};
use crate::sandbox::column::{Column, Holds, Presence, column};

/// What writes a condition, with its operands, into a query.
type Writer = dyn Fn(&mut QueryBuilder<Sqlite>) + Send + Sync;

/// A condition on rows. Whatever passes the filter fulfils it.
#[derive(Clone)]
pub(crate) struct Condition {
    write: Arc<Writer>,
    precision: Precision,
}

/// How a condition stands to the filter that it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    /// It is the filter.
    Exact,
    /// It lets more through.
    Wider,
}

impl Condition {
    /// Writes the condition into a query.
    pub(crate) fn push_to(&self, query: &mut QueryBuilder<Sqlite>) {
        (self.write)(query);
    }

    /// Whether the filter must still be asked.
    pub(crate) fn precision(&self) -> Precision {
        self.precision
    }

    fn exact(write: impl Fn(&mut QueryBuilder<Sqlite>) + Send + Sync + 'static) -> Self {
        Self { write: Arc::new(write), precision: Precision::Exact }
    }
}

/// The filter as a condition on rows; `None` where the columns say nothing about it.
pub(crate) fn condition(expression: &Expression) -> Option<Condition> {
    match expression {
        Expression::All(parts) => {
            let known: Vec<Condition> = parts.iter().filter_map(condition).collect();
            let complete = known.len() == parts.len();
            joined(known, " AND ")
                .map(|all| if complete { all } else { Condition { precision: Precision::Wider, ..all } })
        }
        Expression::Any(parts) => joined(parts.iter().map(condition).collect::<Option<_>>()?, " OR "),
        Expression::Not(part) => {
            let part = condition(part).filter(|part| part.precision == Precision::Exact)?;
            Some(Condition::exact(move |query| {
                query.push("NOT ");
                part.push_to(query);
            }))
        }
        Expression::Test(location, check) => test(column(*location)?, check),
        Expression::Element(_, _) => None,
    }
}

fn joined(parts: Vec<Condition>, with: &'static str) -> Option<Condition> {
    let precision = parts.iter().map(|part| part.precision).max()?;
    let write = move |query: &mut QueryBuilder<Sqlite>| {
        for (position, part) in parts.iter().enumerate() {
            query.push(if position == 0 { "(" } else { with });
            part.push_to(query);
        }
        query.push(")");
    };
    Some(Condition { write: Arc::new(write), precision })
}

fn test(column: Column, check: &Check) -> Option<Condition> {
    let sql = column.sql;
    match check {
        Check::Present => match (column.holds, column.presence) {
            // An empty text counts as absent (RFC 7643 section 2.5).
            (Holds::ComparedText | Holds::WrittenText, _) => Some(bare(format!("coalesce({sql}, '') <> ''"))),
            (Holds::Truth | Holds::Moment, _) => Some(bare(format!("{sql} IS NOT NULL"))),
        },
        Check::Absent => match column.holds {
            Holds::ComparedText | Holds::WrittenText => Some(bare(format!("coalesce({sql}, '') = ''"))),
            Holds::Truth | Holds::Moment => Some(bare(format!("{sql} IS NULL"))),
        },
        Check::Text(operator, operand, _) if column.holds == Holds::ComparedText => text(column, operator, operand),
        Check::Boolean(Equality::Equal, flag) => Some(order(column, "=", i64::from(*flag))),
        Check::Boolean(Equality::Different, flag) => Some(differs(column, i64::from(*flag))),
        Check::Date(operator, moment) => {
            // What is finer than the stored milliseconds is compared in memory.
            let whole = moment.as_nanosecond() % 1_000_000 == 0;
            if whole { Some(order(column, sign(operator)?, moment.as_millisecond())) } else { None }
        }
        Check::Text(_, _, _) => None,
    }
}

fn text(column: Column, operator: &CompareOp, operand: &str) -> Option<Condition> {
    let sql = column.sql;
    let owned = operand.to_owned();
    match operator {
        CompareOp::Ne => Some(differs(column, owned)),
        CompareOp::Co => Some(known(column, move |query| {
            query.push(format_args!("instr({sql}, ")).push_bind(owned.clone()).push(") > 0");
        })),
        CompareOp::Sw if !operand.is_empty() => Some(known(column, move |query| {
            query.push(format_args!("{sql} >= ")).push_bind(owned.clone());
            query.push(format_args!(" AND substr({sql}, 1, length(")).push_bind(owned.clone());
            query.push(")) = ").push_bind(owned.clone());
        })),
        CompareOp::Ew if !operand.is_empty() => Some(known(column, move |query| {
            query.push(format_args!("substr({sql}, -length(")).push_bind(owned.clone());
            query.push(")) = ").push_bind(owned.clone());
        })),
        CompareOp::Sw | CompareOp::Ew => None,
        CompareOp::Eq | CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => {
            Some(order(column, sign(operator)?, owned))
        }
    }
}

fn sign(operator: &CompareOp) -> Option<&'static str> {
    match operator {
        CompareOp::Eq => Some("="),
        CompareOp::Ne => Some("<>"),
        CompareOp::Gt => Some(">"),
        CompareOp::Ge => Some(">="),
        CompareOp::Lt => Some("<"),
        CompareOp::Le => Some("<="),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => None,
    }
}

/// An operand that can be bound.
trait Operand: for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite> + Clone + Send + Sync + 'static {}

impl Operand for String {}

impl Operand for i64 {}

fn order(column: Column, sign: &'static str, operand: impl Operand) -> Condition {
    known(column, move |query| {
        query.push(format_args!("{} {sign} ", column.sql)).push_bind(operand.clone());
    })
}

/// What is not there differs from everything.
fn differs(column: Column, operand: impl Operand) -> Condition {
    Condition::exact(move |query| {
        query.push(format_args!("({0} IS NULL OR {0} <> ", column.sql)).push_bind(operand.clone()).push(")");
    })
}

/// A condition that is false, not unknown, where the column is empty, so that `NOT` turns it round.
fn known(column: Column, write: impl Fn(&mut QueryBuilder<Sqlite>) + Send + Sync + 'static) -> Condition {
    Condition::exact(move |query| {
        query.push("(");
        if column.presence == Presence::Sometimes {
            query.push(format_args!("{} IS NOT NULL AND ", column.sql));
        }
        write(query);
        query.push(")");
    })
}

fn bare(sql: String) -> Condition {
    Condition::exact(move |query| {
        query.push(format_args!("({sql})"));
    })
}
