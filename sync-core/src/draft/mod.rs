//! The working record of one inspection on Automerge.
