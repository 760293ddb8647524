//! What `ARCHITECTURE.md` says of adding a report, a screen and a table is true.

use crate::sources;

fn named(path: &str, text: &str) -> bool {
    sources().iter().any(|it| it.path == path && it.text.contains(text))
}

/// Files below a folder, without it.
fn below(folder: &str, ending: &str) -> Vec<String> {
    let inside = |path: &str| Some(path.strip_prefix(folder)?.strip_suffix(ending)?.to_owned());
    sources().iter().filter_map(|it| inside(&it.path)).collect()
}

#[test]
fn every_report_is_a_file_of_its_name_that_no_screen_knows() {
    let files = below("server/src/report/", ".rs");
    for report in server::report::REPORTS {
        let name = report.name();
        assert!(files.iter().any(|file| file == name), "no server/src/report/{name}.rs");
        let quoted = [format!("'{name}'"), format!("/report/{name}")];
        let screens =
            sources().into_iter().filter(|it| it.path.starts_with("mobile-bindings/app/src/"));
        for screen in screens {
            let known = quoted.iter().any(|it| screen.text.contains(it));
            assert!(!known, "{} knows the report {name}", screen.path);
        }
    }
}

#[test]
fn every_screen_has_a_line_in_the_router() {
    let screens = below("mobile-bindings/app/src/screens/", ".vue");
    assert!(screens.len() > 10, "{screens:?}");
    // Faces of acts stand inside of a screen.
    for screen in screens.iter().filter(|it| !it.starts_with("acts/")) {
        let line = format!("./screens/{screen}.vue");
        // Whoever is not signed in is led nowhere: the app shows that screen itself.
        let shown = ["router.ts", "App.vue"].map(|it| format!("mobile-bindings/app/src/{it}"));
        assert!(shown.iter().any(|it| named(it, &line)), "the router lacks {screen}");
    }
}

#[test]
fn every_table_has_its_queries_in_the_store() {
    let all = sources();
    let migrations = all.iter().filter(|it| it.path.starts_with("server/migrations/"));
    let words: Vec<String> = migrations
        .flat_map(|it| it.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let after = |verb: &'static str| {
        let pairs = words.windows(3).filter(move |it| it[0] == verb && it[1] == "TABLE");
        pairs.map(|it| it[2].trim_end_matches([';', '(']).to_owned()).collect::<Vec<_>>()
    };
    let dropped = after("DROP");
    let tables: Vec<String> =
        after("CREATE").into_iter().filter(|table| !dropped.contains(table)).collect();
    assert!(tables.len() > 10, "{tables:?}");
    let store = all.iter().filter(|it| it.path.starts_with("server/src/store/"));
    let queries: String = store.map(|it| it.text.as_str()).collect();
    let without: Vec<_> = tables.iter().filter(|table| !queries.contains(table.as_str())).collect();
    assert!(without.is_empty(), "no query in server/src/store names {without:?}");
}
