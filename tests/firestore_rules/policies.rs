//! Random tables with policies for every command, as SQL.

use super::rng::Rng;

/// What the policies ask about, beside their own tables.
pub const SETUP: &str = "
    CREATE ROLE anon; CREATE ROLE authenticated;
    CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO anon, authenticated;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
      $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
      $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
    CREATE SCHEMA p; GRANT USAGE ON SCHEMA p TO anon, authenticated;
    CREATE TYPE p.kind AS ENUM ('low', 'middle', 'high');
    CREATE TABLE p.members (team int, member uuid, kind p.kind, PRIMARY KEY (team, member));
    GRANT SELECT ON p.members TO anon, authenticated;
    CREATE TABLE p.secret (team int PRIMARY KEY, owner uuid);
    GRANT SELECT ON p.secret TO authenticated;
    ALTER TABLE p.secret ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON p.secret FOR SELECT TO authenticated USING (owner = auth.uid());
    CREATE FUNCTION p.my_teams(lowest p.kind) RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER AS
      $$ SELECT m.team FROM p.members m WHERE m.member = auth.uid() AND m.kind >= lowest $$;
    CREATE FUNCTION p.is_member(wanted int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
      $$ SELECT EXISTS (SELECT 1 FROM p.members m WHERE m.team = wanted AND m.member = auth.uid()) $$;
    INSERT INTO p.members VALUES
      (1, '11111111-1111-4111-8111-111111111111', 'low'), (2, '11111111-1111-4111-8111-111111111111', 'high'),
      (1, '22222222-2222-4222-8222-222222222222', NULL);
    INSERT INTO p.secret VALUES (1, '11111111-1111-4111-8111-111111111111'), (2, NULL);
    CREATE TABLE p.rows AS
      SELECT row_number() OVER ()::int AS id, owner, team, name, n, flag, kind, tags, day, meta
      FROM (VALUES ('11111111-1111-4111-8111-111111111111'::uuid), ('22222222-2222-4222-8222-222222222222'), (NULL))
             a (owner),
           (VALUES (1, 'a', true), (2, NULL, false), (NULL, 'b', NULL)) b (team, name, flag),
           (VALUES (0, 'low'::p.kind, ARRAY['a', NULL], DATE '2024-02-29', JSONB '{\"k\": \"a\"}'),
                   (7, NULL, NULL, '2025-01-01', '{}'), (NULL, 'high', '{}', NULL, NULL)) c (n, kind, tags, day, meta);
    GRANT SELECT ON p.rows TO anon, authenticated;
    -- What a statement does: the rows that it changes or gives, or the code of
    -- its error. It is undone in any case.
    CREATE FUNCTION p.tried(statement text) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE changed bigint;
      BEGIN
        EXECUTE statement;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'TRIED', MESSAGE = changed::text;
      EXCEPTION
        WHEN SQLSTATE 'TRIED' THEN RETURN SQLERRM;
        WHEN OTHERS THEN RETURN SQLSTATE;
      END $$;
";

/// How many rows `p.rows` has, of which every column is null in some.
pub const ROWS: usize = 27;

/// The columns of a table but its key.
pub const COLUMNS: &str = "owner, team, name, n, flag, kind, tags, day, meta";

/// A table with one to five policies. Its roles have most privileges.
pub fn table(rng: &mut Rng, name: &str) -> String {
    let mut sql = format!(
        "CREATE TABLE p.{name} (id int PRIMARY KEY, owner uuid, team int, name text, n int, flag boolean, kind p.kind,
           tags text[], day date, meta jsonb);
         INSERT INTO p.{name} SELECT id, {COLUMNS} FROM p.rows;
         ALTER TABLE p.{name} ENABLE ROW LEVEL SECURITY;\n"
    );
    for role in ["anon", "authenticated"] {
        for privilege in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
            if rng.percent(96) {
                sql.push_str(&format!("GRANT {privilege} ON p.{name} TO {role};\n"));
            }
        }
    }
    // An updated row must be one that SELECT shows: most tables show some.
    if rng.percent(75) {
        let using = if rng.percent(50) { "true".to_owned() } else { condition(rng, 0) };
        sql.push_str(&policy(name, "shows", "", "SELECT", "PUBLIC", &format!("USING ({using})")));
    }
    for number in 0..=rng.below(4) {
        let restrictive = if number > 0 && rng.percent(35) { "AS RESTRICTIVE" } else { "" };
        let command = rng.pick(&["ALL", "ALL", "SELECT", "INSERT", "INSERT", "UPDATE", "UPDATE", "DELETE"]);
        let roles = rng.pick(&["PUBLIC", "PUBLIC", "authenticated", "anon", "anon, authenticated"]);
        let using = format!("USING ({})", condition(rng, 2));
        let check = format!("WITH CHECK ({})", condition(rng, 2));
        let clauses = match (command, rng.below(8)) {
            ("INSERT", 0) | ("SELECT" | "DELETE", 0) => String::new(),
            ("INSERT", _) => check,
            ("SELECT" | "DELETE", _) => using,
            (_, 0) => check,
            (_, 1..=4) => format!("{using} {check}"),
            _ => using,
        };
        sql.push_str(&policy(name, &format!("p{number}"), restrictive, command, roles, &clauses));
    }
    sql
}

