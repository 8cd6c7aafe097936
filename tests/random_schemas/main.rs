//! Random schemas: one, and the same with random edits. Each must be held by a
//! manifest without loss, rebuilt from it, and turned into the other.
//!
//! CI runs the first seeds. By hand: `SCHEMACAST_SEEDS=500` runs as many,
//! `SCHEMACAST_SEEDS=500..900` these, `SCHEMACAST_SHRINK=1` prints the least SQL
//! that fails instead of all of it, and `SCHEMACAST_REFUSED=1` what of the random
//! SQL the server did not take.
#![cfg(all(unix, feature = "cli"))]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/dump.rs"]
mod dump;

mod attach;
mod database;
mod make;
mod mutate;
mod property;
mod relations;
mod rng;
mod shrink;
mod world;

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use property::{Outcome, check};
use rng::Rng;

/// How many seeds run where nothing says otherwise.
const SEEDS: u64 = 12;

#[test]
fn any_schema_is_held_rebuilt_and_turned_into_another() {
    let mut keys: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut impossible: BTreeMap<String, usize> = BTreeMap::new();
    let mut reports = Vec::new();
    let mut failing = 0;
    let seeds = seeds();
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let [a, b] = sides(seed);
        let outcome = check(&a, &b);
        for what in &outcome.impossible {
            *impossible.entry(what.clone()).or_default() += 1;
        }
        failing += usize::from(!outcome.faults.is_empty());
        for fault in &outcome.faults {
            let seen = keys.entry(fault.key.clone()).or_default();
            seen.push(seed);
            if seen.len() == 1 {
                let report = report(seed, &outcome, &fault.key, &fault.text);
                say(&report);
                reports.push(report);
            }
        }
    }
    if std::env::var_os("SCHEMACAST_SEEDS").is_some() {
        say(&format!("{count} seeds, {failing} failing; impossible: {impossible:#?}"));
    }
    let summary: Vec<String> = keys.iter().map(|(key, seeds)| format!("{} {key}: {seeds:?}", seeds.len())).collect();
    assert!(keys.is_empty(), "{failing} of {count} seeds fail\n{}\n\n{}", reports.join("\n\n"), summary.join("\n"));
}

/// The generator is only worth its time while most of what it says is taken.
#[test]
fn most_of_the_random_sql_is_valid() {
    let [a, _] = sides(1);
    let taken = database::Database::new().and_then(|database| database.accept(&a)).unwrap();
    assert!(taken.len() * 3 > a.len() * 2, "{} of {}", taken.len(), a.len());
}

fn sides(seed: u64) -> [Vec<String>; 2] {
    let mut rng = Rng::new(seed);
    let world = mutate::world(&mut rng);
    let other = mutate::mutated(&mut rng, &world);
    [world.sql(), other.sql()]
}

fn seeds() -> Range<u64> {
    let text = std::env::var("SCHEMACAST_SEEDS").unwrap_or_default();
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match text.split_once("..") {
        Some((from, to)) => number(from).unwrap_or(0)..number(to).unwrap_or(SEEDS),
        None => 0..number(&text).unwrap_or(SEEDS),
    }
}

fn report(seed: u64, outcome: &Outcome, key: &str, text: &str) -> String {
    let mut accepted = outcome.accepted.clone();
    let mut text = text.to_owned();
    if std::env::var("SCHEMACAST_SHRINK").is_ok_and(|value| value == "1") {
        accepted = shrink::shrink(outcome, key);
        let again = check(&accepted[0], &accepted[1]);
        if let Some(fault) = again.faults.into_iter().find(|fault| fault.key == key) {
            text = fault.text;
        }
    }
    let [a, b] = accepted.map(|sql| sql.join(";\n"));
    format!("seed {seed}: {key}\n{text}\n-- one side\n{a};\n-- the other side\n{b};\n")
}

/// To standard error past the test's own capture: hours of seeds are watched.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
