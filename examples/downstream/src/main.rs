//! A small service's use of its models, without the database.

use models::library::{Item, ItemId, ItemUpdate, Loan, Medium, NewItem};

// The module `models`, as build.rs has it generated.
include!(concat!(env!("OUT_DIR"), "/schema.rs"));

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What a statement is made of.
    println!("{}.{}: {}", Item::SCHEMA, Item::TABLE, Item::COLUMNS.join(", "));
    println!("{} WHERE {} = $1", Loan::SELECT, Loan::PRIMARY_KEY[0]);

    // A row, as a client has it in JSON. The label is the database's own.
    let item: Item = serde_json::from_str(
        r#"{"id": 7, "title": "Azul", "medium": "board game", "tags": ["tiles", null], "acquired": "2026-03-01"}"#,
    )?;
    assert_eq!((item.id, item.medium), (ItemId(7), Medium::BoardGame));
    println!("{} ({}), since {}", item.title, item.medium, item.acquired.ok_or("unknown")?);

    // An INSERT: the id is the database's to give, and what has a default may
    // be left to it. An enum reads its labels, and says which they are.
    let medium: Medium = "record".parse()?;
    let new = NewItem { title: "Blue".to_owned(), medium: Some(medium), tags: None, acquired: None };
    println!("insert {new:?}");
    if let Err(error) = "cassette".parse::<Medium>() {
        println!("{error}; {} labels are known", Medium::ALL.len());
    }

    // An UPDATE tells "leave it" from "make it NULL".
    let update: ItemUpdate = serde_json::from_str(r#"{"title": "Azul, 2nd edition", "acquired": null}"#)?;
    assert_eq!((&update.medium, &update.acquired), (&None, &Some(None)));
    println!("update {}", serde_json::to_string(&update)?);

    // Ids are types: a loan's cannot be taken for an item's.
    let loan: Loan = serde_json::from_str(
        r#"{"id": 1, "item_id": 7, "borrower": "Ada", "due": "2026-04-01", "returned": "2026-03-20T10:00:00Z"}"#,
    )?;
    assert_eq!(loan.item_id, item.id);
    println!("{} brought it back at {:?}", loan.borrower, loan.returned);
    Ok(())
}
