//! The tasks in order, and those that were asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::registry::{Registry, Task};
use crate::codegen::names::nearest;

/// What of a registry to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `id`; `+id`: with all it depends on; `id+`: with all that depends on
    /// it. None: every task.
    pub tasks: Vec<String>,
    /// Leave out what the named tasks depend on.
    pub no_dependencies: bool,
    /// Only this task and what comes after it in the order.
    pub from: Option<String>,
    /// Tasks to leave out: ids, or `id+` with all that depends on it.
    pub exclude: Vec<String>,
}

/// The tasks in the order in which they run one after another: dependencies,
/// then priority, then id.
///
/// The registry must be free of faults; tasks of a cycle would be left out.
pub fn order(registry: &Registry) -> Vec<&Task> {
    let mut waiting: Vec<&Task> = registry.tasks.iter().collect();
    waiting.sort_by(|a, b| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    while let Some(at) = waiting.iter().position(|task| task.dependencies.iter().all(|id| done.contains(id.as_str()))) {
        let task = waiting.remove(at);
        done.insert(&task.id);
        ordered.push(task);
    }
    ordered
}

/// The tasks that a selection means, in order.
///
/// # Errors
/// Every name that no task has.
pub fn select<'r>(registry: &'r Registry, selection: &Selection) -> Result<Vec<&'r Task>, String> {
    let ordered = order(registry);
    let mut unknown = Vec::new();
    let mut chosen = match selection.tasks.as_slice() {
        [] => ordered.iter().map(|task| task.id.clone()).collect(),
        names => expand(registry, names, !selection.no_dependencies, &mut unknown),
    };
    for id in expand(registry, &selection.exclude, false, &mut unknown) {
        chosen.remove(&id);
    }
    if let Some(from) = &selection.from {
        match ordered.iter().position(|task| task.id == *from) {
            Some(at) => ordered[..at].iter().for_each(|task| {
                chosen.remove(&task.id);
            }),
            None => unknown.push(from.clone()),
        }
    }
    if unknown.is_empty() {
        return Ok(ordered.into_iter().filter(|task| chosen.contains(&task.id)).collect());
    }
    let lines = unknown.iter().map(|name| {
        let known = registry.tasks.iter().map(|task| task.id.clone());
        let hint = nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("there is no task `{name}`{hint}")
    });
    Err(lines.collect::<Vec<_>>().join("\n"))
}

/// The ids that names with `+` before or behind them mean.
fn expand(registry: &Registry, names: &[String], dependencies: bool, unknown: &mut Vec<String>) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for name in names {
        let (id, up) = name.strip_prefix('+').map_or((name.as_str(), dependencies), |id| (id, true));
        let (id, down) = id.strip_suffix('+').map_or((id, false), |id| (id, true));
        if !registry.tasks.iter().any(|task| task.id == id) {
            unknown.push(id.to_owned());
            continue;
        }
        let mut reached = BTreeSet::from([id.to_owned()]);
        if down {
            reached.extend(dependants(registry, id));
        }
        for id in reached.clone() {
            if up {
                reached.extend(needed(registry, &id));
            }
        }
        ids.extend(reached);
    }
    ids
}

/// All that a task depends on, directly or not.
pub fn needed(registry: &Registry, id: &str) -> BTreeSet<String> {
    reach(id, |id| {
        let task = registry.tasks.iter().find(|task| task.id == id);
        task.map(|task| task.dependencies.clone()).unwrap_or_default()
    })
}

/// All that depends on a task, directly or not.
pub fn dependants(registry: &Registry, id: &str) -> BTreeSet<String> {
    reach(id, |id| {
        let depends = |task: &&Task| task.dependencies.iter().any(|dependency| dependency == id);
        registry.tasks.iter().filter(depends).map(|task| task.id.clone()).collect()
    })
}

fn reach(start: &str, next: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = next(start);
    while let Some(id) = open.pop() {
        if reached.insert(id.clone()) {
            open.extend(next(&id));
        }
    }
    reached
}

