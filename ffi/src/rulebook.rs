//! The rules asked directly, so that every language proves the shared vectors through its own border.

use sync_core::vectors::Book;
use sync_core::{Code, Refusal};

use crate::DeviceError;

/// The tables of a file of `fixtures/vectors`, ready to be asked. Tables, questions and answers are the JSON of
/// `sync_core::vectors`. What a row expects never crosses: the asking language compares.
#[derive(Debug, uniffi::Object)]
pub struct RuleBook(Book);

#[uniffi::export]
impl RuleBook {
    /// Reads the tables of a file: people, departments, facts, stages, statements, calendars, all optional.
    ///
    /// # Errors
    /// `malformed` for tables of another form, the code of a fact or statement that does not hold.
    #[uniffi::constructor]
    pub fn read(tables: String) -> Result<Self, DeviceError> {
        let tables = serde_json::from_str(&tables).map_err(malformed)?;
        Ok(Self(Book::read(tables)?))
    }

    /// What the rules say of a question.
    ///
    /// # Errors
    /// `malformed` for a question of another form, `not_found` for what the tables lack.
    pub fn ask(&self, question: String) -> Result<String, DeviceError> {
        let question = serde_json::from_str(&question).map_err(malformed)?;
        Ok(serde_json::to_string(&self.0.answer(&question)?).map_err(malformed)?)
    }
}

fn malformed(error: serde_json::Error) -> Refusal {
    Refusal::new(Code::Malformed).detail(error.to_string())
}
