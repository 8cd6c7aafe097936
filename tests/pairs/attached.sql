-- case: triggers
CREATE TABLE t (a integer, b text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- actual
CREATE TRIGGER changes BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER state AFTER INSERT ON t EXECUTE FUNCTION touch();
-- expected
CREATE TRIGGER comes BEFORE UPDATE OF b ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION touch('x', 'y''z');
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER changes BEFORE UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER state AFTER INSERT ON t EXECUTE FUNCTION touch();
ALTER TABLE t DISABLE TRIGGER state, ENABLE ALWAYS TRIGGER comes;
COMMENT ON TRIGGER comes ON t IS 'c';
-- changes: - trigger public.t.comes; - trigger public.t.checked; ~ trigger public.t.changes definition; ~ trigger public.t.state enabled

-- case: a trigger whose function is made again
CREATE TABLE t (a integer);
-- actual
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- expected
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- changes: ~ function public.touch() body

-- case: rules
CREATE TABLE t (a integer);
CREATE TABLE log (a integer);
-- actual
CREATE RULE changes AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
CREATE RULE state AS ON DELETE TO t DO ALSO NOTHING;
-- expected
CREATE RULE comes AS ON UPDATE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING;
CREATE RULE changes AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a + 1);
CREATE RULE state AS ON DELETE TO t DO ALSO NOTHING;
ALTER TABLE t DISABLE RULE state;
COMMENT ON RULE comes ON t IS 'c';
-- changes: - rule public.t.comes; ~ rule public.t.changes definition; ~ rule public.t.state enabled

-- case: policies
CREATE TABLE t (a integer, b text);
-- actual
CREATE POLICY goes ON t USING (true);
CREATE POLICY command ON t FOR SELECT USING (true);
CREATE POLICY kind ON t USING (true);
CREATE POLICY roles ON t TO app USING (true);
CREATE POLICY condition ON t USING (a > 0);
CREATE POLICY taken ON t FOR UPDATE USING (a > 0) WITH CHECK (a > 0);
-- expected
CREATE POLICY "comes too" ON t AS RESTRICTIVE FOR UPDATE TO app, "Odd Role" USING (a > 0) WITH CHECK (a > 1);
CREATE POLICY command ON t FOR DELETE USING (true);
CREATE POLICY kind ON t AS RESTRICTIVE USING (true);
CREATE POLICY roles ON t TO reader, app USING (true);
CREATE POLICY condition ON t USING (a > 0) WITH CHECK (b = 'x');
CREATE POLICY taken ON t FOR UPDATE USING (a > 0);
COMMENT ON POLICY condition ON t IS 'c';
-- changes: + policy public.t.goes; - policy public.t."comes too"; ~ policy public.t.command command; ~ policy public.t.kind restrictive; ~ policy public.t.roles roles; ~ policy public.t.condition with_check; ~ policy public.t.condition comment; ~ policy public.t.taken with_check

-- case: a policy stands in the way of a type
-- actual
CREATE TABLE t (a integer);
CREATE POLICY p ON t USING (a > 0);
CREATE RULE r AS ON UPDATE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING;
-- expected
CREATE TABLE t (a bigint);
CREATE POLICY p ON t USING (a > 0);
CREATE RULE r AS ON UPDATE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING;
-- changes: ~ column public.t.a type
