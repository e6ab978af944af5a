//! Whether the daemon is well, for whoever restarts it or sends people to it. It says nothing of accounts.

use jiff::{SignedDuration, Timestamp};

use crate::daemon::status::Status;

/// How long a heartbeat may be missing.
const LATE: SignedDuration = SignedDuration::from_secs(30);

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) fine: bool,
}

/// Whether it should be left to run: its heart beats. That an account, the state or the roster cannot be used is no reason
/// to start it again.
pub(super) fn live(status: &Status, now: Timestamp) -> [Check; 1] {
    [Check { name: "heartbeat", fine: now.duration_since(status.beat) < LATE }]
}

/// Whether what it shows is more than a beginning.
pub(super) fn ready(status: &Status, now: Timestamp) -> [Check; 4] {
    let [heartbeat] = live(status, now);
    [
        heartbeat,
        Check { name: "roster", fine: status.roster.in_force.is_some() },
        Check { name: "state", fine: !status.state.failing },
        Check { name: "first_passes", fine: status.is_complete(now) },
    ]
}

/// What is answered: in a word, or check by check as Kubernetes does.
pub(super) fn told(checks: &[Check], verbose: bool) -> String {
    let fine = checks.iter().all(|check| check.fine);
    let verdict = if fine { "ok\n" } else { "not ok\n" };
    if !verbose && fine {
        return verdict.to_owned();
    }
    let line = |Check { name, fine }: &Check| {
        format!("[{}]{name} {}\n", if *fine { '+' } else { '-' }, if *fine { "ok" } else { "failed" })
    };
    checks.iter().map(line).chain([verdict.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_always_said() {
        let checks = [Check { name: "roster", fine: true }, Check { name: "state", fine: false }];
        assert_eq!(told(&checks, false), "[+]roster ok\n[-]state failed\nnot ok\n");
        assert_eq!(told(&checks[..1], false), "ok\n");
        assert_eq!(told(&checks[..1], true), "[+]roster ok\nok\n");
    }
}
