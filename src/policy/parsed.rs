//! Files of rules as the engine has parsed them: which package each is, and which of its rules decide.

use serde_json::Value;

use crate::model::ruling::Says;

/// One file, as the engine tells its syntax.
pub(super) struct Module<'a>(&'a Value);

/// A rule whose name says that it decides.
pub(super) struct Decision<'a> {
    pub(super) says: Says,
    pub(super) file: &'a str,
    /// From one, both.
    pub(super) line: u32,
    pub(super) column: u32,
    /// Whether it asks for arguments, which nobody gives it.
    pub(super) is_function: bool,
}

impl<'a> Module<'a> {
    /// All files.
    pub(super) fn all(parsed: &'a [Value]) -> impl Iterator<Item = Self> {
        parsed.iter().map(Self)
    }

    /// The names that lead to its package, from the outermost.
    pub(super) fn package(&self) -> Vec<&'a str> {
        parts(&self.0["ast"]["package"]["refr"])
    }

    /// Its rules that decide, in the order of the file.
    pub(super) fn decisions(&self) -> impl Iterator<Item = Decision<'a>> {
        let Self(module) = *self;
        let file = module["source"]["file"].as_str().unwrap_or_default();
        self.heads().filter_map(move |head| {
            let (kind, head) = head.as_object()?.iter().next()?;
            let name = parts(&head["refr"]);
            let says = [Says::Deny, Says::Warn].into_iter().find(|says| name.first() == Some(&says.rule()))?;
            let place =
                |name: &str| head["span"][name].as_u64().and_then(|place| u32::try_from(place).ok()).unwrap_or(1);
            Some(Decision { says, file, line: place("line"), column: place("col"), is_function: kind == "Func" })
        })
    }

    fn heads(&self) -> impl Iterator<Item = &'a Value> {
        let rules = self.0["ast"]["rules"].as_array().into_iter().flatten();
        rules.map(|rule| &rule["Spec"]["head"]).filter(|head| head.is_object())
    }
}

/// The parts of a name: `data`, `a` and `f` of `data.a["f"]`.
pub(super) fn parts(name: &Value) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = name;
    loop {
        let (part, inner) = if rest["RefDot"].is_object() {
            (&rest["RefDot"]["field"][1], &rest["RefDot"]["refr"])
        } else if rest["RefBrack"].is_object() {
            (&rest["RefBrack"]["index"]["String"]["value"], &rest["RefBrack"]["refr"])
        } else {
            (&rest["Var"]["value"], &Value::Null)
        };
        parts.extend(part.as_str());
        if inner.is_null() {
            parts.reverse();
            return parts;
        }
        rest = inner;
    }
}

#[cfg(test)]
mod tests {
    use regorus::Engine;

    use super::*;

    #[test]
    fn a_rule_decides_by_its_name_and_a_function_never() {
        let text = "package roster[\"a-b\"].c\n\nimport rego.v1\n\ndenies contains \"x\" if true\n\n  deny contains \"x\" if {\n\tdeny_all\n}\n\nwarn(x) := x\n";
        let mut engine = Engine::new();
        engine.add_policy("rules.rego".to_owned(), text.to_owned()).expect("rules in Rego");
        let parsed: Vec<Value> =
            serde_json::from_str(&engine.get_ast_as_json().expect("what was parsed")).expect("as JSON");
        let module = Module::all(&parsed).next().expect("one file");
        assert_eq!(module.package(), ["roster", "a-b", "c"]);
        let decisions = module.decisions().map(|decision| {
            let Decision { says, file, line, column, is_function } = decision;
            format!("{} {file}:{line}:{column} {is_function}", says.rule())
        });
        assert_eq!(decisions.collect::<Vec<_>>(), ["deny rules.rego:7:3 false", "warn rules.rego:11:1 true"]);
    }
}
