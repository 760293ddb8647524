//! Builders and generators for tests of every package.
