//! Row level security of the workspace, as its users meet it: every role of
//! one company, the other company's rows, strangers, and the service.

use tokio_postgres::error::SqlState;

use crate::{Desk, WORKSPACE, filled};

const REFUSED: Result<u64, SqlState> = Err(SqlState::INSUFFICIENT_PRIVILEGE);

/// A company of the test, with rows in every table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    Ours = 1,
    Theirs = 2,
}

/// What has a fixed key in a company.
#[derive(Clone, Copy)]
enum Thing {
    Company = 1,
    Page = 2,
    Project = 3,
    FirstTask = 4,
    SecondTask = 5,
    Property = 6,
    Viewer = 7,
    Member = 8,
    Admin = 9,
    Owner = 10,
}

use Company::{Ours, Theirs};

fn id(company: Company, thing: Thing) -> String {
    format!("'{:08}-0000-0000-0000-{:012}'", company as u8, thing as u8)
}

/// The users of a company: who, by what role, whether it may write, and
/// whether it administers.
const USERS: [(Thing, &str, bool, bool); 4] = [
    (Thing::Viewer, "viewer", false, false),
    (Thing::Member, "member", true, false),
    (Thing::Admin, "admin", true, true),
    (Thing::Owner, "owner", true, true),
];

struct Table {
    name: &'static str,
    /// The columns and values of a new row beside company_id, by company and
    /// by the user that it says it is of.
    row: fn(Company, &str) -> (&'static str, String),
    /// Sets what ties a row to other rows to those of another company, so
    /// that no foreign key but only a policy can be what stops the move.
    ties: fn(Company) -> String,
    /// A change that every row takes.
    change: &'static str,
    /// Whether members may delete.
    members_delete: bool,
}

fn no_ties(_: Company) -> String {
    String::new()
}

fn page_tie(company: Company) -> String {
    format!(", page_id = {}", id(company, Thing::Page))
}

fn task_tie(company: Company) -> String {
    format!(", task_id = {}", id(company, Thing::SecondTask))
}

const TABLES: [Table; 7] = [
    Table {
        name: "content_blocks",
        row: |company, _| ("page_id, content", format!("{}, '{{\"text\": \"secret\"}}'", id(company, Thing::Page))),
        ties: page_tie,
        change: "sort_order = 7",
        members_delete: true,
    },
    Table {
        name: "database_views",
        row: |company, _| ("page_id, name", format!("{}, gen_random_uuid()::text", id(company, Thing::Page))),
        ties: page_tie,
        change: "sort_order = 7",
        members_delete: true,
    },
    Table {
        name: "task_dependencies",
        row: |company, _| {
            let ends = [Thing::SecondTask, Thing::FirstTask].map(|task| id(company, task));
            ("predecessor_task_id, successor_task_id", ends.join(", "))
        },
        ties: |company| {
            let [first, second] = [Thing::SecondTask, Thing::FirstTask].map(|task| id(company, task));
            format!(", predecessor_task_id = {first}, successor_task_id = {second}")
        },
        change: "lag_minutes = 7",
        members_delete: true,
    },
    Table {
        name: "time_entries",
        row: |company, user| {
            let task = id(company, Thing::FirstTask);
            ("task_id, user_id, started_at, ended_at", format!("{task}, {user}, '2026-01-01', '2026-01-02'"))
        },
        ties: task_tie,
        change: "note = 'changed'",
        members_delete: false,
    },
    Table {
        name: "custom_properties",
        row: |_, _| ("applies_to, name, property_type", "'task', gen_random_uuid()::text, 'text'".to_owned()),
        ties: no_ties,
        change: "sort_order = 7",
        members_delete: false,
    },
    Table {
        name: "property_values",
        row: |company, _| {
            let [property, task] = [Thing::Property, Thing::SecondTask].map(|thing| id(company, thing));
            ("property_id, task_id, value", format!("{property}, {task}, '\"secret\"'"))
        },
        ties: |company| {
            let [property, task] = [Thing::Property, Thing::FirstTask].map(|thing| id(company, thing));
            format!(", property_id = {property}, page_id = NULL, task_id = {task}")
        },
        change: "value = '7'",
        members_delete: true,
    },
    Table {
        name: "page_templates",
        row: |_, _| ("name", "gen_random_uuid()::text".to_owned()),
        ties: no_ties,
        change: "category = 'report'",
        members_delete: false,
    },
];

impl Table {
    fn insert(&self, company: Company, user: &str) -> String {
        let (columns, values) = (self.row)(company, user);
        let company = id(company, Thing::Company);
        format!("INSERT INTO public.{} (company_id, {columns}) VALUES ({company}, {values})", self.name)
    }

