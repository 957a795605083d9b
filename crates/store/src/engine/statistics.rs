//! What SQLite's planner is told about the tables.
//!
//! Without statistics it guesses, and it guesses that finding the rows of an organization leads to few: then it reads
//! all documents of a customer to find those of one order. Measuring would help only once the tables are full, and the
//! same program would then plan otherwise on every machine. So the numbers are typical ones, made from the shape of
//! the keys, and every plan is the same everywhere: the tests look at them (`prepared`).

use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::StoreError;

/// How many rows a table has, and how many of them are in an index that leaves most out.
const ROWS: (u64, u64) = (1_000_000, 1_000);

/// How many of them belong to one organization, and how many share the first column of another key.
const FIRST: (u64, u64) = (1_000, 10);

/// How many share the first two columns of a key, or more of them.
const MORE: u64 = 10;

/// Indexes whose columns narrow less than those of others.
const OTHERS: &[(&str, &str)] = &[
    // There are four kinds of work.
    ("work", "1000000 1000 300 1"),
    // Some accounts are in nearly every posting of an organization.
    ("entry_of_account", "1000000 1000 30 30"),
    // Few issuers, three series.
    ("document_running", "1000000 100000 50000 1"),
];

/// Tells the planner, for every index that the database has.
pub(super) async fn tell(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut unit = connection.begin().await.map_err(StoreError::engine)?;
    // It makes the table that the numbers stand in.
    sqlx::query("ANALYZE shelf").execute(&mut *unit).await.map_err(StoreError::engine)?;
    sqlx::query("DELETE FROM sqlite_stat1").execute(&mut *unit).await.map_err(StoreError::engine)?;
    for index in indexes(&mut unit).await? {
        sqlx::query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)")
            .bind(&index.table)
            .bind(&index.name)
            .bind(index.numbers())
            .execute(&mut *unit)
            .await
            .map_err(StoreError::engine)?;
    }
    unit.commit().await.map_err(StoreError::engine)
}

/// An index, or the key that its table is sorted by.
#[derive(Debug)]
struct Index {
    table: String,
    name: String,
    unique: bool,
    partial: bool,
    columns: Vec<String>,
}

impl Index {
    /// How many rows there are, and how many share its first column, its first two, and so on.
    fn numbers(&self) -> String {
        if let Some((_, numbers)) = OTHERS.iter().find(|(name, _)| *name == self.name) {
            return (*numbers).to_owned();
        }
        let rows = if self.partial { ROWS.1 } else { ROWS.0 };
        let mut numbers = vec![rows];
        let mut left = rows;
        for (place, column) in self.columns.iter().enumerate() {
            let shared = match (place, column.as_str()) {
                (0, "organization_id") => FIRST.0,
                (0, _) => FIRST.1,
                _ => MORE,
            };
            let alone = self.unique && place + 1 == self.columns.len();
            left = if alone { 1 } else { left.min(shared) };
            numbers.push(left);
        }
        numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
    }
}

async fn indexes(connection: &mut SqliteConnection) -> Result<Vec<Index>, StoreError> {
    let rows = sqlx::query(
        "SELECT t.name, CASE WHEN i.origin = 'pk' AND t.wr THEN t.name ELSE i.name END, i.\"unique\", i.partial, x.name
         FROM pragma_table_list t
         JOIN pragma_index_list(t.name) i
         JOIN pragma_index_xinfo(i.name) x
         WHERE t.schema = 'main' AND t.type = 'table' AND x.key
         ORDER BY t.name, i.name, x.seqno",
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::engine)?;
    let mut found: Vec<Index> = Vec::new();
    for row in rows {
        let (table, name): (String, String) = (row.get(0), row.get(1));
        let column = row.get::<Option<String>, _>(4).unwrap_or_default();
        match found.last_mut().filter(|last| (&last.table, &last.name) == (&table, &name)) {
            Some(last) => last.columns.push(column),
            None => {
                found.push(Index {
                    table,
                    name,
                    unique: row.get(2),
                    partial: row.get(3),
                    columns: vec![column],
                });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(unique: bool, partial: bool, columns: &[&str]) -> String {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Index { table: "t".to_owned(), name: "i".to_owned(), unique, partial, columns }.numbers()
    }

    #[test]
    fn numbers_follow_the_shape_of_a_key() {
        assert_eq!(index(true, false, &["id"]), "1000000 1");
        assert_eq!(index(true, false, &["organization_id", "id"]), "1000000 1000 1");
        assert_eq!(index(false, false, &["organization_id", "order_id", "id"]), "1000000 1000 10 10");
        assert_eq!(index(false, true, &["at", "organization_id", "id"]), "1000 10 10 10");
        assert_eq!(index(true, true, &["organization_id"]), "1000 1");
    }
}
