//! How people and stages are written in a table: names and groups of names, `*` for all, or after `!` everyone and
//! everything else.

use sync_core::testing::cast::Who;
use sync_core::testing::stages::Stage;

const GROUPS: &[(&str, &str)] = &[
    ("inspectors", "lead second colleague stranger uncertified"),
    ("supervisors", "supervisor other_supervisor witness_supervisor"),
    ("enterprises", "safety other_safety"),
    ("team", "lead second uncertified assistant expert witness_supervisor"),
    ("unsealed", "empty planned arrived"),
    // Before the notice.
    ("early", "empty planned arrived sealed cosigned complete"),
    ("unserved", "issued major_issued"),
    // The last recheck failed, and nothing has followed.
    ("undone", "failed failed_again"),
    // A recheck was passed and not sent back.
    ("rechecked", "passed pending passed_again major_passed upheld lowered closed major_closed"),
    ("settled", "closed dismissed major_closed"),
    // Ordered as major, whatever was decided since.
    ("major", "major_issued major_passed upheld lowered major_closed"),
];

/// Whether a list holds a name.
pub(super) fn hold(list: &str, name: &str) -> bool {
    let (others, list) = list.strip_prefix('!').map_or((false, list), |rest| (true, rest));
    let listed = list.split(' ').any(|word| is_in(word, name));
    listed != others
}

/// Whether a word of a list is or holds a name. A word that means nothing stops: its line would never fit.
fn is_in(word: &str, name: &str) -> bool {
    if let Some((_, members)) = GROUPS.iter().find(|(group, _)| *group == word) {
        return members.split(' ').any(|member| member == name);
    }
    let who = Who::ALL.iter().map(|it| it.name());
    let known = who.chain(Stage::ALL.iter().map(|it| it.name())).any(|known| known == word);
    assert!(known || word == "*", "nobody and nothing is called {word}");
    word == "*" || word == name
}
