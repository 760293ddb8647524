//! Text of statements with numbered placeholders, which SQLite and PostgreSQL both read.

use std::fmt::Write as _;

/// `head ($1,$2),($3,$4) tail` for `rows` rows of `columns` columns.
pub(crate) fn values(head: &str, columns: usize, rows: usize, tail: &str) -> String {
    let mut text = String::with_capacity(head.len() + tail.len() + rows * columns * 6);
    text.push_str(head);
    for row in 0..rows {
        text.push_str(if row == 0 { " (" } else { ",(" });
        placeholders(&mut text, row * columns + 1, columns);
        text.push(')');
    }
    text.push(' ');
    text.push_str(tail);
    text
}

/// `head ($1,$2,…) tail` for `count` keys, the first placeholder being `$first`.
pub(crate) fn within(head: &str, first: usize, count: usize, tail: &str) -> String {
    let mut text = String::with_capacity(head.len() + tail.len() + count * 6);
    text.push_str(head);
    text.push_str(" (");
    placeholders(&mut text, first, count);
    text.push_str(") ");
    text.push_str(tail);
    text
}

fn placeholders(text: &mut String, first: usize, count: usize) {
    for number in first..first + count {
        if number > first {
            text.push(',');
        }
        // Writing to a string has no failure.
        let _ = write!(text, "${number}");
    }
}

/// Rows put into one statement. SQLite looks numbered parameters up one after the other, so a
/// statement of many rows costs more than many statements of a few.
pub(crate) const ROWS: usize = 16;
/// Keys asked for in one statement.
pub(crate) const KEYS: usize = 64;

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_are_numbered_across_rows() {
        assert_eq!(
            super::values("INSERT VALUES", 2, 2, "END"),
            "INSERT VALUES ($1,$2),($3,$4) END"
        );
        assert_eq!(super::within("a = $1 AND b IN", 2, 2, ""), "a = $1 AND b IN ($2,$3) ");
    }
}
