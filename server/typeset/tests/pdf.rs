//! A paper as PDF: the same bytes for the same paper, every word extractable, fonts embedded.

#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use std::process::Command;

use sync_core::document::{Block, Column, Paper, PaperPhoto, Signer};
use sync_core::domain::papers::PaperKind;
use sync_core::id::Digest;
use typeset::{Extras, Fonts};

/// A picture of a phone.
const PICTURE: &[u8] = include_bytes!("../../../fixtures/photos/orient2.jpg");

fn paper(rows: usize) -> Paper {
    let column = |title: &str, share| Column { title: title.to_owned(), share };
    let row = |at: usize| {
        vec![
            at.to_string(),
            format!("疏散通道被货物占用，第{at}处；须保持畅通。").repeat(1 + at % 5),
        ]
    };
    Paper {
        kind: PaperKind::RectificationNotice,
        title: "责令限期整改指令书".to_owned(),
        organ: "枣庄高新区应急管理局".to_owned(),
        number: Some("（枣高）应急责改〔2026〕7号".to_owned()),
        blocks: vec![
            Block::Field {
                label: "被检查单位".to_owned(),
                value: "枣庄示例新能源科技有限公司".to_owned(),
            },
            Block::Text {
                heading: "后果".to_owned(),
                paragraphs: vec!["逾期不整改的，依法处理。".repeat(30)],
            },
            Block::Table {
                heading: "问题".to_owned(),
                columns: vec![column("项", 1), column("内容", 8)],
                rows: (1..=rows).map(row).collect(),
            },
            Block::Signatures {
                label: "执法人员".to_owned(),
                signers: vec![Signer {
                    name: "徐朗".to_owned(),
                    certificate: Some("1504DEM0001".to_owned()),
                    ..Signer::default()
                }],
                places: 1,
            },
            Block::Seal { organ: "枣庄高新区应急管理局".to_owned(), date: None },
        ],
        date: None,
        photos: vec![PaperPhoto { blob: Digest::of(b"one"), caption: "第 1 项".to_owned() }],
        unverified: vec!["文书名称及式样".to_owned()],
    }
}

fn pdf(paper: &Paper) -> Vec<u8> {
    let picture = |_| Some(PICTURE.to_vec());
    let extras = Extras { server: Some("https://zhicha.example"), picture: &picture };
    typeset::pdf(std::slice::from_ref(paper), &Fonts::built_in().unwrap(), &extras).unwrap()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|it| it == word.as_bytes())
}

#[test]
fn the_same_paper_has_the_same_bytes_and_another_one_has_others() {
    let first = pdf(&paper(3));
    assert_eq!(first, pdf(&paper(3)));
    let mut other = paper(3);
    other.title = "责令限期整改通知书".to_owned();
    assert_ne!(first, pdf(&other));
    for word in ["CreationDate", "ModDate"] {
        assert!(!holds(&first, word), "{word}");
    }
}

#[test]
fn fonts_are_embedded_as_what_is_used_of_them() {
    let pdf = pdf(&paper(3));
    for word in ["/FontFile3", "/ToUnicode", "/Identity-H"] {
        assert!(holds(&pdf, word), "{word}");
    }
    assert!(pdf.len() < 300_000, "{}", pdf.len());
}

#[test]
fn a_long_table_goes_on_over_pages_and_loses_no_row() {
    let paper = paper(120);
    let none = |_| None;
    let extras = Extras { server: None, picture: &none };
    let pages = typeset::pages(&paper, &Fonts::built_in().unwrap(), &extras);
    assert!(pages > 5, "{pages}");
    let Some(text) = text(&pdf(&paper)) else { return };
    for at in 1..=120 {
        assert!(text.contains(&format!("第{at}处")), "{at}");
    }
    assert!(text.matches("内容").count() > 5, "the head of the table stands on each page");
}

#[test]
fn every_word_can_be_read_out_again() {
    let paper = paper(3);
    let Some(text) = text(&pdf(&paper)) else { return };
    for word in paper.texts() {
        assert!(text.contains(&bare(word)), "{word} is not in {text}");
    }
    assert!(text.contains(&paper.digest().to_string()));
}

#[test]
fn what_is_signed_and_sealed_stays_together_on_a_page() {
    for rows in 0..24 {
        let Some(pages) = text_of_pages(&pdf(&paper(rows))) else { return };
        let signed = pages.iter().find(|page| page.contains("执法人员：")).unwrap();
        for word in ["1504DEM0001", "（印章）"] {
            assert!(signed.contains(word), "{rows} rows: {word} is not in {signed}");
        }
    }
}

#[test]
fn the_number_of_a_certificate_is_not_broken() {
    let mut paper = paper(1);
    let number = "（执法证号 鲁D000001）";
    for before in 0..40 {
        let value = format!("{}{number}", "甲".repeat(before));
        paper.blocks = vec![Block::Field { label: "检查人员".to_owned(), value }];
        let Some(pages) = text_of_pages(&pdf(&paper)) else { return };
        assert!(pages[0].contains(number), "behind {before} letters: {}", pages[0]);
    }
}

/// Text without what only sets it apart.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// What pdftotext reads; nothing is compared where it is not installed.
fn text(pdf: &[u8]) -> Option<String> {
    Some(bare(&text_of_pages(pdf)?.concat()))
}

/// The same page by page, with its spaces and lines.
fn text_of_pages(pdf: &[u8]) -> Option<Vec<String>> {
    let folder = std::env::temp_dir().join(format!("zhicha-{}", Digest::of(pdf).hex()));
    std::fs::write(&folder, pdf).unwrap();
    let read = Command::new("pdftotext").arg("-raw").arg(&folder).arg("-").output();
    std::fs::remove_file(&folder).unwrap();
    let read = read.ok()?;
    assert!(read.status.success(), "{read:?}");
    let text = String::from_utf8(read.stdout).unwrap();
    Some(text.split('\u{c}').map(str::to_owned).collect())
}
