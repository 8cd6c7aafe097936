//! What a tool is: its name, what agents are told of it, the schemas of what
//! goes in and out, and the function that does it.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use super::answer::{Answer, Failure};
use super::turns::{Turn, Turns};
use super::{Options, chains, paths, records, schemas};
use crate::codegen::layout::Layout;
use crate::codegen::names::nearest;
use crate::tasks::Interrupt;
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::workspace::Tell;

/// One tool.
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    /// For agents: what it does, when to take it, and what it needs.
    pub description: &'static str,
    pub input: fn() -> Value,
    pub output: fn() -> Value,
    /// Calls as they may be made: arguments, as JSON.
    pub examples: &'static [&'static str],
    pub effect: Effect,
    pub run: fn(&Call, Value) -> Result<Answer, Failure>,
}

/// What a tool may do where writing is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Reads,
    Writes {
        /// Whether it may take away what was there.
        destructive: bool,
        /// Whether the second of two equal calls changes nothing.
        idempotent: bool,
    },
}

/// All tools, in the order in which one meets them.
pub fn tools() -> impl Iterator<Item = &'static Tool> {
    records::TOOLS.iter().chain(&schemas::TOOLS).chain(&chains::TOOLS)
}

/// One call of a tool, on a thread of its own.
pub struct Call {
    pub options: Options,
    pub turns: Turns,
    /// Raised where the client cancels the call.
    pub interrupt: Interrupt,
    pub steps: UnboundedSender<Step>,
}

/// How far a call is.
#[derive(Debug)]
pub struct Step {
    pub progress: f64,
    pub total: f64,
    pub message: String,
}

impl Call {
    /// Where a project's files are: below the root, all of them.
    ///
    /// # Errors
    /// There is no such project, or a link takes its files out of the root.
    pub fn layout(&self, name: &str) -> Result<Layout, Failure> {
        let layout = self.options.workspace.layout(name)?;
        self.check(&layout)?;
        Ok(layout)
    }

    /// The projects that are named, or all.
    ///
    /// # Errors
    /// As [`Call::layout`].
    pub fn layouts(&self, name: Option<&str>) -> Result<Vec<Layout>, Failure> {
        let names: Vec<String> = name.map(str::to_owned).into_iter().collect();
        let layouts = self.options.workspace.layouts(&names)?;
        layouts.iter().try_for_each(|layout| self.check(layout))?;
        Ok(layouts)
    }

    /// The same, for tasks.
    ///
    /// # Errors
    /// As [`Call::layout`].
    pub fn places(&self, name: &str) -> Result<Places, Failure> {
        Ok(Places { root: self.options.workspace.root.clone(), layout: self.layout(name)? })
    }

    /// The turn to write to a project.
    ///
    /// # Errors
    /// Another call has it, or a run in another process.
    pub fn turn(&self, layout: &Layout, tool: &'static str) -> Result<Turn, Failure> {
        let turn = self.turns.take(&layout.name, tool, &self.interrupt).map_err(Failure::Failed)?;
        // Of another process the record tells: it is locked for as long as that lives.
        let places = Places { root: self.options.workspace.root.clone(), layout: layout.clone() };
        match record::last(&places.runs())? {
            Some((run, _)) if run.state == State::Running => Err(Failure::Failed(format!(
                "the run {} of {} is going on, in process {}: look at it with `progress`, and try again when it has ended",
                run.id, layout.name, run.process
            ))),
            _ => Ok(turn),
        }
    }

    /// Tells whoever started the server.
    pub fn tell(&self) -> Log {
        Log(self.options.log)
    }

    /// Whether a project's files are below the root.
    ///
    /// # Errors
    /// A link takes them out of it.
    pub fn check(&self, layout: &Layout) -> Result<(), Failure> {
        paths::project(&self.options.workspace.root, layout).map_err(Failure::Failed)
    }
}

/// Lines for whoever started the server.
pub struct Log(fn(&str));

impl Tell for Log {
    fn note(&mut self, text: &str) {
        (self.0)(text);
    }

    fn warning(&mut self, text: &str) {
        (self.0)(&format!("warning: {text}"));
    }

    fn rarely(&self) -> fn(&str) {
        self.0
    }
}

