//! Numbers, nouns and days, so that no other place decides about a plural or the form of a date.

use jiff::civil::Date;

/// A number and its noun: `1 user`, `2 users`, `10,000 users`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(number)) }
}

/// A number with its thousands set apart.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of times: `once`, `twice`, `3 times`.
#[must_use]
pub fn count_times(times: u32) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{times} times"),
    }
}

/// Names one after the other; of many, the first and how many there are besides.
#[must_use]
pub fn listed<Name: AsRef<str>>(names: &[Name]) -> String {
    const MANY: usize = 6;
    let shown = if names.len() > MANY { MANY - 2 } else { names.len() };
    let list = names[..shown].iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len() - shown {
        0 => list,
        more => format!("{list} and {} more", grouped(more)),
    }
}

/// A day as people write it, and no two days alike: `31 Jan 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_cut_short() {
        assert_eq!(listed(&["a", "b"]), "a, b");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d, e, f");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d and 3 more");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(
            [0, 1, 2, 1000, 1_234_567].map(|number| count(number, "user")),
            ["0 users", "1 user", "2 users", "1,000 users", "1,234,567 users"]
        );
    }
}
