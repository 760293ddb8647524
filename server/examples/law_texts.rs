//! Imports a bureau's file of texts into the law of this repository, in a folder that is thrown away, and says whether each
//! of them is shown where it belongs: `make law TEXTS=file`.

#![expect(clippy::print_stdout, reason = "a person started this in a terminal")]

use std::path::{Path, PathBuf};

use server::clock::ServerClock;
use server::error::CommandError;
use server::store::{self, catalogues};
use server::usecase::{import, seed};
use sync_core::cbor;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Clause;
use sync_core::domain::law::LawDocument;
use sync_core::{law, text};

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    let file = file.ok_or("names no file of texts")?;
    let given: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let rows = given["articles"].as_array().ok_or("holds no articles")?;
    let (today, laws) = imported(&file).await?;
    let mut wrong = Vec::new();
    for row in rows {
        let word = |key: &str| row[key].as_str().unwrap_or_default();
        let clause = Clause { document: word("document").into(), clause: word("clause").into() };
        let expected = text::tidy(word("text")).trim().to_owned();
        let read = law::reading(&laws, &clause, today);
        let shown = read.as_ref().and_then(|it| it.text.as_deref());
        if shown != Some(expected.as_str()) {
            wrong.push(format!("{} {} does not show its text", clause.document, clause.clause));
        }
        if read.is_none_or(|it| it.gist.is_empty()) {
            wrong.push(format!("{} {} has no gist", clause.document, clause.clause));
        }
    }
    let (parts, missing) = parts(&laws, rows);
    wrong.extend(missing);
    for line in &wrong {
        println!("{line}");
    }
    println!("{} texts, {parts} parts of them that are cited, {} wrong", rows.len(), wrong.len());
    if wrong.is_empty() && !rows.is_empty() {
        Ok(())
    } else {
        Err("not every text is shown".into())
    }
}

/// The law of the repository with these texts.
async fn imported(file: &Path) -> Result<(sync_core::time::CivilDate, Vec<LawDocument>), Failed> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("is run by cargo")?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    seed::run(&data, &PathBuf::from(root).join("../fixtures")).await?;
    let now = ServerClock::System.now();
    match import::run(&data, &[file.to_owned()], now, false).await {
        Err(CommandError::Faults(lines)) => return Err(lines.join("\n").into()),
        other => other?,
    };
    let pool = store::open(&data).await?;
    let bytes = catalogues::get(&mut *pool.acquire().await?, "staff").await?;
    pool.close().await;
    let catalogue: Catalogue = cbor::from_slice(&bytes.ok_or("nothing was stored")?)?;
    Ok((now.date(), catalogue.laws))
}

/// The paragraphs and items of given articles that something cites: how many, and which show no text.
fn parts(laws: &[LawDocument], rows: &[serde_json::Value]) -> (usize, Vec<String>) {
    let (mut all, mut missing) = (0, Vec::new());
    for law in laws {
        for edition in &law.editions {
            let given = |clause: &str| {
                rows.iter().any(|row| {
                    let article = row["clause"].as_str().unwrap_or_default();
                    let here = row["edition"] == edition.number
                        || edition.passed.is_some_and(|it| row["edition_passed"] == it.to_string());
                    here && row["document"] == law.id && clause.starts_with(article)
                })
            };
            for it in edition.clauses.iter().filter(|it| given(&it.clause)) {
                all += 1;
                if law::text_of(edition, &it.clause).is_none() {
                    missing.push(format!("{} {} shows no text", law.id, it.clause));
                }
            }
        }
    }
    (all, missing)
}
