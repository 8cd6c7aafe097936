use super::{APPSYNC, PRELUDE, amplify_faults, api_faults, defined, faults_of_whole, faults_with};
use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::project::Project;
use crate::codegen::{cast, check, manifest};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

#[test]
fn accepts_models() {
    let types = "enum E { A }\ntype T @model(timestamps: null) @auth(rules: [{allow: private}]) {\n  id: ID! @primaryKey\n  e: [E] d: AWSJSON\n}\n";
    assert_eq!(amplify_faults(types), [""; 0]);
}

#[test]
fn finds_what_the_parser_lets_through() {
    let faults = amplify_faults("type T @model {\n  id: Nope! @primarykey\n}\n");
    assert!(faults.iter().any(|fault| fault.starts_with("2:7: ") && fault.contains("Nope")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("primarykey")), "{faults:?}");
    let faults = amplify_faults("type T @model @auth(rules: [{allow: everybody}]) { id: ID }");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(amplify_faults("type T { a: ID a: ID }").len() == 1);
    assert!(amplify_faults("type T { a: }")[0].starts_with("1:"));
}

#[test]
fn all_that_the_parsers_check_refuses_is_refused() {
    for types in [
        "type T { id ID }",
        "type T { a: Nope }",
        "type T { a: ID\n a: ID }",
        "type T { a: ID }\ntype T { a: ID }",
        "type T { a: ID }\nenum T { A }",
        "enum E { A A }",
        "type T",
        "enum E",
        "input I",
        "input I { a: ID a: ID }",
        "type T { a(x: Nope): ID }",
        "type T { a: ID } }",
    ] {
        assert!(!amplify_faults(types).is_empty(), "{types}");
        let artifact = |format| Artifact { path: "x".into(), contents: types.into(), format };
        assert!(check::check(&artifact(Format::GraphQl)).is_err(), "{types}");
        assert!(super::check(&artifact(Format::GraphQl)).is_err(), "{types}");
    }
}

#[test]
fn an_api_has_a_query_and_fits_together() {
    let api = "type Query { get(id: ID!): T @aws_api_key }\ntype T @aws_iam { at: AWSDateTime }\n";
    assert_eq!(api_faults(api), [""; 0]);
    assert!(api_faults("type T { a: ID }").iter().any(|fault| fault.contains("query")), "no query root");
    assert!(api_faults("type Query { get(in: T): T }\ntype T { a: ID }")[0].starts_with("1:"), "T is no input");
    assert!(api_faults("type Query { get: ID @model }")[0].contains("model"));
}

/// Else a definition of the text's could be left out that collides with one.
#[test]
fn the_names_of_a_prelude_are_all_of_them_and_need_no_others() {
    for (prelude, text, own) in [(PRELUDE, "scalar Own", "Own"), (APPSYNC, "type Query { a: ID }", "Query")] {
        let schema = apollo_compiler::Schema::builder().parse(prelude, "prelude").parse(text, "text").build().unwrap();
        let valid = schema.validate().unwrap();
        let mut types: Vec<_> = valid
            .types
            .iter()
            .filter(|(_, def)| !def.is_built_in())
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != own)
            .collect();
        let mut names: Vec<_> = defined(prelude).collect();
        types.sort_unstable();
        names.sort_unstable();
        assert_eq!(names, types);
    }
    for name in super::BUILT_IN {
        assert!(!api_faults(&format!("type Query {{ a: ID }}\nscalar {name}\n")).is_empty(), "{name}");
    }
}

/// Documents that are generated, with their preludes: the golden cases, and
/// names that were made to collide.
fn documents() -> Vec<(&'static str, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let mut documents = Vec::new();
    for case in ["crm", "information_schema"] {
        for (prelude, name) in [(PRELUDE, "AMPLIFY_TYPES.graphql"), (APPSYNC, "AMPLIFY_API.graphql")] {
            documents.push((prelude, read(&format!("golden/{case}/expected/{name}"))));
        }
    }
    let hostile = manifest::read(&read("hostile_names/manifest.yaml")).unwrap();
    let casting = cast::cast(&hostile, &Project::default(), &["amplify".to_owned()], "m.yaml").unwrap();
    for artifact in casting.artifacts {
        let prelude = if artifact.format == Format::GraphQl { PRELUDE } else { APPSYNC };
        documents.push((prelude, artifact.contents));
    }
    documents
}

