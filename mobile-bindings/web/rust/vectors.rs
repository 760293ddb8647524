//! The shared vectors, judged by the core: a page passes tables and questions and compares itself.

use sync_core::Refusal;
use sync_core::vectors::{Book, Question};

use crate::call::{json, read};

/// What the rules say of a list of questions over the tables of one file of `fixtures/vectors`, all as JSON.
///
/// # Errors
/// [`sync_core::Code::FieldMalformed`] for JSON of another form, otherwise what [`Book::read`] and [`Book::answer`]
/// refuse.
pub fn judge(tables: &str, questions: &str) -> Result<String, Refusal> {
    let book = Book::read(read(tables)?)?;
    let questions: Vec<Question> = read(questions)?;
    let answers = questions.iter().map(|it| book.answer(it)).collect::<Result<Vec<_>, _>>()?;
    json(&answers)
}
