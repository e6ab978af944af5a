//! Functions that call themselves. Open Policy Agent refuses them; the engine here would follow them until the stack ends, and the
//! process with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::policy::parsed::parts;

/// The functions of all files, by the last part of their names, and what each of them calls.
///
/// Two functions of one name in two packages count as one: what might be a circle is refused.
#[derive(Debug, Default)]
pub(super) struct Calls(BTreeMap<String, BTreeSet<String>>);

impl Calls {
    /// The functions of all files, as the engine tells what it has parsed.
    pub(super) fn of(parsed: &[Value]) -> Self {
        let mut calls = Self::default();
        for rule in parsed.iter().filter_map(|module| module["ast"]["rules"].as_array()).flatten() {
            let rule = &rule["Spec"];
            if let Some(function) = parts(&rule["head"]["Func"]["refr"]).pop() {
                add_called(rule, calls.0.entry(function.to_owned()).or_default());
            }
        }
        calls
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

/// Whatever is called below a node, and what `with` puts in the place of something that is.
fn add_called(node: &Value, called: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            let replacements = members.get("with_mods").and_then(Value::as_array).into_iter().flatten();
            let replacing = replacements.filter_map(|modifier| parts(&modifier["as"]).pop());
            let function = members.get("Call").and_then(|call| parts(&call["fcn"]).pop());
            called.extend(replacing.chain(function).map(str::to_owned));
            members.values().for_each(|member| add_called(member, called));
        }
        Value::Array(items) => items.iter().for_each(|item| add_called(item, called)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use regorus::Engine;

    use super::*;

    fn circle(rules: &[&str]) -> Option<String> {
        let mut engine = Engine::new();
        for (number, rules) in rules.iter().enumerate() {
            let text = format!("package p{number}\n\nimport rego.v1\n\n{rules}\n");
            if let Err(error) = engine.add_policy(format!("{number}.rego"), text) {
                panic!("{rules}: {error}");
            }
        }
        let parsed = engine.get_ast_as_json().expect("what was parsed");
        let parsed: Vec<Value> = serde_json::from_str(&parsed).expect("as JSON");
        Calls::of(&parsed).circle().map(str::to_owned)
    }

    #[test]
    fn a_function_that_comes_back_to_itself_is_found() {
        let circles: [&[&str]; 6] = [
            &["f(x) := f(x)"],
            &["\t  f(x) := y if {\n\t\ty := [z | z := f (x)]\n\t}"],
            &["default f(_) := 1\nf(x) := y if {\n\ty := g(x)\n}", "g(x) := data.p0.f(x)"],
            &["f(x) if {\n\tevery y in x {\n\t\tdata.p0[\"f\"](y)\n\t}\n}"],
            &["f(x) := y if y := h(x) with h as f\nh(x) := x"],
            &["f(x) := 1 if x == 1\nelse := f(x - 1)"],
        ];
        for rules in circles {
            assert!(circle(rules).is_some(), "{rules:?}");
        }
    }

    #[test]
    fn a_function_that_only_looks_so_is_none() {
        assert_eq!(circle(&["f(x) := g(x)\ng(x) := count(x)\ndeny contains f(1) if { not f(2) }"]), None);
        assert_eq!(circle(&["f(x) := \"f(x)\" # f(x)\n"]), None);
        assert_eq!(circle(&["f(x) := x\nr := f(f(1))"]), None);
    }
}