    fn select(&self, company: Company) -> String {
        format!("SELECT id FROM public.{} WHERE company_id = {}", self.name, id(company, Thing::Company))
    }

    fn update(&self, company: Company) -> String {
        let company = id(company, Thing::Company);
        format!("UPDATE public.{} SET {} WHERE company_id = {company}", self.name, self.change)
    }

    fn delete(&self, company: Company) -> String {
        format!("DELETE FROM public.{} WHERE company_id = {}", self.name, id(company, Thing::Company))
    }

    /// Moves rows of one company to another, whose page and tasks they then
    /// belong to.
    fn transfer(&self, from: Company, to: Company) -> String {
        let ties = (self.ties)(to);
        // A property that has values cannot leave them behind.
        let stays = id(from, Thing::Property);
        let [from, to] = [from, to].map(|company| id(company, Thing::Company));
        let name = self.name;
        format!("UPDATE public.{name} SET company_id = {to}{ties} WHERE company_id = {from} AND id <> {stays}")
    }

    fn commands(&self, company: Company, user: &str) -> [String; 4] {
        [self.select(company), self.insert(company, user), self.update(company), self.delete(company)]
    }
}

/// As the API server sets up a request of a signed-in user.
fn signed_in(user: &str) -> String {
    let claims = format!("{{\"sub\": \"{}\", \"role\": \"authenticated\"}}", user.trim_matches('\''));
    format!("SET LOCAL ROLE authenticated; SET LOCAL \"request.jwt.claims\" = '{claims}'")
}

/// The workspace with two companies and a row of each in every table.
fn two_companies(database: &str) -> Desk {
    let mut desk = Desk::new(&filled(WORKSPACE, database));
    for company in [Ours, Theirs] {
        let of = |thing| id(company, thing);
        let number = company as u8;
        let (this, page, project) = (of(Thing::Company), of(Thing::Page), of(Thing::Project));
        let (first, second, property) = (of(Thing::FirstTask), of(Thing::SecondTask), of(Thing::Property));
        desk.execute(&format!(
            "INSERT INTO public.companies (id, name, slug) VALUES ({this}, 'C{number}', 'c{number}');
             INSERT INTO public.knowledge_pages (id, company_id) VALUES ({page}, {this});
             INSERT INTO public.project_projects (id, company_id, name, code) VALUES ({project}, {this}, 'P', 'P');
             INSERT INTO public.project_tasks (id, company_id, project_id, title)
                 VALUES ({first}, {this}, {project}, 'one'), ({second}, {this}, {project}, 'two');
             INSERT INTO public.custom_properties (id, company_id, applies_to, name, property_type)
                 VALUES ({property}, {this}, 'task', 'P', 'text');
             INSERT INTO public.property_values (company_id, property_id, page_id, value)
                 VALUES ({this}, {property}, {page}, '1');
             INSERT INTO public.task_dependencies (company_id, predecessor_task_id, successor_task_id)
                 VALUES ({this}, {first}, {second});"
        ));
        for (user, role, ..) in USERS {
            let user = of(user);
            desk.execute(&format!(
                "INSERT INTO auth.users (id) VALUES ({user});
                 INSERT INTO public.company_members (company_id, user_id, role) VALUES ({this}, {user}, '{role}');"
            ));
        }
        for table in &TABLES {
            // The two that must differ from a new row have theirs already.
            if !["property_values", "task_dependencies"].contains(&table.name) {
                desk.execute(&table.insert(company, &of(Thing::Member)));
            }
        }
    }
    desk
}

#[test]
fn no_user_reads_or_writes_the_rows_of_another_company() {
    let mut desk = two_companies("rls_foreign");
    for (user, role, may_write, _) in USERS {
        let user = id(Ours, user);
        let setup = signed_in(&user);
        for table in &TABLES {
            let [select, insert, update, delete] = table.commands(Theirs, &user);
            let of = |what: &str| format!("{what} {} as {role}", table.name);
            assert_eq!(desk.attempt(&setup, &select), Ok(0), "{}", of("select"));
            assert_eq!(desk.attempt(&setup, &insert), REFUSED, "{}", of("insert"));
            assert_eq!(desk.attempt(&setup, &update), Ok(0), "{}", of("update"));
            assert_eq!(desk.attempt(&setup, &delete), Ok(0), "{}", of("delete"));
            // Neither to the others, nor the others' to oneself.
            let away = desk.attempt(&setup, &table.transfer(Ours, Theirs));
            assert_eq!(away, if may_write { REFUSED } else { Ok(0) }, "{}", of("move"));
            assert_eq!(desk.attempt(&setup, &table.transfer(Theirs, Ours)), Ok(0), "{}", of("take"));
        }
    }
}

#[test]
fn the_moves_that_are_refused_break_no_other_rule() {
    let mut desk = two_companies("rls_moves");
    for table in &TABLES {
        let sql = table.transfer(Ours, Theirs);
        let moved = desk.attempt("SET LOCAL ROLE service_role", &sql);
        assert!(matches!(moved, Ok(1..)), "{}: {moved:?}", table.name);
    }
}

#[test]
fn a_role_decides_what_a_user_does_in_their_own_company() {
    let mut desk = two_companies("rls_own");
    for (user, role, may_write, is_admin) in USERS {
        let user = id(Ours, user);
        let setup = signed_in(&user);
        for table in &TABLES {
            let of = |what: &str| format!("{what} {} as {role}", table.name);
            let [select, insert, update, delete] = table.commands(Ours, &user);
            let there = desk.rows(&table.select(Ours)).len() as u64;
            assert!(there > 0, "{}", table.name);
            assert_eq!(desk.attempt(&setup, &select), Ok(there), "{}", of("select"));
            let expected = if may_write { Ok(1) } else { REFUSED };
            assert_eq!(desk.attempt(&setup, &insert), expected, "{}", of("insert"));
            // The time entry that is there is the member's.
            let expected = if may_write { there } else { 0 };
            assert_eq!(desk.attempt(&setup, &update), Ok(expected), "{}", of("update"));
            let may_delete = is_admin || (may_write && table.members_delete);
            let expected = if may_delete { there } else { 0 };
            assert_eq!(desk.attempt(&setup, &delete), Ok(expected), "{}", of("delete"));
        }
    }
}

#[test]
fn members_book_their_own_time_and_administrators_anybodys() {
    let mut desk = two_companies("rls_time");
    let time = TABLES.iter().find(|table| table.name == "time_entries").unwrap();
    desk.execute(&time.insert(Ours, &id(Ours, Thing::Admin)));
    let hand_over = |to| format!("UPDATE public.time_entries SET user_id = {}", id(Ours, to));

    let member = signed_in(&id(Ours, Thing::Member));
    assert_eq!(desk.attempt(&member, &time.insert(Ours, &id(Ours, Thing::Admin))), REFUSED);
    assert_eq!(desk.attempt(&member, &time.insert(Ours, "NULL")), REFUSED);
    assert_eq!(desk.attempt(&member, &time.update(Ours)), Ok(1), "of the two, their own");
    assert_eq!(desk.attempt(&member, &hand_over(Thing::Admin)), REFUSED);

    let admin = signed_in(&id(Ours, Thing::Admin));
    assert_eq!(desk.attempt(&admin, &time.insert(Ours, &id(Ours, Thing::Member))), Ok(1));
    assert_eq!(desk.attempt(&admin, &time.update(Ours)), Ok(2));
    assert_eq!(desk.attempt(&admin, &hand_over(Thing::Member)), Ok(2), "and none of the other company's");
}

#[test]
fn who_belongs_to_no_company_sees_nothing() {
    let mut desk = two_companies("rls_strangers");
    let nobody = "SET LOCAL ROLE authenticated".to_owned();
    let outsider = signed_in("00000009-0000-0000-0000-000000000009");
    for setup in [nobody, outsider] {
        for table in &TABLES {
            let everything = format!("SELECT id FROM public.{}", table.name);
            assert_eq!(desk.attempt(&setup, &everything), Ok(0), "{}", table.name);
            let [_, insert, update, delete] = table.commands(Ours, &id(Ours, Thing::Member));
            assert_eq!(desk.attempt(&setup, &insert), REFUSED, "{}", table.name);
            assert_eq!(desk.attempt(&setup, &update), Ok(0), "{}", table.name);
            assert_eq!(desk.attempt(&setup, &delete), Ok(0), "{}", table.name);
        }
    }
}

#[test]
fn without_signing_in_there_is_no_way_in() {
    let mut desk = two_companies("rls_anon");
    for table in &TABLES {
        let user = id(Ours, Thing::Member);
        for sql in table.commands(Ours, &user) {
            // Claims that a client sends along do not help.
            let claims = signed_in(&user).replace("ROLE authenticated", "ROLE anon");
            assert_eq!(desk.attempt("SET LOCAL ROLE anon", &sql), REFUSED, "{sql}");
            assert_eq!(desk.attempt(&claims, &sql), REFUSED, "{sql}");
        }
    }
}

#[test]
fn nobody_empties_a_table_past_its_policies() {
    let mut desk = two_companies("rls_truncate");
    for table in &TABLES {
        let sql = format!("TRUNCATE public.{} CASCADE", table.name);
        for setup in [&signed_in(&id(Ours, Thing::Owner)), "SET LOCAL ROLE anon"] {
            assert_eq!(desk.attempt(setup, &sql), REFUSED, "{}", table.name);
        }
    }
}

#[test]
fn the_service_passes_row_security() {
    let mut desk = two_companies("rls_service");
    let setup = "SET LOCAL ROLE service_role";
    for table in &TABLES {
        let everything = format!("SELECT id FROM public.{}", table.name);
        let there = desk.rows(&everything).len() as u64;
        assert!(there >= 2, "{}", table.name);
        assert_eq!(desk.attempt(setup, &everything), Ok(there), "{}", table.name);
        for company in [Ours, Theirs] {
            let own = desk.rows(&table.select(company)).len() as u64;
            let [_, insert, update, delete] = table.commands(company, "NULL");
            assert_eq!(desk.attempt(setup, &insert), Ok(1), "{}", table.name);
            assert_eq!(desk.attempt(setup, &update), Ok(own), "{}", table.name);
            assert_eq!(desk.attempt(setup, &delete), Ok(own), "{}", table.name);
        }
    }
}

#[test]
fn every_table_has_a_policy_for_each_command() {
    let mut desk = Desk::new(&filled(WORKSPACE, "rls_policies"));
    let policies = desk.rows(
        "SELECT tablename::text AS table, array_agg(cmd ORDER BY cmd) AS commands
         FROM pg_policies
         WHERE schemaname = 'public' AND roles = '{authenticated}' AND permissive = 'PERMISSIVE'
         GROUP BY tablename",
    );
    for table in &TABLES {
        let found = policies.iter().find(|row| row["table"] == table.name).unwrap();
        assert_eq!(found["commands"], serde_json::json!(["DELETE", "INSERT", "SELECT", "UPDATE"]), "{}", table.name);
    }
}
