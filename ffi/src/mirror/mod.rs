//! Core types as the border sees them. Each declaration repeats the form of a core type and the compiler
//! holds it to that: a field that is renamed, added or retyped there does not build here.

mod catalogue;
mod draft;
mod lists;
mod notice;
mod papers;
mod people;
mod state;
mod values;
