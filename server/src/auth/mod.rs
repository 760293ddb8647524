//! Who signs and who is signed in: keys of the server, tokens, passwords.

pub mod attempts;
pub mod ended;
pub mod entropy;
pub mod keys;
pub mod passwords;
pub mod tokens;
pub mod username;
