//! The hot passes one by one, on a manifest of 100 tables: what a change to
//! one of them costs. What the whole program costs measures `run.sh`.
//!
//! ```sh
//! cargo bench                      # all of them: some minutes
//! cargo bench -- 'cast/'           # those whose name holds that
//! cargo bench -- --save-baseline before   # and after a change: --baseline before
//! ```

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use schemacast::codegen::artifact::{Artifact, Format};
use schemacast::codegen::catalog::Catalog;
use schemacast::codegen::check;
use schemacast::codegen::manifest::{self, Manifest};
use schemacast::codegen::project::Project;
use schemacast::codegen::target::{self, Input, Other, Target, Told};
use schemacast::codegen::types::TypeName;
use schemacast::diff;
use schemacast::postgres::sql_text;
use schemacast::semantics;

#[path = "passes/manifest.rs"]
mod shape;

const TABLES: usize = 100;

criterion_group!(passes, reading, writing, casting, checking, comparing, lexing, types);
criterion_main!(passes);

fn manifest() -> Manifest {
    manifest::read(&shape::text(TABLES)).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]))
}

fn reading(criterion: &mut Criterion) {
    let text = shape::text(TABLES);
    let mut group = criterion.benchmark_group("manifest");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read", |bencher| bencher.iter(|| manifest::read(black_box(&text)).is_ok()));
    group.finish();
}

fn writing(criterion: &mut Criterion) {
    let manifest = manifest();
    let mut group = criterion.benchmark_group("manifest");
    group.throughput(Throughput::Bytes(manifest::write(&manifest, "").len() as u64));
    group.bench_function("write", |bencher| bencher.iter(|| manifest::write(black_box(&manifest), "").len()));
    group.bench_function("sort", |bencher| {
        bencher.iter_batched_ref(|| manifest.clone(), manifest::sort, BatchSize::LargeInput);
    });
    group.finish();
}

fn casting(criterion: &mut Criterion) {
    let (manifest, project) = (manifest(), Project::default());
    criterion.bench_function("catalog", |bencher| {
        bencher.iter(|| Catalog::new(black_box(&manifest)).relations().len());
    });
    let catalog = Catalog::new(&manifest);
    let told = told(&catalog, &project);
    let others = others(&told);
    let mut group = criterion.benchmark_group("cast");
    for target in targets() {
        let others = if target.tells_of_others() { others.as_slice() } else { &[] };
        group.bench_function(target.name(), |bencher| {
            bencher.iter(|| artifacts(target, black_box(&catalog), &project, others).len());
        });
    }
    group.finish();
}

/// Each format's parser over all that is made of it; `semantics` is the full
/// GraphQL check that the program adds.
fn checking(criterion: &mut Criterion) {
    let (manifest, project) = (manifest(), Project::default());
    let catalog = Catalog::new(&manifest);
    let told = told(&catalog, &project);
    let others = others(&told);
    let mut formats: BTreeMap<String, Vec<Artifact>> = BTreeMap::new();
    for target in targets() {
        let others = if target.tells_of_others() { others.as_slice() } else { &[] };
        for artifact in artifacts(target, &catalog, &project, others) {
            formats.entry(format!("{:?}", artifact.format)).or_default().push(artifact);
        }
    }
    for (name, check) in [("check", check::check as fn(&Artifact) -> _), ("semantics", semantics::check)] {
        let mut group = criterion.benchmark_group(name);
        for (format, artifacts) in &formats {
            let is_graphql = matches!(artifacts[0].format, Format::GraphQl | Format::GraphQlApi);
            // A text of no grammar has no parser, and only GraphQL has a further check.
            if artifacts[0].format == Format::Text || (name == "semantics" && !is_graphql) {
                continue;
            }
            // A parser that refuses may stop early.
            assert!(artifacts.iter().all(|artifact| check(artifact).is_ok()), "{name} refuses {format}");
            group.throughput(Throughput::Bytes(artifacts.iter().map(|artifact| artifact.contents.len() as u64).sum()));
            group.bench_function(format, |bencher| {
                bencher.iter(|| artifacts.iter().filter(|artifact| check(black_box(artifact)).is_ok()).count());
            });
        }
        group.finish();
    }
}

/// Not `supabase`, whose files know nothing of the tables.
fn targets() -> impl Iterator<Item = &'static dyn Target> {
    target::all().into_iter().filter(|target| target.name() != "supabase")
}

fn artifacts(target: &dyn Target, catalog: &Catalog<'_>, project: &Project, others: &[Other<'_>]) -> Vec<Artifact> {
    let input = Input { catalog, project, manifest_path: "manifest.yaml", others };
    target.cast(&input).unwrap_or_else(|error| panic!("{}: {error}", target.name())).artifacts
}

/// What each target tells, by its name.
fn told(catalog: &Catalog<'_>, project: &Project) -> Vec<(&'static str, Told)> {
    let telling = target::of_project(project).filter(|target| !target.tells_of_others());
    let tell = |target: &'static dyn Target| {
        let input = Input { catalog, project, manifest_path: "manifest.yaml", others: &[] };
        (target.name(), target.tell(&input).unwrap_or_else(|error| panic!("{}: {error}", target.name())))
    };
    telling.map(tell).collect()
}

/// What the target that tells of the others hears of them.
fn others<'t>(told: &'t [(&'static str, Told)]) -> Vec<Other<'t>> {
    let other = |(target, told): &'t (&'static str, Told)| Other {
        target,
        findings: &told.findings,
        destinations: &told.destinations,
    };
    told.iter().map(other).collect()
}

fn comparing(criterion: &mut Criterion) {
    let (expected, actual) = (manifest(), manifest());
    criterion.bench_function("compare/equal", |bencher| {
        bencher.iter(|| diff::compare(black_box(&expected), black_box(&actual)).changes.len());
    });
}

/// A migration as people write them.
const MIGRATION: &str = include_str!("../manifests/odoboo-workspace/migrations/004_agent_registry.sql");

fn lexing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sql");
    group.throughput(Throughput::Bytes(MIGRATION.len() as u64));
    group.bench_function("tokens", |bencher| bencher.iter(|| sql_text::tokens(black_box(MIGRATION)).count()));
    group.bench_function("statements", |bencher| bencher.iter(|| sql_text::statements(black_box(MIGRATION)).len()));
    group.finish();
}

fn types(criterion: &mut Criterion) {
    let names = [
        "bigint",
        "character varying(40)",
        "numeric(12,2)",
        "text[]",
        "timestamp with time zone",
        "\"My Schema\".price[]",
    ];
    let mut group = criterion.benchmark_group("types");
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| names.iter().filter(|name| TypeName::parse(black_box(name)).is_ok()).count());
    });
    let manifest = manifest();
    let catalog = Catalog::new(&manifest);
    group.bench_function("resolve", |bencher| {
        bencher.iter(|| names.iter().filter(|name| catalog.look_up(black_box(name)).is_ok()).count());
    });
    group.finish();
}
