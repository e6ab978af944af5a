//! When requests may begin: the generic cell rate algorithm, whose rate may be learned.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::dialect::pace::Rate;

/// After so long without being throttled the learned speed is raised by a tenth.
const CALM: Duration = Duration::from_secs(10);

/// A speed that was learned from fewer requests than this is a guess.
const TELLING: u32 = 10;

/// The longest time between two requests that is guessed.
const LONGEST_GUESS: Duration = Duration::from_millis(250);

/// After so long without being throttled a guess is doubled.
const CALM_OF_A_GUESS: Duration = Duration::from_secs(1);

/// After so long without a request what went through before says nothing of the speed any more.
const IDLE: Duration = Duration::from_secs(5);

/// When requests may begin.
#[derive(Debug)]
pub(super) struct Lane {
    /// The shortest time between two requests in the long run, by the dialect.
    slowest_allowed: Duration,
    /// The same, as it is now; zero where there is no limit.
    interval: Duration,
    /// Whether that is a guess.
    is_guess: bool,
    /// How far ahead of that requests may come, after a pause.
    tolerance: Duration,
    /// When the next request would begin if all came evenly.
    due: Instant,
    /// Nothing begins before this: the server asked for it.
    blocked_until: Instant,
    /// Since when nothing changed the interval.
    calm_since: Instant,
    /// What went through since the server last asked for patience, or since there was a pause.
    now: Window,
    /// What went through until the server last asked for patience, and the time that took, the wait included.
    before: (Window, Duration),
}

/// Requests that went through.
#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    last: Instant,
    accepted: u32,
    /// Whether it began where the server asked for patience, so that nothing of its limit was spent before.
    is_whole: bool,
}

impl Window {
    fn beginning(since: Instant, is_whole: bool) -> Self {
        Self { since, last: since, accepted: 0, is_whole }
    }
}

impl Lane {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let now = Instant::now();
        let (interval, tolerance) = match rate {
            None => (Duration::ZERO, Duration::ZERO),
            Some(rate) => (rate.interval(), rate.interval() * (rate.burst.get() - 1)),
        };
        Self {
            slowest_allowed: interval,
            interval,
            is_guess: false,
            tolerance,
            due: now,
            blocked_until: now,
            calm_since: now,
            now: Window::beginning(now, false),
            before: (Window::beginning(now, false), Duration::ZERO),
        }
    }

    /// Until when the server asked for patience.
    pub(super) fn blocked_until(&self) -> Instant {
        self.blocked_until
    }

    /// Lets nothing begin before this.
    pub(super) fn block(&mut self, until: Instant) {
        self.blocked_until = self.blocked_until.max(until);
        self.due = self.due.max(self.blocked_until);
    }

    /// Takes the next moment at which a request may begin.
    pub(super) fn take(&mut self) -> Instant {
        let now = Instant::now();
        self.due = self.due.max(now).max(self.blocked_until);
        let at = self.due.checked_sub(self.tolerance).unwrap_or(now).max(now).max(self.blocked_until);
        self.due += self.interval;
        at
    }

    /// The server took a request.
    pub(super) fn accepted(&mut self) {
        let now = Instant::now();
        if now < self.blocked_until {
            // It was under way when the server asked for patience, and went through before.
            self.before.0.accepted += 1;
            return self.learn();
        }
        if now.saturating_duration_since(self.now.last) > IDLE {
            self.now = Window::beginning(now, false);
        }
        self.now.accepted += 1;
        self.now.last = now;
        let (calm, raised) = match self.is_guess {
            true => (CALM_OF_A_GUESS, self.interval / 2),
            false => (CALM, self.interval * 10 / 11),
        };
        if self.interval > self.slowest_allowed && now.saturating_duration_since(self.calm_since) >= calm {
            self.interval = raised.max(self.slowest_allowed);
            self.calm_since = now;
            self.now = Window::beginning(now, false);
        }
    }

    /// The server asked to wait.
    pub(super) fn throttled(&mut self, wait: Duration) {
        let now = Instant::now();
        let until = now + wait;
        // Requests that were under way together are refused together; only the first of them says something new.
        if now >= self.blocked_until {
            self.before = (self.now, until.saturating_duration_since(self.now.since));
            self.learn();
            self.now = Window::beginning(until, true);
            self.calm_since = until;
        }
        self.block(until);
    }

    /// Takes the speed at which requests went through for the speed that the server allows. Where only a few did, a server
    /// that asks for a long wait may have something else on its mind than a rate, and that speed is a guess, unless they
    /// are all that it allowed since it last asked.
    fn learn(&mut self) {
        let (Window { accepted, is_whole, .. }, time) = self.before;
        let Some(requests) = NonZeroU32::new(accepted) else { return };
        self.is_guess = requests.get() < TELLING && !is_whole;
        let longest = if self.is_guess { LONGEST_GUESS } else { Duration::MAX };
        self.interval = (time / requests.get()).min(longest).max(self.slowest_allowed);
        // Half of what went through may come at once: a server that counts by the second has room for it.
        self.tolerance = self.interval * (requests.get() / 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{advance, sleep_until};

    /// Lets requests begin one after the other, 10 ms each, all of them accepted; how long that took.
    async fn go_through(lane: &mut Lane, requests: usize) -> Duration {
        let begun = Instant::now();
        for _ in 0..requests {
            sleep_until(lane.take()).await;
            advance(Duration::from_millis(10)).await;
            lane.accepted();
        }
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_under_way_when_the_server_asked_for_patience_went_through_before() {
        let mut lane = Lane::new(None);
        (0..15).for_each(|_| lane.accepted());
        lane.throttled(Duration::from_secs(1));
        advance(Duration::from_millis(100)).await;
        (0..5).for_each(|_| lane.accepted());
        assert_eq!(lane.interval, Duration::from_millis(50));
    }

    #[tokio::test(start_paused = true)]
    async fn a_speed_that_was_learned_is_raised_while_nobody_complains() {
        let mut lane = Lane::new(None);
        go_through(&mut lane, 20).await;
        lane.throttled(Duration::from_secs(1));
        let learned = lane.interval;
        // A daemon asks a little and then nothing for a while: that is calm too.
        for _ in 0..4 {
            go_through(&mut lane, 2).await;
            advance(Duration::from_secs(60)).await;
        }
        assert!(lane.interval < learned * 9 / 10, "{:?} of {learned:?}", lane.interval);
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_for_patience_at_the_beginning_is_no_speed() {
        let mut lane = Lane::new(None);
        go_through(&mut lane, 2).await;
        lane.throttled(Duration::from_secs(10));
        let rest = go_through(&mut lane, 100).await;
        assert!((10..=14).contains(&rest.as_secs()), "{rest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_again_is_believed_however_few_went_through() {
        let mut lane = Lane::new(None);
        for _ in 0..2 {
            go_through(&mut lane, 2).await;
            lane.throttled(Duration::from_secs(10));
        }
        assert!(lane.interval > Duration::from_secs(4), "{:?}", lane.interval);
    }

    #[tokio::test(start_paused = true)]
    async fn hours_without_a_request_say_nothing_of_the_speed() {
        let mut lane = Lane::new(None);
        go_through(&mut lane, 20).await;
        advance(Duration::from_hours(3)).await;
        go_through(&mut lane, 20).await;
        lane.throttled(Duration::from_secs(1));
        assert!(lane.interval < Duration::from_millis(100), "{:?}", lane.interval);
    }
}
