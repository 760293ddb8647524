//! Every sequence of statements that the gates let through, walked to a depth: none closes a hazard without evidence of the
//! state after and without the people that it takes.
#![expect(clippy::expect_used, reason = "a walk that loses its way has to stop")]

mod deep;
mod wide;
