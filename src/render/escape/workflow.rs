//! Text in the commands that GitHub's workflows read from a log.

use crate::render::escape;

/// What stands behind the second `::` of a command. Line ends are kept, in the form a command has them.
#[must_use]
pub fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| escape::terminal(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// What stands behind a `=` of a command.
#[must_use]
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_no_command_and_begins_none() {
        assert_eq!(data("100% \r\n::error::boo"), "100%25 \\u{d}%0A\\u{3a}:error::boo");
        assert_eq!(property("a,line=1::x"), "a%2Cline=1%3A%3Ax");
        assert_eq!(property("a%2Cb"), "a%252Cb");
    }
}
