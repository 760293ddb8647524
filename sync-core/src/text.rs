//! What people write, in one form.
//!
//! The same words can be typed as different bytes: letters with their marks apart (Unicode UAX #15), ends of line of other
//! systems, tabs of a table, signs that nobody sees. A record has to have one form, and a reader has to see all of it, so
//! [`tidy`] makes the one form of what is typed, and nothing else is taken.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The one form of a text: composed (NFC), lines end with `\n`, other control characters are a space, and signs that
/// nobody sees or that turn the direction of others are gone.
#[must_use]
pub fn tidy(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    lines.chars().filter(|c| !is_hidden(*c)).map(plain).nfc().collect()
}

/// Whether a text is in its one form.
#[must_use]
pub fn is_tidy(text: &str) -> bool {
    let other = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}') || is_hidden(c)
    };
    !text.contains(other) && is_nfc(text)
}

/// Whether there is anything to be seen.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !c.is_control() && !is_hidden(c) && !is_blank(c))
}

/// Signs without a shape that no script needs: they would make a second form of the same words, or show them in another
/// order than they are read.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}')
}

/// Signs that some script needs and that show nothing by themselves.
const fn is_blank(c: char) -> bool {
    matches!(c,
        '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200C}' | '\u{200D}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}'
        | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_have_one_form() {
        for (typed, kept) in [
            ("配电箱\t未接地", "配电箱 未接地"),
            ("一层\r\n二层\r三层", "一层\n二层\n三层"),
            ("锅炉房\u{b}\u{c}\u{3}", "锅炉房   "),
            ("Cafe\u{301}", "Caf\u{e9}"),
            ("通道\u{200b}被\u{feff}占用\u{202e}", "通道被占用"),
            ("㎡ 与 ①", "㎡ 与 ①"),
            ("葛\u{e0100}某", "葛\u{e0100}某"),
        ] {
            assert_eq!(tidy(typed), kept);
            assert!(is_tidy(kept), "{kept:?}");
            assert_eq!(is_tidy(typed), typed == kept, "{typed:?}");
        }
    }

    #[test]
    fn words_that_cannot_be_seen_are_no_words() {
        for nothing in
            ["", " \n", "\u{3000}", "\u{200b}\u{200d}", "\u{3164}", "\u{2800}", "\u{fe0f}", "\u{3}"]
        {
            assert!(!is_visible(nothing), "{nothing:?}");
        }
        for something in ["无", "。", "👷\u{200d}♀\u{fe0f}", "a\u{200b}"] {
            assert!(is_visible(something), "{something:?}");
        }
    }
}
