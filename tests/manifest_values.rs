//! Any manifest at all, with every field that the model has, is written and
//! read back as it was. The values are made from the manifest's own JSON
//! Schema, so that a field that is added is tried without another word.

use proptest::prelude::*;
use proptest::test_runner::TestRng;
use schemacast::codegen::manifest::{self, Manifest, json_schema};
use serde_json::{Map, Value};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_value_of_the_model_is_written_and_read_back(seed in any::<u64>().prop_perturb(|_, rng| rng)) {
        let value = Generator { rng: seed, depth: 0 }.of(json_schema());
        let mut manifest: Manifest =
            serde_json::from_value(value.clone()).map_err(|error| TestCaseError::fail(format!("{error}\n{value:#}")))?;
        let yaml = manifest::to_yaml(&manifest);
        let back: Manifest = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(&back, &manifest, "{}", yaml);
        // Its canonical order is one: sorting what is sorted changes nothing.
        manifest::sort(&mut manifest);
        let sorted = manifest.clone();
        manifest::sort(&mut manifest);
        prop_assert_eq!(&manifest, &sorted);
        // Comparing it and reading it with all its checks must not panic, whatever it says.
        let _ = manifest::read(&yaml);
    }
}

/// Every property of the schema is met by some value: else the test above
/// would try less than it says.
#[test]
fn every_field_is_tried() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..150 {
        let rng = runner.new_rng();
        keys(&Generator { rng, depth: 0 }.of(json_schema()), &mut seen);
    }
    let mut wanted = std::collections::BTreeSet::new();
    let schema = json_schema();
    for part in schema["$defs"].as_object().into_iter().flat_map(Map::values).chain([schema]) {
        wanted.extend(part["properties"].as_object().into_iter().flat_map(Map::keys).cloned());
    }
    let missed: Vec<&String> = wanted.difference(&seen).collect();
    assert!(wanted.len() > 150 && missed.is_empty(), "of {} never tried: {missed:?}", wanted.len());
}

fn keys(value: &Value, seen: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                seen.insert(name.clone());
                keys(value, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, seen)),
        _ => {}
    }
}

struct Generator {
    rng: TestRng,
    depth: usize,
}

impl Generator {
    /// A value that the schema allows.
    fn of(&mut self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.of(&json_schema()["$defs"][name]);
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        for choices in ["enum", "oneOf", "anyOf"] {
            if let Some(choices_) = schema[choices].as_array() {
                let choice = choices_[self.below(choices_.len())].clone();
                return if choices == "enum" { choice } else { self.of(&choice) };
            }
        }
        let type_name = match &schema["type"] {
            Value::Array(names) => names[self.below(names.len())].as_str().unwrap_or_default().to_owned(),
            name => name.as_str().unwrap_or_default().to_owned(),
        };
        match type_name.as_str() {
            "object" => self.object(schema),
            "array" => {
                let most = if self.depth > 9 { 1 } else { 3 };
                (0..self.below(most)).map(|_| self.nested(&schema["items"])).collect()
            }
            "string" => Value::from(self.text()),
            "boolean" => Value::from(self.below(2) == 1),
            "integer" if schema["format"].as_str() != Some("int64") => Value::from(self.below(10_000)),
            "integer" => Value::from([0, 1, -1, 1000, i64::MAX, i64::MIN][self.below(6)]),
            "number" => Value::from([0.5, 1.0, -3.25, 1e300, 0.1][self.below(5)]),
            "null" => Value::Null,
            other => panic!("the schema has a type `{other}` that this test does not know: {schema}"),
        }
    }

    fn nested(&mut self, schema: &Value) -> Value {
        self.depth += 1;
        let value = self.of(schema);
        self.depth -= 1;
        value
    }

    fn object(&mut self, schema: &Value) -> Value {
        let mut fields = Map::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            // Deep down little is said, so that values end.
            let chance = 50_usize.saturating_sub(self.depth * 2).max(25);
            if required.contains(&name.as_str()) || self.below(100) < chance {
                fields.insert(name.clone(), self.nested(property));
            }
        }
        if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
            for _ in 0..self.below(3) {
                fields.insert(self.text(), self.nested(others));
            }
        }
        Value::Object(fields)
    }

    /// Texts that trip writers of YAML, beside plain ones.
    fn text(&mut self) -> String {
        let texts = [
            "a",
            "crm",
            "no",
            "~",
            "1_0",
            "0x1",
            "12:30:45",
            "=",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "'",
            "\"",
            "",
            " ",
            "\n",
            "\n  BEGIN\n\tx;\n END\n\n",
            "|",
            ">",
            "%",
            "@x",
            "`",
            "{}",
            "[",
            "é",
            "\u{85}",
            "\u{2028}",
            "\u{feff}x",
            "\u{7}",
            "two\nlines",
            "ends in a blank ",
            "\\",
            "😀",
            "!tag",
            "&a",
            "*a",
            "---",
            "...",
            "? x",
            "null",
            "1e3",
            ".5",
            "\r\n",
        ];
        texts[self.below(texts.len())].to_owned()
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.next_u64() % bound.max(1) as u64).unwrap_or_default()
    }
}
