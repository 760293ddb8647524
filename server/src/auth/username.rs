//! Account names: one form for each name, however it is typed.

use sync_core::refusal::{Code, Refusal};
use unicode_normalization::UnicodeNormalization as _;

/// Fewest characters of a name.
const LEAST: usize = 3;
/// Most characters of a name.
const MOST: usize = 32;

/// The one form of a name: without white space around it, in compatibility form (NFKC) and lower case.
#[must_use]
pub fn one_form(name: &str) -> String {
    // Lower case may undo the normal form, and twice is enough for every character.
    let folded: String = name.trim().nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.trim().to_owned()
}

/// The one form of a name for a new account: 3 to 32 letters of ASCII, Chinese characters, digits, `.`, `_` and `-`.
///
/// # Errors
/// [`Code::FieldMissing`], [`Code::FieldTooLong`] or [`Code::FieldMalformed`] for `username`.
pub fn new_name(name: &str) -> Result<String, Refusal> {
    let refused = |code| Err(Refusal::new(code).field("username"));
    let name = one_form(name);
    match name.chars().count() {
        0 => return refused(Code::FieldMissing),
        MOST.. if name.chars().count() > MOST => return refused(Code::FieldTooLong),
        _ => {}
    }
    if name.chars().count() < LEAST || !name.chars().all(may_stand) {
        return refused(Code::FieldMalformed);
    }
    Ok(name)
}

fn may_stand(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-') || is_han(c)
}

/// Chinese characters: the unified ideographs and their extensions.
const fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form_however_it_is_typed() {
        for typed in ["wangwu", " wangwu", "wangwu\u{3000}", "WANGWU", "ｗａｎｇｗｕ", "\twangwu\n"]
        {
            assert_eq!(new_name(typed).unwrap(), "wangwu", "{typed:?}");
        }
        assert_eq!(new_name("王小二").unwrap(), "王小二");
        assert_eq!(new_name("Ａ.b_C-1").unwrap(), "a.b_c-1");
    }

    #[test]
    fn what_nobody_sees_or_types_is_no_name() {
        for (typed, code) in [
            ("", Code::FieldMissing),
            (" \u{3000}", Code::FieldMissing),
            ("ab", Code::FieldMalformed),
            ("wangwu\u{200b}", Code::FieldMalformed),
            ("\u{200b}\u{200b}\u{200b}", Code::FieldMalformed),
            ("wang\nwu", Code::FieldMalformed),
            ("wang wu", Code::FieldMalformed),
            ("wаngwu", Code::FieldMalformed), // with a Cyrillic letter
            ("\u{3164}\u{3164}\u{3164}", Code::FieldMalformed),
            ("wangwu@x", Code::FieldMalformed),
        ] {
            assert_eq!(new_name(typed).unwrap_err().code, code, "{typed:?}");
        }
        assert!(new_name(&"x".repeat(32)).is_ok());
        assert_eq!(new_name(&"x".repeat(33)).unwrap_err().code, Code::FieldTooLong);
    }

    #[test]
    fn the_one_form_of_a_name_is_its_own() {
        for c in '\0'..=char::MAX {
            let once = one_form(&format!("a{c}b"));
            assert_eq!(one_form(&once), once, "{c:?}");
        }
    }
}
