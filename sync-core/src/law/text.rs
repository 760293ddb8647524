//! The text of a clause, cut from the text of its article.

use super::clause::{Level, Step};

/// The paragraph or item of an article's text that the steps behind the article name. Paragraphs stand on lines; the items
/// of a paragraph stand behind it on lines that begin with a number in brackets.
#[must_use]
pub fn within(article: &str, steps: &[Step]) -> Option<String> {
    let mut paragraphs: Vec<Vec<&str>> = Vec::new();
    for line in article.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match paragraphs.last_mut() {
            Some(paragraph) if is_item(line) => paragraph.push(line),
            _ => paragraphs.push(vec![line]),
        }
    }
    let wanted =
        |level| steps.iter().find(|step| step.level == level).map(|it| usize::from(it.number));
    let item = wanted(Level::Item);
    let paragraph = match wanted(Level::Paragraph) {
        Some(number) => paragraphs.get(number.checked_sub(1)?)?,
        // Where no paragraph is named, the items are those of the first one that has some.
        None if item.is_some() => paragraphs.iter().find(|it| it.len() > 1)?,
        None => return Some(article.to_owned()),
    };
    match item {
        Some(number) => paragraph.get(number).map(|line| (*line).to_owned()),
        None => Some(paragraph.join("\n")),
    }
}

fn is_item(line: &str) -> bool {
    let inner = line.strip_prefix(['(', '（']);
    inner.and_then(|it| it.split_once([')', '）'])).is_some_and(|(number, _)| {
        !number.is_empty() && number.chars().all(|c| "一二三四五六七八九十百0123456789".contains(c))
    })
}
