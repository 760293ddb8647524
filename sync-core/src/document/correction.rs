//! 更正说明: a paper that was corrected names the edition that it replaces, and says what was wrong.

use super::{Block, Paper};
use crate::act::paper::{PaperName, stream_of};
use crate::case::Case;

/// Hexadecimal digits by which a paper names another one, as check pages and supplements do.
const DIGITS: usize = 16;

/// The paper with what was corrected last at its beginning; as it is where nothing was.
pub(super) fn noted(case: &Case, name: PaperName, mut paper: Paper) -> Paper {
    let Some(stream) = stream_of(case, name) else { return paper };
    let Some(last) = case.corrections(stream, name).next_back() else { return paper };
    let editions = case.editions(name);
    let Some(replaced) = editions.iter().find(|it| it.digest == last.body.replaces) else {
        return paper;
    };
    let code = replaced.digest.hex();
    let code = code.get(..DIGITS).unwrap_or_default();
    let paragraphs = vec![
        format!(
            "本文书更正并替代{}出具的同一文书（校验码 {code}）。",
            replaced.at.date().in_words()
        ),
        format!("更正内容：{}", last.body.correction),
        format!("更正理由：{}（{}）", last.body.reason, last.wall.date().in_words()),
    ];
    paper.blocks.insert(0, Block::Text { heading: "更正说明".to_owned(), paragraphs });
    paper
}
