//! `web-bindgen INPUT.wasm FOLDER`: writes the core and its JavaScript side as an ES module.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(input), Some(folder)) = (arguments.next(), arguments.next()) else {
        return failed("web-bindgen INPUT.wasm FOLDER");
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(input).out_name("core").typescript(true);
    // The module finds the core beside itself, which bundlers understand.
    bindgen.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let written = bindgen.web(true).and_then(|bindgen| bindgen.generate(folder));
    written.map_or_else(|error| failed(&format!("{error:#}")), |()| ExitCode::SUCCESS)
}

#[expect(clippy::print_stderr, reason = "a tool says on the terminal why it failed")]
fn failed(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
