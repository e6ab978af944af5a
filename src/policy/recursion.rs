//! Functions that call themselves. Open Policy Agent refuses them; the engine here would follow them until the stack ends, and the
//! process with it.

use std::collections::{BTreeMap, BTreeSet};

/// The functions of all files, by the last part of their names, and what each of them calls.
///
/// Two functions of one name in two packages count as one: what might be a circle is refused.
#[derive(Debug, Default)]
pub(super) struct Calls(BTreeMap<String, BTreeSet<String>>);

impl Calls {
    /// Takes the functions of a file into account.
    pub(super) fn add(&mut self, text: &str) {
        let mut current: Option<String> = None;
        for line in plain(text).lines() {
            let begins = line.starts_with(|c: char| c.is_alphabetic() || c == '_');
            let mut names = called(line).into_iter();
            if begins {
                let head = line.strip_prefix("default ").unwrap_or(line);
                let is_function =
                    names.as_slice().first().is_some_and(|(at, _)| head_ends(head) + (line.len() - head.len()) == *at);
                current = if is_function { names.next().map(|(_, name)| name) } else { None };
            }
            if let Some(function) = &current {
                self.0.entry(function.clone()).or_default().extend(names.map(|(_, name)| name));
            }
        }
    }

    /// A function that comes back to itself, where there is one.
    pub(super) fn circle(&self) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|function| self.reaches(function))
    }

    fn reaches(&self, function: &str) -> bool {
        let (mut seen, mut next) = (BTreeSet::new(), vec![function]);
        while let Some(name) = next.pop() {
            for called in self.0.get(name).into_iter().flatten() {
                if called == function {
                    return true;
                }
                if seen.insert(called.as_str()) {
                    next.push(called);
                }
            }
        }
        false
    }
}

/// The text without what stands in quotes or behind a `#`.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '#' => {
                if characters.by_ref().any(|c| c == '\n') {
                    plain.push('\n');
                }
            }
            '"' => {
                while let Some(inside) = characters.next() {
                    match inside {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '`' => drop(characters.by_ref().any(|c| c == '`')),
            other => plain.push(other),
        }
    }
    plain
}

/// The last parts of the names that stand before a parenthesis, and where the parentheses are.
fn called(line: &str) -> Vec<(usize, String)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let opened = line.match_indices('(').filter_map(|(at, _)| {
        let name: String = line[..at].chars().rev().take_while(|c| is_part(*c)).collect();
        (!name.is_empty()).then(|| (at, name.chars().rev().collect()))
    });
    opened.collect()
}

/// Where the name at the head of a rule ends.
fn head_ends(head: &str) -> usize {
    head.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(head.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_comes_back_to_itself_is_found() {
        let circle = |texts: &[&str]| {
            let mut calls = Calls::default();
            texts.iter().for_each(|text| calls.add(text));
            calls.circle().map(str::to_owned)
        };
        assert_eq!(circle(&["f(x) := f(x)"]).as_deref(), Some("f"));
        assert_eq!(
            circle(&["default f(_) := 1\nf(x) := y if {\n\ty := g(x)\n}\n", "g(x) := data.a.f(x)"]).as_deref(),
            Some("f")
        );
        assert_eq!(circle(&["f(x) := g(x)\ng(x) := count(x)\ndeny contains f(1) if { not f(2) }"]), None);
        assert_eq!(circle(&["f(x) := \"f(x)\" # f(x)\n"]), None);
    }
}
