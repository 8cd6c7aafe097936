//! Edits that make of one schema another.

use crate::make::make;
use crate::relations;
use crate::rng::Rng;
use crate::world::*;

/// A whole schema.
pub fn world(rng: &mut Rng) -> World {
    let mut world = World::default();
    for (what, most) in ALL {
        let count = if what == What::Schema { 2 + rng.below(2) } else { rng.below(most + 1) };
        for _ in 0..count {
            if let Some(piece) = make(rng, &mut world, what, None) {
                world.pieces.push(piece);
            }
        }
    }
    world
}

/// The same with some edits.
pub fn mutated(rng: &mut Rng, world: &World) -> World {
    let mut world = world.clone();
    for _ in 0..=rng.below(9) {
        edit(rng, &mut world);
    }
    world
}

fn edit(rng: &mut Rng, world: &mut World) {
    if world.pieces.is_empty() {
        return;
    }
    let at = rng.below(world.pieces.len());
    match rng.below(24) {
        0..=3 => {
            if world.pieces[at].name != "public" {
                world.pieces.remove(at);
            }
        }
        4..=6 => {
            let (what, _) = ALL[rng.below(ALL.len())];
            if let Some(piece) = make(rng, world, what, None) {
                world.pieces.push(piece);
            }
        }
        7..=11 => {
            let old = world.pieces[at].clone();
            if let Some(piece) = make(rng, world, old.what, Some(&old)) {
                world.pieces[at] = piece;
            }
        }
        12..=16 => edit_columns(rng, world),
        17 => rename(rng, world, at),
        18 => move_to_schema(rng, world, at),
        19 => labels(rng, world),
        20 => another_kind(rng, world),
        21 => swap(rng, world, at),
        22 => drop_schema(rng, world),
        _ => copy(rng, world, at),
    }
}

fn edit_columns(rng: &mut Rng, world: &mut World) {
    let tables: Vec<usize> = (0..world.pieces.len()).filter(|at| world.pieces[*at].table.is_some()).collect();
    let Some(&at) = rng.one(&tables) else { return };
    let others = world.pieces[at].columns().to_vec();
    let own = world.plain_name(rng, "c");
    let new = relations::column(rng, world, &own, &others);
    let Some(table) = world.pieces[at].table.as_mut() else { return };
    if table.columns.is_empty() {
        table.columns.push(new);
        return;
    }
    let place = rng.below(table.columns.len());
    match rng.below(8) {
        0 => table.columns.push(new),
        1 => drop(table.columns.remove(place)),
        2 => {
            // Another column of the same name: behind those that it may be made of.
            let others = others[..place].to_vec();
            let name = table.columns[place].name.clone();
            let again = relations::column(rng, world, &name, &others);
            if let Some(table) = world.pieces[at].table.as_mut() {
                table.columns[place] = again;
            }
        }
        3 => table.columns[place].type_name = new.type_name,
        4 => table.columns[place].rest = new.rest,
        5 => table.columns[place].settings = new.settings,
        6 => {
            let rest = &mut table.columns[place].rest;
            *rest = match rest.contains(" NOT NULL") {
                true => rest.replace(" NOT NULL", ""),
                false => format!("{rest} NOT NULL"),
            };
        }
        _ => {
            let words = [" UNLOGGED", ""];
            table.words = words[rng.below(2)].to_owned();
            if table.tail.starts_with(" INHERITS") || table.tail.starts_with(" WITH") {
                table.tail = rng.maybe(50, " WITH (fillfactor = 55)");
            }
        }
    }
}

/// A text in which one name is another; a longer one that starts alike is not.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let behind = &rest[at + old.len()..];
        let is_longer = behind.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !old.ends_with('"');
        result.push_str(&rest[..at]);
        result.push_str(if is_longer { old } else { new });
        rest = behind;
    }
    result + rest
}

