//! What the demonstration says before it plays, and when it cannot.

use std::net::TcpListener;
use std::process::{Command, Output};

use e2e::town::{Town, program, repository};

fn zhicha(words: &[&str]) -> Output {
    let program = program("zhicha").expect("the program is built");
    Command::new(program).args(words).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_help_names_the_demonstration_and_the_demonstration_has_its_own() {
    let help = zhicha(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("\n  demo "), "{help:?}");
    let own = zhicha(&["demo", "--help"]);
    assert!(own.status.success(), "{own:?}");
    for word in ["--listen", "--once"] {
        assert!(text(&own.stdout).contains(word), "{word} in {own:?}");
    }
}

#[test]
fn the_demonstration_refuses_words_that_it_does_not_know() {
    for words in [["demo", "--onec"], ["demo", "again"], ["demo", "--listen=here"]] {
        let refused = zhicha(&words);
        let why = text(&refused.stderr);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
        assert!(why.contains(words[1].trim_end_matches("=here")), "{why}");
    }
}

#[test]
fn a_demonstration_on_an_address_in_use_says_so_and_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let refused = zhicha(&["demo", "--once", "--listen", &address]);
    let output = text(&refused.stdout);
    assert!(!refused.status.success(), "{refused:?}");
    assert!(output.contains(&address) && output.contains("--listen 127.0.0.1:0"), "{output}");
}

#[test]
fn a_server_that_does_not_start_is_reported_with_its_own_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data).expect("a folder");
    std::fs::write(data.join("server.secret"), b"short").expect("a file");
    let error = Town::process(folder.path(), "127.0.0.1:0").expect_err("no server");
    assert!(error.to_string().contains("does not hold 32 bytes"), "{error}");
}

#[test]
fn the_demonstration_plays_to_its_end_where_a_person_starts_it() {
    let program = program("zhicha").expect("the program is built");
    let played = Command::new(program)
        .args(["demo", "--once", "--listen", "127.0.0.1:0"])
        .current_dir(repository())
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("it runs");
    let output = text(&played.stdout);
    assert!(played.status.success() && output.contains("文书"), "{output}{}", text(&played.stderr));
}
