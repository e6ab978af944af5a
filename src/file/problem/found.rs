//! Problems as they are found.

use crate::file::problem::{Kind, Problem};

/// How many problems of one roster are kept. Nobody reads more, and a file of nothing but mistakes must not fill the memory.
const KEPT: usize = 10_000;

/// The problems found so far, and how many more there were.
#[derive(Debug, Default)]
pub(in crate::file) struct Problems {
    kept: Vec<Problem>,
    more: usize,
}

impl Problems {
    pub(in crate::file) fn push(&mut self, problem: Problem) {
        if !self.count_if_full() {
            self.kept.push(problem);
        }
    }

    /// Counts one problem more where no more are kept; whether it did.
    pub(in crate::file) fn count_if_full(&mut self) -> bool {
        let full = self.kept.len() >= KEPT;
        self.more += usize::from(full);
        full
    }

    pub(in crate::file) fn append(&mut self, other: Self) {
        let Self { kept, more } = other;
        self.extend(kept);
        self.more += more;
    }

    /// All of them by place, each once: an anchor that several accounts share is one place and one problem.
    pub(in crate::file) fn finish(self) -> Vec<Problem> {
        let Self { mut kept, more } = self;
        kept.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.severity().cmp(&other.severity())));
        kept.dedup();
        if more > 0 {
            kept.push(Problem::without_place(Kind::NotTold { more }));
        }
        kept
    }
}

impl Extend<Problem> for Problems {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::problem::Severity;

    #[test]
    fn what_is_not_kept_is_counted_and_is_an_error() {
        let mut problems = Problems::default();
        problems.extend((0..=KEPT).map(|_| Problem::without_place(Kind::NoAdmins)));
        let mut more = Problems::default();
        more.extend([Problem::without_place(Kind::NoAdmins)]);
        problems.append(more);
        let found = problems.finish();
        let expected = [Problem::without_place(Kind::NoAdmins), Problem::without_place(Kind::NotTold { more: 2 })];
        assert_eq!(found, expected);
        assert_eq!(found.last().map(Problem::severity), Some(Severity::Error));
    }
}
