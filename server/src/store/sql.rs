//! Text of statements of many rows or keys, for SQLite and PostgreSQL. Rows and keys come in a few
//! sizes only, so that every statement stays prepared.

use std::fmt::Write as _;

use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};
use sea_query_sqlx::{SqlxBinder, SqlxValues};
use sqlx::AnyConnection;

/// Sizes of statements, the largest first.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Keys asked for in one statement.
pub(crate) const KEYS: usize = SIZES[0];

/// How placeholders are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// `$1`, `$2`, as PostgreSQL wants them.
    Numbered,
    /// `?`: SQLite looks the names of numbered ones up one after the other, so that a statement of
    /// many rows would cost more than many statements of a few.
    Plain,
}

impl Marks {
    /// As a connection wants them.
    pub(crate) fn of(db: &AnyConnection) -> Self {
        if db.backend_name() == "SQLite" { Self::Plain } else { Self::Numbered }
    }

    /// `head ($1,$2),($3,$4) tail` for `rows` rows of `columns` columns.
    pub(crate) fn values(self, head: &str, columns: usize, rows: usize, tail: &str) -> String {
        let mut text = String::with_capacity(head.len() + tail.len() + rows * columns * 6);
        text.push_str(head);
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ",(" });
            self.list(&mut text, row * columns + 1, columns);
            text.push(')');
        }
        text.push(' ');
        text.push_str(tail);
        text
    }

    /// `head ($1,$2,…) tail` for `count` keys.
    pub(crate) fn within(self, head: &str, count: usize, tail: &str) -> String {
        let mut text = String::with_capacity(head.len() + tail.len() + count * 6);
        text.push_str(head);
        text.push_str(" (");
        self.list(&mut text, 1, count);
        text.push_str(") ");
        text.push_str(tail);
        text
    }

    fn list(self, text: &mut String, first: usize, count: usize) {
        for number in first..first + count {
            if number > first {
                text.push(',');
            }
            self.mark(text, number);
        }
    }

    /// Adds the placeholder of a number.
    pub(crate) fn mark(self, text: &mut String, number: usize) {
        match self {
            Self::Plain => text.push('?'),
            // Writing to a string has no failure.
            Self::Numbered => drop(write!(text, "${number}")),
        }
    }
}

/// A query as the database of a connection wants it, with its values.
pub(crate) fn built(db: &AnyConnection, query: &impl SqlxBinder) -> (String, SqlxValues) {
    match Marks::of(db) {
        Marks::Plain => query.build_sqlx(SqliteQueryBuilder),
        Marks::Numbered => query.build_sqlx(PostgresQueryBuilder),
    }
}

/// Rows in parts, each of one of the sizes of statements.
pub(crate) fn parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (part, rest) = rows.split_at_checked(size)?;
        rows = rest;
        Some(part)
    })
}

/// At most [`KEYS`] keys, the last one repeated until they fill a statement.
pub(crate) fn filled<T>(keys: &[T]) -> Vec<&T> {
    let size = SIZES.into_iter().rev().find(|size| *size >= keys.len()).unwrap_or(keys.len());
    (0..size).filter_map(|index| keys.get(index).or(keys.last())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Marks, filled, parts};

    #[test]
    fn placeholders_are_numbered_across_rows_where_they_have_numbers() {
        let text = |marks: Marks| marks.values("INSERT VALUES", 2, 2, "END");
        assert_eq!(text(Marks::Numbered), "INSERT VALUES ($1,$2),($3,$4) END");
        assert_eq!(text(Marks::Plain), "INSERT VALUES (?,?),(?,?) END");
        assert_eq!(Marks::Numbered.within("a IN", 2, ""), "a IN ($1,$2) ");
    }

    #[test]
    fn rows_and_keys_come_in_few_sizes() {
        let rows: Vec<u8> = (0..90).collect();
        let sizes: Vec<usize> = parts(&rows).map(<[u8]>::len).collect();
        assert_eq!(sizes, [64, 16, 4, 4, 1, 1]);
        assert_eq!(parts(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(filled(&rows[..3]), [&0, &1, &2, &2]);
        assert!(filled::<u8>(&[]).is_empty());
    }
}
