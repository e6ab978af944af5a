//! What happens to files of policies while a daemon runs.

use super::http::Http;
use super::process::{Daemon, account};

const NOBODY: &str =
    "package roster.nobody\n\ndeny contains \"nobody is let in\" if some a in input.accounts[0].actions\n";
const NONE: &str = "package roster.none\n\ndeny contains \"never\" if 1 == 2\n";

#[test]
fn policies_are_read_again_and_broken_ones_leave_the_last_good_ones_in_force() {
    let (world, _service) = account("{ ada@acme.example: support }");
    world.write("rules/a.rego", NOBODY);
    let mut daemon = Daemon::start(&world, &["--policy", "rules"]);
    let http = Http::of(&mut daemon);
    daemon.says(&["pass ended", "verdict=\"held\"", "done=0"]);
    world.write("rules/a.rego", "pakage roster.nobody\n");
    daemon.signal("HUP");
    daemon.says(&["ERROR", "the policies cannot be used, so those from before hold", "rules/a.rego:1:1"]);
    daemon.says(&["pass ended", "verdict=\"held\"", "done=0"]);
    let status = http.get("/api/v1/accounts/acme", &[]).body;
    for told in
        ["nobody is let in", "the policies cannot be used as they are now, so those from before hold: expecting"]
    {
        assert!(status.contains(told), "no `{told}` in {status}");
    }
    world.write("rules/a.rego", NONE);
    daemon.signal("HUP");
    daemon.says(&["the policies were read again"]);
    daemon.says(&["pass ended", "verdict=\"kept\"", "done=1"]);
    // A folder that is gone forbids no less than what stood in it.
    std::fs::remove_dir_all(world.path("rules")).unwrap();
    daemon.signal("HUP");
    daemon.says(&["ERROR", "the policies cannot be used", "cannot read the policy `rules`"]);
    daemon.says(&["WARN", "guards have found something", "held=0", "guards=\"policy\""]);
    assert_eq!(daemon.stop(), 0);
    let gone = world.run(&["daemon", "--once", "--listen", "none", "--policy", "rules"]);
    assert_eq!(gone.code, 1, "no daemon begins without its policies: {}", gone.told());
}
