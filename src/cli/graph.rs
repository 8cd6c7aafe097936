//! `schemacast graph`: the tasks and what they depend on.

use serde::Serialize;

use super::args::{Common, Graph, GraphFormat, OutputFormat};
use super::print::Printer;
use super::{Error, Verdict};
use crate::tasks::graph;
use crate::tasks::registry::{Task, TaskKind};

/// A task, as JSON.
#[derive(Serialize)]
struct Node<'t> {
    id: &'t str,
    name: &'t str,
    r#type: TaskKind,
    dependencies: &'t [String],
}

pub fn run(common: &Common, verb: &Graph, printer: &mut Printer) -> Result<Verdict, Error> {
    let (_, _, declared) = common.workspace().tasks(&verb.project)?;
    let tasks = graph::order(&declared.registry);
    if verb.format == GraphFormat::Json || common.output == OutputFormat::Json {
        let nodes: Vec<Node> = tasks
            .iter()
            .map(|task| Node { id: &task.id, name: &task.name, r#type: task.kind, dependencies: &task.dependencies })
            .collect();
        let mut json = serde_json::to_string_pretty(&nodes).map_err(std::io::Error::from)?;
        json.push('\n');
        printer.document(&json)?;
        return Ok(Verdict::Yes);
    }
    printer.document(&if verb.format == GraphFormat::Dot { dot(&tasks) } else { mermaid(&tasks) })?;
    Ok(Verdict::Yes)
}

/// Ids are numbered, for Mermaid has words of its own, such as `end`.
fn mermaid(tasks: &[&Task]) -> String {
    let mut text = "graph TD\n".to_owned();
    let at = |id: &str| tasks.iter().position(|task| task.id == id).unwrap_or_default();
    for (index, task) in tasks.iter().enumerate() {
        let name = task.name.replace('"', "#quot;");
        text.push_str(&format!("    t{index}[\"{}<br/>{name}\"]\n", task.id));
    }
    for (index, task) in tasks.iter().enumerate() {
        for dependency in &task.dependencies {
            text.push_str(&format!("    t{} --> t{index}\n", at(dependency)));
        }
    }
    text
}

fn dot(tasks: &[&Task]) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = "digraph tasks {\n    rankdir=LR;\n    node [shape=box];\n".to_owned();
    for task in tasks {
        text.push_str(&format!("    \"{}\" [label=\"{}\\n{}\"];\n", task.id, task.id, quoted(&task.name)));
    }
    for task in tasks {
        for dependency in &task.dependencies {
            text.push_str(&format!("    \"{dependency}\" -> \"{}\";\n", task.id));
        }
    }
    text.push_str("}\n");
    text
}