/// Arguments as a tool takes them.
///
/// # Errors
/// They are not what its schema says.
pub fn arguments<T: DeserializeOwned>(arguments: Value) -> Result<T, Failure> {
    serde_json::from_value(arguments).map_err(|error| Failure::Arguments(error.to_string()))
}

impl Tool {
    /// The schema of its arguments, with its examples.
    pub fn input_schema(&self) -> Value {
        let mut schema = (self.input)();
        // What is no JSON the tests find.
        let examples = self.examples.iter().map(|example| serde_json::from_str(example).unwrap_or_default());
        schema["examples"] = Value::Array(examples.collect());
        schema
    }

    /// All that is wrong with arguments. Their values are not repeated: one may
    /// be a secret that somebody put in the wrong place.
    pub fn faults(&self, arguments: &Map<String, Value>) -> Vec<String> {
        let schema = (self.input)();
        let known: Vec<String> =
            schema["properties"].as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
        let mut faults = Vec::new();
        for name in arguments.keys().filter(|name| !known.contains(name)) {
            let hint = match nearest(name, known.iter().cloned()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are: {}", known.join(", ")),
            };
            faults.push(format!("unknown argument `{name}`; {hint}"));
        }
        let mut rest = arguments.clone();
        rest.retain(|name, _| known.contains(name));
        for (name, _) in rest.iter().filter(|(_, value)| holds_url(value)) {
            faults.push(format!("`{name}`: no argument takes a URL, for it may hold a password"));
        }
        let Ok(validator) = jsonschema::draft202012::new(&schema) else { return faults };
        for error in validator.iter_errors(&Value::Object(rest)) {
            let place = error.instance_path().to_string();
            let place = if place.is_empty() { String::new() } else { format!("`{}`: ", place.trim_start_matches('/')) };
            faults.push(format!("{place}{}", error.masked()));
        }
        faults
    }
}

fn holds_url(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("://"),
        Value::Array(values) => values.iter().any(holds_url),
        _ => false,
    }
}

/// The schema of arguments: whole, for not every client follows references, and
/// without null, for whoever has nothing to say leaves the argument out.
pub fn input<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = plain(settings.into_generator().into_root_schema_for::<T>().to_value());
    // Of a type with flattened parts the derive does not say it.
    schema["additionalProperties"] = Value::Bool(false);
    for argument in schema["properties"].as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
        without_null(argument);
    }
    schema
}

/// The schema of a structured result.
pub fn output<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    plain(settings.into_generator().into_root_schema_for::<T>().to_value())
}

/// Leaves out what clients' validators do not know: the number formats of Rust,
/// and the dialect, which is the protocol's own.
pub fn plain(mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.remove("$schema");
        map.remove("title");
    }
    without_number_formats(&mut schema);
    schema
}

fn without_number_formats(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("format").and_then(Value::as_str).is_some_and(|format| format.contains("int")) {
                map.remove("format");
            }
            map.values_mut().for_each(without_number_formats);
        }
        Value::Array(list) => list.iter_mut().for_each(without_number_formats),
        _ => {}
    }
}

fn without_null(argument: &mut Value) {
    let Some(map) = argument.as_object_mut() else { return };
    if map.get("default").is_some_and(Value::is_null) {
        map.remove("default");
    }
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(either)) = map.get_mut("anyOf") {
        either.retain(|one| one["type"] != "null");
        if let [Value::Object(only)] = either.as_slice() {
            let only = only.clone();
            map.remove("anyOf");
            for (key, value) in only {
                map.entry(key).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_takes_its_examples_and_nothing_else() {
        for tool in tools() {
            let schema = tool.input_schema();
            assert_eq!(schema["type"], "object", "{}", tool.name);
            assert_eq!(schema["additionalProperties"], false, "{}", tool.name);
            assert!(!tool.examples.is_empty(), "{}", tool.name);
            for example in tool.examples {
                let mut example: Map<String, Value> = serde_json::from_str(example).expect(tool.name);
                assert_eq!(tool.faults(&example), [""; 0], "{}", tool.name);
                example.insert("projct".to_owned(), Value::Null);
                let faults = tool.faults(&example);
                assert!(faults.len() == 1 && faults[0].contains("unknown argument `projct`"), "{faults:?}");
            }
            let text = schema.to_string();
            assert!(!text.contains("null") && !text.contains("$ref"), "{}: {text}", tool.name);
            assert_eq!((tool.output)()["type"], "object", "{}", tool.name);
        }
    }
}
