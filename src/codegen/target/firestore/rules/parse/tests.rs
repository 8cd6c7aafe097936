use super::*;

fn name(name: &str) -> Box<Expression> {
    Box::new(Expression::Name(vec![name.into()]))
}

#[test]
fn binds_as_postgres_does() {
    let read = expression("NOT a = b AND c IS NOT NULL OR d").unwrap();
    assert_eq!(
        read,
        Expression::Or(vec![
            Expression::And(vec![
                Expression::Not(Box::new(Expression::Compare(Comparison::Equal, name("a"), name("b")))),
                Expression::Is { operand: name("c"), state: State::Null, negated: true },
            ]),
            *name("d"),
        ])
    );
    assert_eq!(expression("((a))").unwrap(), *name("a"));
    assert_eq!(expression("(a <> -1)").unwrap(), {
        let one = Expression::Number("-1".into());
        Expression::Compare(Comparison::Unequal, name("a"), Box::new(one))
    });
}

#[test]
fn reads_what_policies_are_printed_as() {
    for text in [
        "(company_id IN ( SELECT public.member_company_ids('admin'::public.company_role) AS member_company_ids))",
        "(user_id = ( SELECT auth.uid() AS uid))",
        "((( SELECT (auth.jwt() -> 'app_metadata'::text)) ->> 'role'::text) = 'admin'::text)",
        "(EXISTS ( SELECT 1\n   FROM people.master m\n  WHERE ((m.unique_id = contacts.person) AND (m.at IS NULL))))",
        "(status = ANY (ARRAY['a'::public.status, 'b'::public.status]))",
        "((kind)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "(at > CURRENT_TIMESTAMP)",
        "(starts < '2024-01-01 00:00:00+00'::timestamp with time zone)",
        "(COALESCE(is_public, false) AND (name ~~ 'a%'::text))",
        "((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb ->> 'sub'::text) IS NOT NULL",
        "(a IS DISTINCT FROM b)",
    ] {
        assert!(expression(text).is_ok(), "{text}: {:?}", expression(text));
    }
}

#[test]
fn refuses_what_it_would_misread() {
    for text in ["", "a b", "(a", "a = ", "CASE WHEN a THEN b END", "a NOT LIKE 'b'", "a BETWEEN 1 AND 2", "a.", "a[1]"]
    {
        assert!(expression(text).is_err(), "{text}: {:?}", expression(text));
    }
    assert!(expression(&"(".repeat(100_000)).is_err());
    assert!(expression(&"NOT ".repeat(100_000)).is_err());
    for text in [
        "SELECT a FROM b JOIN c ON true",
        "SELECT a FROM b, c",
        "SELECT a FROM b GROUP BY a",
        "SELECT a FROM b UNION SELECT c",
        "SELECT a; SELECT b",
        "INSERT INTO a",
        "SELECT a FROM b LIMIT 0",
        "SELECT DISTINCT a FROM b",
    ] {
        assert!(select(text).is_err(), "{text}: {:?}", select(text));
    }
}
