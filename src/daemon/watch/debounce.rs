//! When a source that changes has been still for long enough: no clock, no files, only moments.

use std::time::Duration;

use tokio::time::Instant;

/// How long a source must be still before it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stillness {
    /// How long nothing may happen.
    pub quiet: Duration,
    /// After so long it is looked at although things go on happening.
    pub longest: Duration,
}

/// Gathers signs of change until they stop. A source is sampled half-way through the quiet and confirmed at its end, so
/// that one that is written without a sign is seen to change.
#[derive(Debug)]
pub(super) struct Debounce {
    stillness: Stillness,
    stir: Option<Stir>,
}

/// What is going on.
#[derive(Debug, Clone, Copy)]
struct Stir {
    began: Instant,
    latest: Instant,
    sampled: bool,
}

/// What it is time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Look at the source and remember how it looked.
    Sample,
    /// Read it; it must look the same still.
    Confirm,
}

impl Default for Stillness {
    fn default() -> Self {
        Self { quiet: Duration::from_secs(2), longest: Duration::from_secs(10) }
    }
}

impl Debounce {
    pub(super) fn new(stillness: Stillness) -> Self {
        Self { stillness, stir: None }
    }

    /// Something happened, or is suspected to have.
    pub(super) fn stirred(&mut self, now: Instant) {
        let before = self.stir;
        let began = before.map_or(now, |stir| stir.began);
        // What is sampled at the very end stays so, or a source that never rests would never be looked at.
        let sampled = before.is_some_and(|stir| stir.sampled) && now >= self.last_sample(began);
        self.stir = Some(Stir { began, latest: now, sampled });
    }

    /// What it was read as differs from how it was sampled: it is being written.
    pub(super) fn unsettled(&mut self, now: Instant) {
        self.stir = Some(Stir { began: now, latest: now, sampled: false });
    }

    /// When the next step is due; nothing while all is quiet.
    pub(super) fn due(&self) -> Option<(Instant, Step)> {
        let Stir { began, latest, sampled } = self.stir?;
        let Stillness { quiet, longest } = self.stillness;
        Some(if sampled {
            ((latest + quiet).min(began + longest), Step::Confirm)
        } else {
            ((latest + quiet / 2).min(self.last_sample(began)), Step::Sample)
        })
    }

    /// The step that was due is taken.
    pub(super) fn taken(&mut self, step: Step) {
        match step {
            Step::Confirm => self.stir = None,
            Step::Sample => {
                if let Some(stir) = &mut self.stir {
                    stir.sampled = true;
                }
            }
        }
    }

    fn last_sample(&self, began: Instant) -> Instant {
        began + self.stillness.longest.saturating_sub(self.stillness.quiet / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens to a source, in milliseconds, and which steps that leads to.
    fn steps(stirs: impl IntoIterator<Item = u64>) -> Vec<(u128, Step)> {
        let start = Instant::now();
        let mut debounce = Debounce::new(Stillness::default());
        let mut steps = Vec::new();
        let mut take_until = |debounce: &mut Debounce, until: Option<Instant>| {
            while let Some((at, step)) = debounce.due().filter(|(at, _)| until.is_none_or(|until| *at < until)) {
                debounce.taken(step);
                steps.push(((at - start).as_millis(), step));
            }
        };
        for stir in stirs {
            let at = start + Duration::from_millis(stir);
            take_until(&mut debounce, Some(at));
            debounce.stirred(at);
        }
        take_until(&mut debounce, None);
        steps
    }

    #[test]
    fn a_burst_is_looked_at_once_and_after_it() {
        assert_eq!(steps([]), []);
        assert_eq!(steps([0]), [(1000, Step::Sample), (2000, Step::Confirm)]);
        assert_eq!(steps((0..1000).map(|at| at / 10)), [(1099, Step::Sample), (2099, Step::Confirm)]);
    }

    #[test]
    fn a_change_between_sample_and_confirmation_begins_anew() {
        assert_eq!(steps([0, 1500]), [(1000, Step::Sample), (2500, Step::Sample), (3500, Step::Confirm)]);
    }

    #[test]
    fn what_never_rests_is_looked_at_all_the_same() {
        let expected = [(9000, Step::Sample), (10_000, Step::Confirm), (19_500, Step::Sample), (20_500, Step::Confirm)];
        assert_eq!(steps((0..40).map(|number| number * 500)), expected);
    }

    #[test]
    fn what_is_being_written_is_given_time() {
        let start = Instant::now();
        let mut debounce = Debounce::new(Stillness::default());
        debounce.stirred(start);
        debounce.taken(Step::Sample);
        let later = start + Duration::from_secs(2);
        debounce.unsettled(later);
        assert_eq!(debounce.due(), Some((later + Duration::from_secs(1), Step::Sample)));
    }
}
