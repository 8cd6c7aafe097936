//! Reads each row of a table through a driver with the row struct, writes it
//! again from the New struct, reads that, and has Postgres compare the texts of
//! both. It prints a line for each row and driver and rolls everything back.

use std::fmt::Debug;

use sqlx::{ConnectOptions, Connection, Executor};

mod models;
mod special;
#[path = "cases.rs"]
mod cases;

/// The place of a value in an INSERT: through the cast that SELECT says.
fn place(select: &str, number: usize, type_name: &str) -> String {
    if select.contains("\"v\"::text[] AS") {
        format!("${number}::text[]::{type_name}")
    } else if select.contains("\"v\"::text AS") {
        format!("${number}::text::{type_name}")
    } else {
        format!("${number}")
    }
}

fn insert(table: &str, select: &str, type_name: &str) -> String {
    format!("INSERT INTO t.{table} (k, v) VALUES ($1, {})", place(select, 2, type_name))
}

/// Whether the row that was written is the row that was read, as Postgres
/// prints it.
fn texts(table: &str, k: i32) -> String {
    format!(
        "SELECT a.v::text IS NOT DISTINCT FROM b.v::text, coalesce(b.v::text, 'NULL')
           FROM t.{table} a, t.{table} b WHERE a.k = {k} AND b.k = {k} + 1000"
    )
}

fn say(table: &str, driver: &str, k: i32, outcome: &str) {
    println!("{table}\t{driver}\t{k}\t{}", outcome.replace(['\n', '\t'], " "));
}

fn outcome(same_text: bool, text: &str, same_row: bool, shown: &str) -> String {
    match (same_text, same_row) {
        (true, true) => format!("same {shown}"),
        (false, _) => format!("changed {text}"),
        (true, false) => format!("reread {shown}"),
    }
}

/// Rows that compare as unequal to themselves hold a NaN.
fn is_same<T: PartialEq + Debug>(a: &T, b: &T) -> bool {
    a == b || format!("{a:?}") == format!("{b:?}")
}

macro_rules! through_tokio_postgres {
    ($client:expr, $module:ident, $table:literal, $type_name:literal, $row:ident, $new:ident) => {{
        use crate::models::$module::models::t::{$new, $row};
        let client = &$client;
        let ks = client.query(concat!("SELECT k FROM t.", $table, " WHERE k < 1000 ORDER BY k"), &[]).await.unwrap();
        for k in ks.iter().map(|row| row.get::<_, i32>(0)) {
            let read = async |k: i32| {
                let rows = client.query(&format!("{} WHERE k = {k}", $row::SELECT), &[]).await;
                rows.and_then(|rows| $row::from_row(&rows[0]))
            };
            let name = concat!(stringify!($module), " tokio-postgres");
            let row = match read(k).await {
                Ok(row) => row,
                Err(error) => {
                    say($table, name, k, &format!("unread {error:?}"));
                    continue;
                }
            };
            client.batch_execute("SAVEPOINT row").await.unwrap();
            let new = $new { k: k + 1000, v: row.v.clone() };
            match client.execute(&insert($table, $row::SELECT, $type_name), &[&new.k, &new.v]).await {
                Ok(_) => {
                    let again = read(k + 1000).await.map(|again| $row { k, ..again });
                    let compared = client.query_one(&texts($table, k), &[]).await.unwrap();
                    let same_row = again.is_ok_and(|again| is_same(&again, &row));
                    say($table, name, k, &outcome(compared.get(0), compared.get(1), same_row, &format!("{:?}", row.v)));
                }
                Err(error) => say($table, name, k, &format!("unwritten {error:?}")),
            }
            client.batch_execute("ROLLBACK TO SAVEPOINT row").await.unwrap();
        }
    }};
}

macro_rules! through_sqlx {
    ($connection:expr, $module:ident, $table:literal, $type_name:literal, $row:ident, $new:ident) => {{
        use crate::models::$module::models::t::{$new, $row};
        let connection = &mut *$connection;
        let ks = connection.fetch_all(sqlx::query(concat!("SELECT k FROM t.", $table, " WHERE k < 1000 ORDER BY k")));
        for k in ks.await.unwrap().iter().map(|row| row.get::<i32, _>(0)) {
            let name = concat!(stringify!($module), " sqlx");
            let select = |k: i32| format!("{} WHERE k = {k}", $row::SELECT);
            // What panics is told as such: it takes the caller's thread with it.
            let decode = |row: &sqlx::postgres::PgRow| match catch_unwind(AssertUnwindSafe(|| {
                <$row as sqlx::FromRow<'_, sqlx::postgres::PgRow>>::from_row(row)
            })) {
                Ok(Ok(row)) => Ok(row),
                Ok(Err(error)) => Err(format!("unread {error:?}")),
                Err(_) => Err("panic".to_owned()),
            };
            let row = connection.fetch_one(sqlx::query(&select(k))).await.unwrap();
            let row = match decode(&row) {
                Ok(row) => row,
                Err(said) => {
                    say($table, name, k, &said);
                    continue;
                }
            };
            connection.execute(sqlx::raw_sql("SAVEPOINT row")).await.unwrap();
            let new = $new { k: k + 1000, v: row.v.clone() };
            let sql = insert($table, $row::SELECT, $type_name);
            match sqlx::query(&sql).bind(new.k).bind(new.v).execute(&mut *connection).await {
                Ok(_) => {
                    let again = connection.fetch_one(sqlx::query(&select(k + 1000))).await.unwrap();
                    let again = decode(&again).map(|again| $row { k, ..again });
                    let compared = connection.fetch_one(sqlx::query(&texts($table, k))).await.unwrap();
                    let same_row = again.is_ok_and(|again| is_same(&again, &row));
                    let text: String = compared.get(1);
                    say($table, name, k, &outcome(compared.get(0), &text, same_row, &format!("{:?}", row.v)));
                }
                Err(error) => say($table, name, k, &format!("unwritten {error:?}")),
            }
            connection.execute(sqlx::raw_sql("ROLLBACK TO SAVEPOINT row")).await.unwrap();
        }
    }};
}
pub(crate) use {through_sqlx, through_tokio_postgres};

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let variable = |name: &str| std::env::var(name).unwrap();
        let (folder, database) = (variable("LIVE_SOCKET"), variable("LIVE_DATABASE"));
        let settings = format!("host={folder} user=postgres dbname={database}");
        let (client, connection) = tokio_postgres::connect(&settings, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("BEGIN").await.unwrap();
        special::tokio_postgres(&client).await;
        cases::tokio_postgres(&client).await;
        client.batch_execute("ROLLBACK").await.unwrap();

        let options = sqlx::postgres::PgConnectOptions::new_without_pgpass().socket(folder);
        let options = options.username("postgres").database(&database).disable_statement_logging();
        let mut connection = sqlx::PgConnection::connect_with(&options).await.unwrap();
        connection.execute(sqlx::raw_sql("BEGIN")).await.unwrap();
        special::sqlx(&mut connection).await;
        std::panic::set_hook(Box::new(|_| {}));
        cases::sqlx(&mut connection).await;
        let _ = std::panic::take_hook();
        connection.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    });
}
