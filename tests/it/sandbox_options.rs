//! What the command line makes of the embedded service's options before anything listens.

use crate::harness::World;

fn refused(arguments: &[&str]) -> (i32, String) {
    let world = World::new().set("ROSTER_SMTP_PASSWORD", "hunter2");
    let ran =
        world.run(&[&["sandbox", "--account", "a", "--account", "b", "--owner", "o@acme.example"], arguments].concat());
    (ran.code, ran.stderr)
}

#[test]
fn one_key_for_all_accounts_or_one_for_each() {
    let (code, told) = refused(&["--key", "1", "--key", "2", "--key", "3"]);
    assert_eq!(code, 64);
    insta::assert_snapshot!(told, @"
    error: 3 times `--key`, and 2 accounts
      hint: give `--key` once for all accounts, or once for each, in their order
    ");
}

#[test]
fn no_password_stands_on_the_command_line_or_is_shown() {
    let (code, told) = refused(&["--key", "k", "--smtp", "smtps://mailer:s3cret@mail.acme.example"]);
    assert_eq!(code, 64);
    insta::assert_snapshot!(told, @"
    error: the password does not belong into the address of the SMTP server
      hint: the password comes from `--smtp-password-file` or from the variable ROSTER_SMTP_PASSWORD
    ");
    let (code, told) = refused(&["--key", "k", "--smtp", "http://mail.acme.example"]);
    assert!(code == 64 && told.contains("`http` is no way to send mail") && !told.contains("hunter2"), "{told}");
    let missing = ["--key", "k", "--smtp", "smtps://mailer@mail.acme.example", "--smtp-password-file", "none"];
    let (code, told) = refused(&missing);
    assert!(code == 1 && told.contains("cannot read the password file `none`"), "{told}");
}

#[test]
fn accounts_that_cannot_be_are_refused_before_anything_listens() {
    for (arguments, problem) in [
        (&["--account", "a"][..], "error: two accounts are named `a`"),
        (&["--portfolio", "c"], "error: `--portfolio c` is none of the accounts"),
        (&["--invitation-lifetime=-5m"], "error: an invitation cannot end before it is sent"),
        (&["--no-mail", "--smtp", "smtp://127.0.0.1"], "cannot be used with"),
        (&["--fault", "html nth 0"], "error: `html nth 0` is not a fault: `nth 0` never comes"),
    ] {
        let (code, told) = refused(&[&["--key", "k"], arguments].concat());
        assert!(code == 64 && told.contains(problem), "{arguments:?}: {code} {told}");
    }
}
