//! Everything that can be stated: one file for each kind, with its form, its gate, what is offered and what is told.
//!
//! [`table`] lists the kinds. [`visit`] is the authority's side up to the signatures, [`notice`] what follows the
//! notice. [`state`] says what a case amounts to, [`hazard`] reads one hazard of it, [`site_order`] what was ordered on
//! the spot, [`outside`] says what no record of a visit holds, [`paper`] which papers the server issued word for word,
//! [`streams`] says who may read, [`since`] from when on something can have been stated.

pub mod capture;
mod conditions;
mod form;
pub mod hazard;
pub mod notice;
pub mod numbers;
pub mod outside;
pub mod paper;
pub mod since;
pub mod site_order;
pub mod state;
pub mod streams;
pub mod table;
pub mod visit;

pub use capture::Capture;
pub use hazard::HazardCase;
pub use table::Statement;

/// A fact that states one of these kinds.
pub type Fact = crate::ledger::fact::Fact<Statement>;
/// Such a fact with its receipt, or without one while only this device knows it.
pub type Admitted = crate::case::fold::Admitted<Statement>;
