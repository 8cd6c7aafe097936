//! What the user has attached to tables of schemas that are left out.

use schemacast::codegen::project::Profile;

use super::*;

const HOSTED: &str = "
CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
CREATE TABLE auth.users (id uuid PRIMARY KEY);
CREATE TABLE auth.untouched (id uuid);
CREATE FUNCTION auth.own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION auth.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TRIGGER managed BEFORE INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION auth.own();
CREATE EVENT TRIGGER hosts ON sql_drop EXECUTE FUNCTION auth.watch();
CREATE TYPE auth.level AS ENUM ('a');
CREATE FUNCTION auth.rank(auth.level) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE CAST (auth.level AS integer) WITH FUNCTION auth.rank(auth.level);
CREATE FUNCTION public.rank(auth.level) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT 1::bigint';
CREATE CAST (auth.level AS bigint) WITH FUNCTION public.rank(auth.level);
CREATE FUNCTION public.welcome() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER greeted AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.welcome();
COMMENT ON TRIGGER greeted ON auth.users IS 'makes a profile';
ALTER TABLE auth.users DISABLE TRIGGER greeted;
CREATE POLICY mine ON auth.users FOR UPDATE TO rare_app USING (id IS NOT NULL);
CREATE RULE keep AS ON DELETE TO auth.users DO INSTEAD NOTHING;
CREATE EVENT TRIGGER ours ON sql_drop EXECUTE FUNCTION public.watch();
CREATE PUBLICATION supabase_realtime FOR TABLE auth.users;
ALTER PUBLICATION supabase_realtime OWNER TO supabase_auth_admin;
";

fn hosted(name: &str) -> ConnectionSettings {
    let ours = "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';";
    database(name, &format!("GRANT CREATE ON DATABASE {name} TO supabase_auth_admin; {ours}{HOSTED}"))
}

#[test]
fn what_is_the_users_on_a_managed_table_is_kept() {
    let settings = hosted("hosted");
    let manifest = read_with(&settings, &Options { profile: Some(Profile::Supabase), ..Options::default() });
    let [auth] = manifest.left_out.as_slice() else { panic!("{:?}", manifest.left_out) };
    let [users] = auth.tables.as_slice() else { panic!("{:?}", auth.tables) };
    assert_eq!(users.name, "users");
    let [greeted] = users.triggers.as_slice() else { panic!("the host's own is not named: {:?}", users.triggers) };
    assert_eq!((greeted.enabled, greeted.comment.as_deref()), (TriggerState::Disabled, Some("makes a profile")));
    let definition = "CREATE TRIGGER greeted AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.welcome()";
    assert_eq!(greeted.definition, definition);
    assert_eq!(users.rules[0].name, "keep");
    let [mine] = users.policies.as_slice() else { panic!("{:?}", users.policies) };
    assert_eq!((mine.command, &mine.roles), (Command::Update, &texts(["rare_app"])));
    let triggers: Vec<_> = manifest.event_triggers.iter().map(|trigger| &*trigger.name).collect();
    assert_eq!(triggers, ["ours"], "the host's event trigger calls a function of the host's");
    let casts: Vec<_> = manifest.casts.iter().map(|cast| &*cast.target).collect();
    assert_eq!(casts, ["bigint"], "the host's cast is of the host's type by the host's function");
    assert_eq!(manifest.publications[0].tables[0].schema, "auth", "users edit what the host made for them");
    assert!(manifest.not_modelled.is_empty(), "{:?}", manifest.not_modelled);
    let again = schemacast::codegen::manifest::read(&write(&manifest, "x")).unwrap();
    assert_eq!(again, manifest);
}

#[test]
fn what_the_settings_exclude_takes_its_policies_with_it() {
    let settings = hosted("excluded");
    let options = Options { profile: Some(Profile::None), exclude: texts(["auth"]), ..Options::default() };
    let manifest = read_with(&settings, &options);
    let [users] = manifest.left_out[0].tables.as_slice() else { panic!("{:?}", manifest.left_out) };
    assert_eq!((users.triggers.len(), users.rules.len(), users.policies.len()), (1, 0, 0));
}
