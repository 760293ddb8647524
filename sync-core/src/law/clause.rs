//! The one form in which a clause is named, and how such a name is read.

use std::fmt::Write as _;

/// The part of a document that a step of a name leads to, largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 章.
    Chapter,
    /// 条.
    Article,
    /// 款.
    Paragraph,
    /// 项.
    Item,
    /// 目.
    Subitem,
}

const LEVELS: [(char, Level); 5] = [
    ('章', Level::Chapter),
    ('条', Level::Article),
    ('款', Level::Paragraph),
    ('项', Level::Item),
    ('目', Level::Subitem),
];

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// One step of a name: `第三十六条之一` is the article 36, inserted 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which part.
    pub level: Level,
    /// Its number.
    pub number: u16,
    /// Number of what was inserted behind it; 0 is the part itself.
    pub inserted: u16,
}

/// The one form of a name: `第三十六条第一款第（二）项`, `第36条(二)` and `第三十六条第二项` become one. Numbered sections of
/// standards are `4.2` or `4.2a`. None for what names nothing, several clauses or a range.
#[must_use]
pub fn form(name: &str) -> Option<String> {
    section(name).or_else(|| steps(name).map(|steps| written(&steps)))
}

/// The steps of a name; none for numbered sections and for what names no single clause.
#[must_use]
pub fn steps(name: &str) -> Option<Vec<Step>> {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    let mut rest = plain.as_str();
    let mut steps: Vec<Step> = Vec::new();
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        // 第(一)项 and (一) are both one step; larger parts come first.
        if steps.last().is_some_and(|last| last.level >= step.level) {
            return None;
        }
        steps.push(step);
        rest = after;
    }
    (!steps.is_empty()).then_some(steps)
}

const fn half_width(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        other => other,
    }
}

fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(inner) = text.strip_prefix('(') {
        let (number, rest) = number(inner)?;
        let step = Step { level: Level::Item, number, inserted: 0 };
        return Some((step, rest.strip_prefix(')')?));
    }
    let inner = text.strip_prefix('第')?;
    let (number, rest) = match inner.strip_prefix('(') {
        Some(inner) => {
            let (number, rest) = number(inner)?;
            (number, rest.strip_prefix(')')?)
        }
        None => number(inner)?,
    };
    let (level, rest) =
        LEVELS.iter().find_map(|(c, level)| Some((*level, rest.strip_prefix(*c)?)))?;
    let (inserted, rest) = match rest.strip_prefix('之') {
        Some(behind) => self::number(behind)?,
        None => (0, rest),
    };
    Some((Step { level, number, inserted }, rest))
}

/// A number of 1 to 999 at the start of a text, in Chinese or Arabic digits.
fn number(text: &str) -> Option<(u16, &str)> {
    let is_part = |c: char| c.is_ascii_digit() || DIGITS.contains(&c) || matches!(c, '十' | '百');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let number = digits.parse().ok().or_else(|| chinese(digits))?;
    (1..1000).contains(&number).then_some((number, rest))
}

fn chinese(text: &str) -> Option<u16> {
    // 九百九十九 is the longest.
    if text.chars().count() > 5 {
        return None;
    }
    let (mut sum, mut digit) = (0_u16, None);
    for c in text.chars() {
        match c {
            '百' => sum += 100 * digit.take()?,
            '十' => sum += 10 * digit.take().unwrap_or(1),
            _ => {
                let value = DIGITS.iter().position(|it| *it == c)?;
                // 零 stands between 百 and a digit and counts for nothing.
                if value == 0 {
                    continue;
                }
                if digit.is_some() {
                    return None;
                }
                digit = u16::try_from(value).ok();
            }
        }
    }
    Some(sum + digit.unwrap_or(0))
}

/// A number of 1 to 999 in Chinese digits.
fn in_chinese(number: u16) -> String {
    let digit = |value: u16| DIGITS.get(usize::from(value)).copied().unwrap_or('零');
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    let mut text = String::new();
    if hundreds > 0 {
        text.extend([digit(hundreds), '百']);
    }
    match tens {
        0 if hundreds > 0 && ones > 0 => text.push('零'),
        0 => {}
        1 if hundreds == 0 => text.push('十'),
        tens => text.extend([digit(tens), '十']),
    }
    if ones > 0 {
        text.push(digit(ones));
    }
    text
}

/// Steps as a name.
#[must_use]
pub fn written(steps: &[Step]) -> String {
    let mut name = String::new();
    for step in steps {
        let unit = LEVELS.iter().find(|(_, level)| *level == step.level).map_or('条', |it| it.0);
        let _ = write!(name, "第{}{unit}", in_chinese(step.number));
        if step.inserted > 0 {
            let _ = write!(name, "之{}", in_chinese(step.inserted));
        }
    }
    name
}

/// A numbered section of a standard: numbers with dots between, perhaps a letter at the end.
fn section(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches(')').replace(' ', "");
    let (numbers, letter) = match name.chars().last() {
        Some(c) if c.is_ascii_lowercase() => (name.trim_end_matches(c), Some(c)),
        _ => (name.as_str(), None),
    };
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    (numbers.contains('.') && numbers.split('.').all(is_number)).then(|| {
        let mut section = numbers.to_owned();
        section.extend(letter);
        section
    })
}
