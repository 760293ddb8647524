//! Writes a paper of each kind of the cases of the tests into a folder, as PDF and as pages for A4 and for a roll, to be
//! looked at: `cargo run -p typeset --example papers FOLDER`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a person started this in a terminal"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::de::DeserializeOwned;
use sync_core::document::{Filed, Paper, Sources, cover, html, index, paper, papers};
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::papers::{PaperKind, PaperTemplate, Papers};
use sync_core::testing::papers::{catalogue, full_case, further_case, listed_case};
use sync_core::testing::stages::{Stage, world_at};
use sync_core::testing::world::World;
use typeset::{Extras, Fonts};

fn fixtures() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../fixtures")
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn all<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let entries = std::fs::read_dir(fixtures().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn reference() -> Catalogue {
    let templates: Vec<Vec<PaperTemplate>> = all("papers/templates");
    catalogue(Catalogue {
        laws: all("laws/documents"),
        checklists: all("checklists"),
        calendars: all("calendars"),
        papers: Papers {
            templates: templates.concat(),
            organs: read(&fixtures().join("papers/organs.json")),
            counting: read(&fixtures().join("papers/counting.json")),
        },
        ..Catalogue::default()
    })
}

/// The papers of a case as the server issues them, with their numbers.
fn made(world: &mut World, sources: &Sources<'_>) -> Vec<Paper> {
    world.issue_papers(sources);
    let rows = papers(&world.case, sources).into_iter();
    rows.filter_map(|row| paper(&world.case, row.kind, row.fact, sources)).collect()
}

fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("papers"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    let catalogue = reference();
    let sources = Sources::new(&catalogue);
    let mut full = full_case();
    let mut each = made(&mut full, &sources);
    for mut other in [listed_case(), further_case(), world_at(Stage::Resumed)] {
        for paper in made(&mut other, &sources) {
            if !each.iter().any(|it| it.kind == paper.kind) {
                each.push(paper);
            }
        }
    }
    each.sort_by_key(|it| it.kind);
    let fonts = Fonts::built_in().unwrap();
    let none = |_| None;
    let server = Some("https://zhicha.example");
    let extras = Extras { server, picture: &none };
    let mut page = 1;
    let filed: Vec<Filed> = each
        .iter()
        .map(|it| {
            let at = page;
            page += typeset::pages(it, &fonts, &extras);
            let Paper { title, number, date: on, .. } = it.clone();
            Filed { title, number, on, page: at }
        })
        .collect();
    let front = [
        cover(&full.case, &sources, full.now).unwrap(),
        index(&full.case, &filed, &sources).unwrap(),
    ];
    for paper in each.iter().chain(&front) {
        let name = paper.kind.name();
        let pdf = typeset::pdf(std::slice::from_ref(paper), &fonts, &extras).unwrap();
        std::fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
        for (sheet, ending) in [(html::Sheet::A4, "html"), (html::Sheet::Roll80, "roll.html")] {
            let page = html::page(paper, &html::Extras { sheet, server, picture: &none });
            std::fs::write(folder.join(format!("{name}.{ending}")), page).unwrap();
        }
    }
    let file = typeset::case_file(&front, &each, &fonts, &extras).unwrap();
    std::fs::write(folder.join("casefile.pdf"), file).unwrap();
    let notice = each.iter().find(|it| it.kind == PaperKind::RectificationNotice).unwrap();
    let begun = Instant::now();
    for _ in 0..50 {
        typeset::pdf(std::slice::from_ref(notice), &fonts, &extras).unwrap();
    }
    println!("50 notices in {:?}", begun.elapsed());
}
