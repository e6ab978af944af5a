//! Where in a sentence an address stands, as it is or as a part of a URL.

/// What stands for `@` in a URL.
const ENCODED: &str = "%40";

/// The sentence with each address in it put through `change`. An address in a URL comes without its escapes.
pub(super) fn each(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, at, after)) = next_at(rest) {
        let end = after + domain_length(&rest[after..]);
        if start == at || end == after {
            changed.push_str(&rest[..after]);
        } else {
            let local = rest[start..at].replace("%2B", "+").replace("%2b", "+");
            changed.push_str(&rest[..start]);
            changed.push_str(&change(&format!("{local}@{}", &rest[after..end])));
            rest = &rest[end..];
            continue;
        }
        rest = &rest[after..];
    }
    changed.push_str(rest);
    changed
}

/// The next `@` of either form: where what may be before it begins, where it begins, and where it ends.
fn next_at(text: &str) -> Option<(usize, usize, usize)> {
    let plain = text.find('@').map(|at| (at, at + 1));
    let encoded = text.find(ENCODED).map(|at| (at, at + ENCODED.len()));
    let (at, after) = [plain, encoded].into_iter().flatten().min()?;
    Some((local_start(&text[..at]), at, after))
}

/// Where the last run of characters begins that may stand before an `@`. An escape ends it, but for that of `+`.
fn local_start(before: &str) -> usize {
    let mut start = before.len();
    for (at, character) in before.char_indices().rev() {
        let escape = before.get(at..at + 3).and_then(|escape| escape.strip_prefix('%'));
        if let Some(hex) = escape.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            && !hex.eq_ignore_ascii_case("2B")
        {
            return at + 3;
        }
        if !(character.is_alphanumeric() || "!#$%&'*+-./=?^_{|}~".contains(character)) {
            break;
        }
        start = at;
    }
    start
}

/// How long a run of characters is that may be a domain.
fn domain_length(after: &str) -> usize {
    let run = after.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.')).unwrap_or(after.len());
    after[..run].trim_end_matches('.').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let masked = |text: &str| each(text, |address| format!("[{address}]"));
        for (text, shown) in [
            (
                "the Owner is ada@acme.example, not `bob@acme.example`.",
                "the Owner is [ada@acme.example], not `[bob@acme.example]`.",
            ),
            ("Ada <ada+news@acme.example>", "Ada <[ada+news@acme.example]>"),
            ("filter=userName%20eq%20%22ada%40acme.example%22", "filter=userName%20eq%20%22[ada@acme.example]%22"),
            ("%22ada%2Bnews%40acme.example%22", "%22[ada+news@acme.example]%22"),
            ("ада@пример.example", "[ада@пример.example]"),
            ("a@b@c.example", "[a@b]@c.example"),
            ("@everyone, or a @ b, or a@", "@everyone, or a @ b, or a@"),
            ("100%40", "100%40"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