/// Every group of tasks that wait for each other, as one round through it that
/// begins with its first id by name.
pub fn cycles(registry: &Registry) -> Vec<Vec<String>> {
    let tasks: BTreeMap<&str, &Task> = registry.tasks.iter().map(|task| (task.id.as_str(), task)).collect();
    let reaches: BTreeMap<&str, BTreeSet<String>> = tasks.keys().map(|id| (*id, needed(registry, id))).collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut cycles = Vec::new();
    for (id, reached) in &reaches {
        if !reached.contains(*id) || told.contains(id) {
            continue;
        }
        // Those that reach it and that it reaches go round with it.
        told.extend(reaches.keys().filter(|other| reached.contains(**other) && reaches[**other].contains(*id)));
        cycles.push(round(id, &tasks, &reaches));
    }
    cycles
}

/// A shortest way from a task through its dependencies back to itself.
fn round(start: &str, tasks: &BTreeMap<&str, &Task>, reaches: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut ways = std::collections::VecDeque::from([vec![start.to_owned()]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let Some(task) = way.last().and_then(|last| tasks.get(last.as_str())) else { continue };
        for next in &task.dependencies {
            if next == start {
                return way;
            }
            let leads_back = reaches.get(next.as_str()).is_some_and(|reached| reached.contains(start));
            if leads_back && seen.insert(next.clone()) {
                ways.push_back(way.iter().chain([next]).cloned().collect());
            }
        }
    }
    vec![start.to_owned()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Tasks as `id: dependencies`, with a priority each.
    fn registry(tasks: &[(&str, u32, &[&str])]) -> Registry {
        let task = |(id, priority, dependencies): &(&str, u32, &[&str])| {
            json!({
                "id": id, "name": id, "type": "script", "argv": ["true"],
                "priority": priority, "dependencies": dependencies,
            })
        };
        let tasks: Vec<_> = tasks.iter().map(task).collect();
        serde_json::from_value(json!({ "version": "1.0", "project": "p", "tasks": tasks })).unwrap()
    }

    fn ids(tasks: &[&Task]) -> String {
        tasks.iter().map(|task| task.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn dependencies_come_before_priority_and_priority_before_the_id() {
        let registry = registry(&[("z", 1, &["y"]), ("b", 5, &[]), ("a", 5, &[]), ("y", 9, &[]), ("c", 2, &[])]);
        assert_eq!(ids(&order(&registry)), "c a b y z");
    }

    #[test]
    fn a_selection_follows_the_edges_that_it_is_told_to() {
        let registry =
            registry(&[("a", 1, &[]), ("b", 2, &["a"]), ("c", 3, &["b"]), ("d", 4, &["a"]), ("e", 5, &["d", "c"])]);
        let select = |tasks: &[&str], no_dependencies: bool, from: Option<&str>, exclude: &[&str]| {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            let selection = Selection {
                tasks: owned(tasks),
                no_dependencies,
                from: from.map(str::to_owned),
                exclude: owned(exclude),
            };
            super::select(&registry, &selection).map(|tasks| ids(&tasks))
        };
        assert_eq!(select(&[], false, None, &[]).unwrap(), "a b c d e");
        assert_eq!(select(&["c"], false, None, &[]).unwrap(), "a b c");
        assert_eq!(select(&["c"], true, None, &[]).unwrap(), "c");
        assert_eq!(select(&["+c"], true, None, &[]).unwrap(), "a b c");
        assert_eq!(select(&["b+"], true, None, &[]).unwrap(), "b c e");
        assert_eq!(select(&["b+"], false, None, &[]).unwrap(), "a b c d e");
        assert_eq!(select(&[], false, Some("c"), &[]).unwrap(), "c d e");
        assert_eq!(select(&[], false, None, &["b+"]).unwrap(), "a d");
        let message = select(&["cc", "nothing"], false, Some("f"), &[]).unwrap_err();
        assert_eq!(message.lines().count(), 3, "{message}");
    }

    #[test]
    fn each_cycle_is_named_once() {
        let registry = registry(&[
            ("a", 1, &["c"]),
            ("b", 1, &["a"]),
            ("c", 1, &["b", "d"]),
            ("d", 1, &[]),
            ("s", 1, &["s"]),
            ("t", 1, &["a"]),
        ]);
        assert_eq!(cycles(&registry), [vec!["a", "c", "b"], vec!["s"]]);
    }
}
