//! Writes the bindings of one language from the built library.

fn main() {
    uniffi::uniffi_bindgen_main();
}