/// The text in tokens, blanks and lines: what an edit takes, doubles or moves.
fn pieces(text: &str, by_line: bool) -> Vec<&str> {
    if by_line {
        return text.split_inclusive('\n').collect();
    }
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (piece, behind) = rest.split_at(end);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// What is put somewhere: what means something, and what breaks.
const PUT: &[&str] = &[
    "type",
    "input",
    "enum",
    "scalar",
    "extend",
    "interface",
    "union",
    "schema",
    "implements",
    "directive",
    "on",
    "repeatable",
    "Query",
    "Mutation",
    "Subscription",
    "Int",
    "ID",
    "Nope",
    "AWSDate",
    "ModelQueryMap",
    "__a",
    "_",
    "__",
    "true",
    "null",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "=",
    "@",
    "$a",
    "&",
    "|",
    "...",
    ",",
    "\"",
    "\"\"",
    "\"\"\"",
    "\\",
    "\\\"\"\"",
    "\\u0041",
    "\"\\ud800\"",
    "\"a\nb\"",
    "\"\"\"a\nb\"\"\"",
    "# {",
    "\n",
    "\r",
    "\r\n",
    "\u{feff}",
    "\0",
    "\u{2028}",
    "ä",
    "0",
    "-1",
    "01",
    "1.5",
    "1a",
    " @deprecated",
    " @deprecated(reason: 1)",
    " @model",
    " @aws_iam",
    " @aws_subscribe(mutations: [\"a\", 1])",
    " @nope",
    " @index(name: \"a\")",
    " @auth(rules: [])",
    " @specifiedBy(url: \"\")",
    "(a: Int, a: Int)",
    "()",
    "(a: Query)",
    "{}",
    "[]",
    " = 1",
    " = {a: [1]}",
    "a: ID\n",
    "\ntype T { a: ID }\n",
    "\ninput I { i: I! }\n",
    "\ninput J { k: K! } input K { j: J! }\n",
    "\nscalar S\n",
    "\nenum E { A }\n",
    "\nextend type Query { zz: ID }\n",
    "\nschema { query: Query }\n",
    "\n\"d\"\n",
    "\n{ a }\n",
    "\nunion U = Query\n",
    "\ninterface N { a: ID }\n",
    "\ndirective @d on OBJECT\n",
];

/// A change of a list of pieces, at places of chance.
fn edit(pieces: &mut Vec<&str>, kind: usize, at: Index, other: Index, put: &'static str) {
    if pieces.is_empty() {
        return;
    }
    let (at, other) = (at.index(pieces.len()), other.index(pieces.len()));
    match kind {
        0 => drop(pieces.remove(at)),
        1 => pieces.insert(other, pieces[at]),
        2 => pieces.swap(at, other),
        3 => pieces[at] = pieces[other],
        4 => pieces[at] = put,
        _ => pieces.insert(at, put),
    }
}

/// What a reduction of a document must say of it: the same as the whole.
fn is_judged_alike(prelude: &'static str, text: &str) -> Result<(), TestCaseError> {
    let whole = faults_of_whole(prelude, text, "x");
    prop_assert_eq!(faults_with(prelude, text, "x"), whole, "{}", text);
    let artifact = Artifact { path: "x".into(), contents: text.into(), format: Format::GraphQlApi };
    prop_assert_eq!(
        check::check(&artifact).err().unwrap_or_default(),
        check::graphql::faults_of_whole(text),
        "{}",
        text
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_document_is_judged_as_without_reduction(
        document in select(documents()),
        by_line: bool,
        edits in vec((0_usize..6, any::<Index>(), any::<Index>(), select(PUT)), 1..4),
    ) {
        let (prelude, text) = document;
        let mut pieces = pieces(&text, by_line);
        for (kind, at, other, put) in edits {
            edit(&mut pieces, kind, at, other, put);
        }
        is_judged_alike(prelude, &pieces.concat())?;
    }
}

/// What an edit of a generated document hardly makes.
#[test]
fn definitions_are_judged_as_without_reduction() {
    for text in [
        "",
        "# Nothing.",
        "type Query { a: ID }",
        "input Query { a: ID }",
        "type Query { a: ID }\ninput Mutation { a: ID }",
        "type Query { a: ID }\ntype A { a: ID }\ntype B { a: ID a: ID }",
        "type Query { a: ID }\ntype A { a: ID }\ntype B { __a: ID }",
        "type Query { a: ID }\ntype A { a: ID }\ntype __B { a: ID }",
        "type Query { a: ID }\ntype A { a: ID }\ntype A { a: ID }",
        "type Query { a: ID }\ntype A { a: ID }\ntype B",
        "type Query { a: ID }\ntype A { a: ID }\ntype B {}",
        "type Query { a: ID b(c: ID): ID d(c: ID, c: ID): ID }",
        "type Query { a: ID b(c: ID): ID d(c: ID, __e: ID): ID }",
        "type Query { a: ID b(c: ID): ID d(): ID }",
        "type Query { a: A b: B c: I }\ntype A { a: ID }\ntype B { a: ID }\ninput I { a: ID }",
        "type Query { a(i: I): ID b(i: J): ID c(i: A): ID }\ninput I { a: ID }\ninput J { a: ID }\ntype A { a: ID }",
        "type Query { a: ID }\ninput I { a: I }\ninput J { a: [J!]! }\ninput K { a: K! }",
        "type Query { a: ID }\ninput I { a: I }\ninput J { a: K! }\ninput K { a: J! }",
        "type Query { a: ID }\ninput I { a: E! b: AWSDate! }\nenum E { A }",
        "type Query { a: ID }\nenum E { A B }\nenum F { A A }",
        "type Query { a: ID }\nenum E { A B }\nenum F { A true }",
        "type Query { a: ID }\nenum E { A B }\nenum F { A @deprecated B @deprecated(reason: null) C @deprecated(reason: \"\") }",
        "type Query { a: ID }\ntype A @aws_iam { a: ID }\ntype B @aws_iam @aws_iam { a: ID }",
        "type Query { a: ID }\ntype A @aws_iam { a: ID }\ninput I @aws_iam { a: ID }",
        "type Query { a: ID @aws_subscribe(mutations: [\"a\" \"b\"]) b: ID @aws_subscribe(mutations: [\"a\" 1]) }",
        "type Query { a: ID @aws_subscribe(mutations: \"a\") b: ID @aws_subscribe(mutations: [[\"a\"]]) }",
        "type Query { a: ID @aws_subscribe(mutations: {a: \"a\"}) }",
        "type Query { a: [[[[ID!]]!]]! b: [[ID }",
        "type Query { a: ID } }",
        "type Query { a: ID }\nscalar A\nscalar B @specifiedBy(url: \"x\")\nscalar C @specifiedBy",
        "type Query { a: ID }\nscalar A { a: ID }",
        "type Query { a: A }\nscalar A\n\"\"\"\ntype A { a: ID }\n\"\"\"\nscalar B",
        "\"a\" \"b\" type Query { a: ID }",
        "type Query { \"a\" \"b\" a: ID }",
        "type Query { a: ID \"b\" }",
        "type type { type: type input(enum: scalar): type }\nscalar scalar\ntype Query { a: type }",
        "type implements { implements: ID }\ntype Query { a: implements }",
        "type Query implements A { a: ID }\ninterface A { a: ID b: ID }",
        "type Query { a: ID }\ntype on @on { on: on }",
    ] {
        is_judged_alike(APPSYNC, text).unwrap_or_else(|error| panic!("{error}"));
        is_judged_alike(PRELUDE, text).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn of_what_is_alike_one_is_read() {
    let table = |at: usize| {
        format!(
            "type T{at} {{ id{at}: ID! next{at}(by{at}: I{at}): T{} }}\ninput I{at} {{ id{at}: ID or{at}: [I{at}] e{at}: E{at} }}\n             enum E{at} {{ A{at} }}\n",
            at / 2
        )
    };
    let text = format!("type Query {{ a: T0 b: I1 }}\n{}", (0..1000).map(table).collect::<String>());
    let reduced = super::reduce(&text, std::iter::empty()).unwrap();
    assert!(reduced.len() < 400, "{reduced}");
    assert_eq!(api_faults(&text), faults_of_whole(APPSYNC, &text, "api"));
    let text = text.replace("b: I1", "b: T1");
    assert_eq!(api_faults(&text), [""; 0]);
    for (sound, broken) in
        [("id999: ID!", "id999: Nope!"), ("E999 { A999 }", "E999 { }"), ("T499", "I499"), ("I998", "T998")]
    {
        assert!(text.contains(sound) && !api_faults(&text.replacen(sound, broken, 1)).is_empty(), "{broken}");
    }
}
