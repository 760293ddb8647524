//! Just enough of Rust's grammar: comments, literals, words and paths.

use super::checks::numbered;

/// Rust text with comments and the content of literals blanked, and its comments alone; both with the lines of
/// the original.
#[derive(Default)]
pub(crate) struct Split {
    pub(crate) code: String,
    pub(crate) comments: String,
}

pub(crate) fn split(text: &str) -> Split {
    let mut split = Split::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (taken, comment) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), true)
        } else if rest.starts_with("/*") {
            (block_comment(rest), true)
        } else {
            let word = split.code.chars().last().is_some_and(|c| c.is_alphanumeric() || c == '_');
            (literal(rest, word), false)
        };
        let end = if taken == 0 { first.len_utf8() } else { taken };
        let (piece, tail) = rest.split_at(end);
        let blank: String = piece.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        split.code.push_str(if taken == 0 { piece } else { &blank });
        split.comments.push_str(if comment { piece } else { &blank });
        rest = tail;
    }
    split
}

/// Bytes of the block comment that `text` starts with; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    for (at, _) in text.char_indices() {
        let here = text.get(at..).unwrap_or_default();
        if here.starts_with("/*") {
            depth += 1;
        } else if here.starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
        }
    }
    text.len()
}

/// Bytes of the string or character literal that `text` starts with, 0 for anything else.
fn literal(text: &str, in_word: bool) -> usize {
    let end_after = |from: usize, end: &str| {
        let tail = text.get(from..).unwrap_or_default();
        tail.find(end).map_or(text.len(), |at| from + at + end.len())
    };
    let raw = text.strip_prefix('b').unwrap_or(text).strip_prefix('r').filter(|_| !in_word);
    if let Some(raw) = raw {
        let hashes = raw.chars().take_while(|c| *c == '#').count();
        if raw.get(hashes..).is_some_and(|tail| tail.starts_with('"')) {
            let open = text.len() - raw.len() + hashes + 1;
            return end_after(open, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    let mut after = text.chars().skip(1);
    match (text.chars().next(), after.next(), after.next()) {
        (Some('"'), ..) => quoted(text, '"'),
        (Some('\''), Some('\\'), _) | (Some('\''), Some(_), Some('\'')) => quoted(text, '\''),
        _ => 0,
    }
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Words, `::` and single signs with their lines.
pub(crate) fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (line, text) in numbered(code.lines()) {
        let mut open = false;
        for c in text.chars() {
            let word = c.is_alphanumeric() || c == '_';
            match found.last_mut() {
                Some((_, last)) if open && (word || (c == ':' && last == ":")) => last.push(c),
                _ if c.is_whitespace() => {}
                _ => found.push((line, c.to_string())),
            }
            open = word || (c == ':' && found.last().is_some_and(|(_, last)| last == ":"));
        }
    }
    found
}

/// Every path of the code with its line, groups of `use` written out.
pub(crate) fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut path: (usize, Vec<String>) = (0, Vec::new());
    let (mut joined, mut using) = (false, false);
    for (line, token) in tokens(code) {
        let is_word = token.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if token == "::" {
            joined = true;
            continue;
        }
        if token == "{" && (joined || using) {
            groups.push(std::mem::take(&mut path.1));
        } else if is_word && joined {
            path.1.push(token);
            path.0 = line;
        } else {
            let ended = std::mem::take(&mut path);
            if ended.1.len() > 1 || (using && !ended.1.is_empty()) {
                found.push(ended);
            }
            match token.as_str() {
                "}" => drop(groups.pop()),
                "use" => using = true,
                ";" => using = false,
                _ if is_word => {
                    let group = groups.last().into_iter().flatten().cloned();
                    path = (line, group.chain([token]).collect());
                }
                _ => {}
            }
        }
        joined = false;
    }
    found
}