fn policy(table: &str, name: &str, restrictive: &str, command: &str, roles: &str, clauses: &str) -> String {
    let clauses = clauses.replace("T.", &format!("{table}."));
    format!("CREATE POLICY {name} ON p.{table} {restrictive} FOR {command} TO {roles} {clauses};\n")
}

/// One test of a row, whole or in parts.
fn condition(rng: &mut Rng, depth: usize) -> String {
    if depth > 0 && rng.percent(60) {
        let left = condition(rng, depth - 1);
        return match rng.below(5) {
            0 | 1 => format!("({left} AND {})", condition(rng, depth - 1)),
            2 | 3 => format!("({left} OR {})", condition(rng, depth - 1)),
            _ => format!("(NOT {left})"),
        };
    }
    TESTS[rng.below(TESTS.len())].to_owned()
}

const TESTS: [&str; 44] = [
    "owner = auth.uid()",
    "owner = auth.uid()",
    "owner <> auth.uid()",
    "owner = (SELECT auth.uid())",
    "owner IS NOT DISTINCT FROM '22222222-2222-4222-8222-222222222222'",
    "auth.uid() IS NULL",
    "auth.uid() IS NOT NULL",
    "owner IS NULL",
    "name = 'a'",
    "name <> 'a'",
    "name IN ('a', 'b')",
    "name NOT IN ('a', 'c')",
    "name = ANY (ARRAY['a', NULL])",
    "name <> ALL (ARRAY['a', NULL])",
    "name IS NOT DISTINCT FROM 'b'",
    "name = auth.jwt() ->> 'tenant'",
    "(auth.jwt() ->> 'tenant') IS NULL",
    "n > 5",
    "n <= 5",
    "n = team",
    "n <> team",
    "n IS DISTINCT FROM team",
    "n::numeric > 0.5",
    "flag",
    "flag IS NOT TRUE",
    "flag IS FALSE",
    "coalesce(flag, false)",
    "coalesce(flag, true)",
    "coalesce(owner = auth.uid(), flag, false)",
    "kind > 'low'",
    "kind <= 'middle'",
    "kind <> 'high'",
    "day = '2024-02-29'",
    "meta ->> 'k' = 'a'",
    "name = ANY (tags)",
    "team IN (SELECT p.my_teams('middle'))",
    "p.is_member(team)",
    "EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = auth.uid())",
    "EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = auth.uid() AND m.kind = 'high')",
    "NOT EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = T.owner)",
    "EXISTS (SELECT 1 FROM p.secret s WHERE s.team = T.team)",
    "(SELECT s.owner FROM p.secret s WHERE s.team = T.team) = auth.uid()",
    "EXISTS (SELECT 1 FROM p.secret s JOIN p.members m ON m.team = s.team WHERE s.team = T.team)",
    "name LIKE 'a%'",
];
