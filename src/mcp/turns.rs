//! Whose turn it is: one call at a time writes to a project.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::tasks::Interrupt;

/// The calls that write, by project.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<State>);

#[derive(Debug, Default)]
struct State {
    taken: Mutex<BTreeMap<String, Taken>>,
    freed: Condvar,
}

#[derive(Debug)]
struct Taken {
    tool: &'static str,
    /// The id of the run, once it has one.
    run: Option<String>,
    interrupt: Interrupt,
}

/// A project's turn; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    project: String,
}

impl Turns {
    /// Takes a project's turn.
    ///
    /// # Errors
    /// Another call has it, named with the id of its run.
    pub fn take(&self, project: &str, tool: &'static str, interrupt: &Interrupt) -> Result<Turn, String> {
        let mut taken = self.lock();
        if let Some(other) = taken.get(project) {
            let what = match &other.run {
                Some(run) => format!("the run {run} of {project} is going on"),
                None => format!("a call of {} on {project} is going on", other.tool),
            };
            return Err(format!(
                "{what}: look at it with `progress`, and try again when it has ended or cancel that call"
            ));
        }
        taken.insert(project.to_owned(), Taken { tool, run: None, interrupt: interrupt.clone() });
        Ok(Turn { turns: self.clone(), project: project.to_owned() })
    }

    /// Stops whatever runs, and waits until it has put that down. What takes
    /// longer than the patience is left to die with the process.
    pub fn end(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut taken = self.lock();
        taken.values().for_each(|taken| taken.interrupt.raise());
        while !taken.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            taken = self.0.freed.wait_timeout(taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Taken>> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Says which run it is for.
    pub fn is_for(&self, run: &str) {
        if let Some(taken) = self.turns.lock().get_mut(&self.project) {
            taken.run = Some(run.to_owned());
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.lock().remove(&self.project);
        self.turns.0.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_one_turn_at_a_time() {
        let turns = Turns::default();
        let interrupt = Interrupt::default();
        let turn = turns.take("shop", "run_chain", &interrupt).unwrap();
        turn.is_for("r1");
        assert!(turns.take("shop", "run_task", &interrupt).unwrap_err().contains("the run r1 of shop"));
        assert!(turns.take("other", "generate", &interrupt).is_ok());
        turns.end(Duration::from_millis(1));
        assert!(interrupt.is_raised());
        drop(turn);
        assert!(turns.take("shop", "run_task", &interrupt).is_ok());
    }
}
