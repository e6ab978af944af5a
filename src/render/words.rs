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

/// A day as people write it, and no two days alike: `31 Jan 2027`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(
            [0, 1, 2, 1000, 1_234_567].map(|number| count(number, "user")),
            ["0 users", "1 user", "2 users", "1,000 users", "1,234,567 users"]
        );
    }
}
