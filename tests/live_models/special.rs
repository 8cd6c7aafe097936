//! What is about a row rather than a type: columns that the server writes,
//! keys that other rows refer to, and names that nobody should use. What is
//! wrong panics, and the program's exit code tells.

use sqlx::{FromRow, Row as _};

use crate::models::with_chrono::models::t::{Made, NewMade, NewSeLfE, SeLfE};

const FIRST: &str = "INSERT INTO t.made (n) VALUES ($1) RETURNING id, n, twice, word, parent";
const SECOND: &str =
    "INSERT INTO t.made (n, word, parent) VALUES ($1, $2, $3) RETURNING id, n, twice, word, parent";
const HOSTILE: &str = "INSERT INTO t.\"Se\"\"lf é\" (\"self\", \"type\", \"a \"\"b\", \"größe\", \"1st\", \"👍\")
    VALUES ($1, $2, $3, $4, $5, $6)";

/// The first leaves its default out, the second refers to the first.
fn first() -> NewMade {
    NewMade { n: 7, word: None, parent: None }
}

fn hostile() -> NewSeLfE {
    NewSeLfE {
        self_: "it's \"self\"".to_owned(),
        r#type: Some(-1),
        a_b: Some(vec![None, Some(String::new())]),
        groesse: Some(f32::MIN_POSITIVE),
        _1st: None,
        u1f44d: Some(uuid::Uuid::from_u128(1)),
    }
}

fn check(first: &Made, second: &Made) {
    assert_eq!((first.n, first.twice, first.word.as_deref(), first.parent), (7, Some(14), Some("x"), None));
    assert_eq!((second.n, second.twice, second.word.as_deref(), second.parent), (8, Some(16), None, Some(first.id)));
    assert_ne!(first.id, second.id);
}

fn check_hostile(row: SeLfE, new: NewSeLfE) {
    let SeLfE { self_, r#type, a_b, groesse, _1st, u1f44d } = row;
    assert_eq!(NewSeLfE { self_, r#type, a_b, groesse, _1st, u1f44d }, new);
}

pub async fn tokio_postgres(client: &tokio_postgres::Client) {
    let new = first();
    let one = Made::from_row(&client.query_one(FIRST, &[&new.n]).await.unwrap()).unwrap();
    let new = NewMade { n: 8, word: Some(None), parent: Some(one.id) };
    let two = client.query_one(SECOND, &[&new.n, &new.word.flatten(), &new.parent]).await.unwrap();
    let two = Made::from_row(&two).unwrap();
    check(&one, &two);
    let read = client.query_one(&format!("{} WHERE id = $1", Made::SELECT), &[&two.id]).await.unwrap();
    assert_eq!(Made::from_row(&read).unwrap(), two);

    let new = hostile();
    client
        .execute(HOSTILE, &[&new.self_, &new.r#type, &new.a_b, &new.groesse, &new._1st, &new.u1f44d])
        .await
        .unwrap();
    let row = client.query_one(SeLfE::SELECT, &[]).await.unwrap();
    check_hostile(SeLfE::from_row(&row).unwrap(), new);
}

pub async fn sqlx(connection: &mut sqlx::PgConnection) {
    let new = first();
    let one = sqlx::query(FIRST).bind(new.n).fetch_one(&mut *connection).await.unwrap();
    let one = <Made as FromRow<_>>::from_row(&one).unwrap();
    let new = NewMade { n: 8, word: Some(None), parent: Some(one.id) };
    let two = sqlx::query(SECOND).bind(new.n).bind(new.word.flatten()).bind(new.parent);
    let two = <Made as FromRow<_>>::from_row(&two.fetch_one(&mut *connection).await.unwrap()).unwrap();
    check(&one, &two);
    let by_id = format!("{} WHERE id = $1", Made::SELECT);
    let read: Made = sqlx::query_as(&by_id).bind(two.id).fetch_one(&mut *connection).await.unwrap();
    assert_eq!(read, two);

    let new = hostile();
    let NewSeLfE { self_, r#type, a_b, groesse, _1st, u1f44d } = new.clone();
    let insert = sqlx::query(HOSTILE).bind(self_).bind(r#type).bind(a_b).bind(groesse).bind(_1st).bind(u1f44d);
    insert.execute(&mut *connection).await.unwrap();
    let row = sqlx::query(SeLfE::SELECT).fetch_one(&mut *connection).await.unwrap();
    assert_eq!(row.len(), SeLfE::COLUMNS.len());
    check_hostile(<SeLfE as FromRow<_>>::from_row(&row).unwrap(), new);
}