/// Everywhere: what depends on it follows.
fn replace(world: &mut World, old: &str, new: &str) {
    let swap = |text: &mut String| *text = replaced(text, old, new);
    for piece in &mut world.pieces {
        swap(&mut piece.name);
        piece.on.iter_mut().for_each(swap);
        piece.sql.iter_mut().for_each(swap);
        let columns = piece.table.iter_mut().flat_map(|table| table.columns.iter_mut()).chain(&mut piece.columns);
        for column in columns {
            swap(&mut column.type_name);
            swap(&mut column.rest);
        }
        if let Some(table) = &mut piece.table {
            swap(&mut table.tail);
        }
    }
}

fn rename(rng: &mut Rng, world: &mut World, at: usize) {
    let old = world.pieces[at].name.clone();
    if !old.contains('.') {
        return;
    }
    let new = format!("{}.{}", schema_of(&old), world.plain_name(rng, "renamed"));
    if rng.percent(50) {
        replace(world, &old, &new);
    } else {
        let piece = &mut world.pieces[at];
        piece.sql.iter_mut().for_each(|text| *text = replaced(text, &old, &new));
        piece.name = new;
    }
}

fn move_to_schema(rng: &mut Rng, world: &mut World, at: usize) {
    let old = world.pieces[at].name.clone();
    let Some(schema) = world.any(rng, &[What::Schema]).map(|schema| schema.name.clone()) else { return };
    if old.contains('.') && schema_of(&old) != schema {
        replace(world, &old, &format!("{schema}.{}", last(&old)));
    }
}

fn labels(rng: &mut Rng, world: &mut World) {
    let enums: Vec<usize> = (0..world.pieces.len()).filter(|at| world.pieces[*at].what == What::Enum).collect();
    let Some(&at) = rng.one(&enums) else { return };
    let piece = &mut world.pieces[at];
    let text = piece.sql[0].clone();
    let Some((before, list)) = text.split_once(" AS ENUM (") else { return };
    let mut labels: Vec<&str> = list.trim_end_matches(')').split(", ").collect();
    match rng.below(3) {
        0 => labels.insert(rng.below(labels.len() + 1), "'new'"),
        1 if labels.len() > 1 => drop(labels.remove(1 + rng.below(labels.len() - 1))),
        _ => labels.reverse(),
    }
    piece.sql[0] = format!("{before} AS ENUM ({})", labels.join(", "));
}

/// A table becomes a view of the same name, a view a table, and so on.
fn another_kind(rng: &mut Rng, world: &mut World) {
    let kinds =
        [What::Table, What::View, What::MaterializedView, What::Enum, What::Composite, What::Sequence, What::Domain];
    let Some(name) = world.any(rng, &kinds).map(|piece| piece.name.clone()) else { return };
    world.pieces.retain(|piece| piece.name != name);
    let what = kinds[rng.below(kinds.len())];
    let named = Piece::new(what, &name, Vec::new());
    if let Some(piece) = make(rng, world, what, Some(&named)) {
        world.pieces.push(piece);
    }
}

/// Two things take each other's name.
fn swap(rng: &mut Rng, world: &mut World, at: usize) {
    let one = world.pieces[at].name.clone();
    let others: Vec<String> = world
        .pieces
        .iter()
        .filter(|piece| piece.what == world.pieces[at].what && piece.name != one)
        .map(|piece| piece.name.clone())
        .collect();
    let Some(other) = rng.one(&others).cloned() else { return };
    if one.contains('.') && other.contains('.') {
        replace(world, &one, "swapped.away");
        replace(world, &other, &one);
        replace(world, "swapped.away", &other);
    }
}

fn drop_schema(rng: &mut Rng, world: &mut World) {
    let Some(name) = world.any(rng, &[What::Schema]).map(|schema| schema.name.clone()) else { return };
    if name != "public" {
        let inside = format!("{name}.");
        world.pieces.retain(|piece| piece.name != name && !piece.name.starts_with(&inside));
    }
}

/// The same once more, under another name.
fn copy(rng: &mut Rng, world: &mut World, at: usize) {
    let mut piece = world.pieces[at].clone();
    let old = piece.name.clone();
    if old.contains('.') {
        let new = format!("{}.{}", schema_of(&old), world.plain_name(rng, "copy"));
        piece.sql.iter_mut().for_each(|text| *text = replaced(text, &old, &new));
        piece.name = new;
        world.pieces.push(piece);
    }
}
