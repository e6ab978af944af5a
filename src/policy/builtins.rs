//! The functions of OPA that rules about plans need and that the engine is built without: those of time, over the moment that
//! the plan says it was made at, and a range of numbers that fills no memory. They know of no clock: `time.now_ns` is not among them, and neither is chance.

use anyhow::{Result, anyhow, bail};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use regorus::{Engine, Value};

/// How many numbers a range may have.
const MOST_NUMBERS: u64 = 100_000;

/// What a function does with what it is given.
type Function = fn(&[Value]) -> Result<Value>;

/// Adds them. They come before functions of the engine that have the same names.
pub(super) fn add(engine: &mut Engine) {
    let functions: [(&str, u8, Function); 7] = [
        ("time.parse_rfc3339_ns", 1, parse),
        ("time.weekday", 1, weekday),
        ("time.date", 1, date),
        ("time.clock", 1, clock),
        ("numbers.range", 2, range),
        ("time.now_ns", 0, no_clock),
        ("rand.intn", 2, no_chance),
    ];
    for (name, takes, function) in functions {
        let added = engine.add_extension(name.to_owned(), takes, Box::new(move |values: Vec<Value>| function(&values)));
        debug_assert!(added.is_ok(), "{name} is there already");
    }
}

/// All whole numbers from one to another, both included.
fn range(values: &[Value]) -> Result<Value> {
    let [from, to] = values else { bail!("numbers.range takes two numbers") };
    let (Ok(from), Ok(to)) = (from.as_i64(), to.as_i64()) else { bail!("numbers.range takes two whole numbers") };
    if from.abs_diff(to) >= MOST_NUMBERS {
        bail!("numbers.range has {MOST_NUMBERS} numbers at most");
    }
    let upwards: Vec<i64> = (from.min(to)..=from.max(to)).collect();
    let numbers = if from <= to { upwards } else { upwards.into_iter().rev().collect() };
    Ok(Value::from(numbers.into_iter().map(Value::from).collect::<Vec<_>>()))
}

/// Nanoseconds since 1970 of a moment as RFC 3339 writes it.
fn parse(values: &[Value]) -> Result<Value> {
    let [Value::String(text)] = values else { bail!("time.parse_rfc3339_ns takes a text") };
    let at: Timestamp = text.parse().map_err(|_| anyhow!("`{text}` is no moment of RFC 3339"))?;
    Ok(Value::from(i64::try_from(at.as_nanosecond())?))
}

/// The name of the day: `Friday`.
fn weekday(values: &[Value]) -> Result<Value> {
    Ok(Value::from(moment(values)?.strftime("%A").to_string()))
}

/// Year, month and day.
fn date(values: &[Value]) -> Result<Value> {
    let at = moment(values)?;
    Ok(numbers([i64::from(at.year()), i64::from(at.month()), i64::from(at.day())]))
}

/// Hour, minute and second.
fn clock(values: &[Value]) -> Result<Value> {
    let at = moment(values)?;
    Ok(numbers([i64::from(at.hour()), i64::from(at.minute()), i64::from(at.second())]))
}

fn no_clock(_: &[Value]) -> Result<Value> {
    bail!("there is no clock here: `input.plan.created` is when the plan was made")
}

fn no_chance(_: &[Value]) -> Result<Value> {
    bail!("there is no chance here: the same plan is judged alike each time")
}

/// A moment in nanoseconds, in UTC, or with the name of a time zone.
fn moment(values: &[Value]) -> Result<Zoned> {
    let nanoseconds = |value: &Value| {
        let number = value.as_i64().map_err(|_| anyhow!("a moment is a number of nanoseconds"))?;
        Ok::<_, anyhow::Error>(Timestamp::from_nanosecond(i128::from(number))?)
    };
    match values {
        [Value::Array(both)] => match both.as_slice() {
            [at, Value::String(zone)] => Ok(nanoseconds(at)?.in_tz(zone)?),
            _ => bail!("a moment is nanoseconds, or an array of them and a time zone"),
        },
        [at] => Ok(nanoseconds(at)?.to_zoned(TimeZone::UTC)),
        _ => bail!("one moment is expected"),
    }
}

fn numbers(numbers: [i64; 3]) -> Value {
    Value::from(numbers.map(Value::from).to_vec())
}
