//! What is shown of a statement in timelines and lists, in Chinese.

use serde::{Deserialize, Serialize};

use crate::id::BlobHash;

/// What a person reads and sees of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Telling {
    /// What happened, in a few words.
    pub title: String,
    /// What was written.
    pub words: Vec<String>,
    /// Photos that belong to it.
    pub photos: Vec<BlobHash>,
}

impl Telling {
    /// A title alone.
    #[must_use]
    pub fn of(title: impl Into<String>) -> Self {
        Self { title: title.into(), words: Vec::new(), photos: Vec::new() }
    }

    /// Adds what was written; nothing is added for an empty text.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.words.push(words);
        }
        self
    }

    /// All of it in one line.
    #[must_use]
    pub fn line(&self) -> String {
        std::iter::once(&self.title)
            .chain(&self.words)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("，")
    }

    /// Adds photos.
    #[must_use]
    pub fn photos<'a>(mut self, photos: impl IntoIterator<Item = &'a BlobHash>) -> Self {
        self.photos.extend(photos);
        self
    }
}
