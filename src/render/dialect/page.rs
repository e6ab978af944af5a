//! docs/dialects.md: what a dialect is, and those that are known, made from the presets themselves.

use std::fmt::Write as _;

use crate::model::dialect::Dialect;
use crate::model::dialect::preset::Preset;
use crate::render::dialect::{differences, settings};

const INTRODUCTION: &str = "\
# Dialects

<!-- Made by `roster dialects`: change the presets, then run `just generate`. -->

Servers that call themselves SCIM differ in almost everything. What roster must know of one stands in its dialect, which is data:
`provider.dialect` in the roster. It is the name of a service below, or a mapping that says what differs from one of them:

```yaml
provider:
  kind: scim
  url: https://scim.example/v2
  key: { env: ACME_SCIM_KEY }
  dialect:
    like: slack              # left out: rfc, or klaviyo where the kind is klaviyo
    role: { attribute: userType }
    role_names: { admin: [Administrator, adm], member: Member }
    rate: { requests: 60, seconds: 60, burst: 5 }
```

[The schema](../schema/roster.schema.json) describes every key; an editor that knows it completes them. Keys that are left out are as
in the dialect that the mapping begins with.

**None of these dialects was tried against the vendor's own service.** Each says where it is from and what in it is a guess.
`roster plan` reads only, so a dialect can be tried without risk; what a server does otherwise than it says is shown there.

No dialect has a key for `/Bulk`, and roster never uses it. Each change is looked at before and after, so that nobody is hit who is no
longer as the plan saw them, and nothing is called done that is not there: two of the three requests of a change stay whatever
`/Bulk` takes. An answer to it that is lost would leave a whole batch unknown, and few services offer it.
";

/// The whole page.
#[must_use]
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## What `rfc` says\n\nEverything that the others differ from:\n\n```yaml\ndialect:\n");
    for (key, value) in settings(&Dialect::rfc()) {
        page.push_str(&line(key, &value.to_string()));
    }
    page.push_str("```\n");
    for preset in Preset::ALL {
        about(*preset, &mut page);
    }
    page
}

fn about(preset: Preset, page: &mut String) {
    let (slug, title, source, guessed) = (preset.slug(), preset.title(), preset.source(), preset.guessed());
    // Writing to a text cannot fail.
    let _ = write!(page, "\n## `{slug}`: {title}\n\nSource: {source}.\n");
    if let Some(guessed) = guessed {
        let _ = writeln!(page, "Guessed: {guessed}.");
    }
    let differences = differences(&preset.dialect(), &Dialect::rfc());
    if differences.is_empty() {
        return;
    }
    page.push_str("\n```yaml\ndialect:\n");
    for (key, value) in differences {
        page.push_str(&line(key, &value.to_string()));
    }
    page.push_str("```\n");
}

fn line(key: &str, value: &str) -> String {
    format!("  {key}: {value}\n")
}
