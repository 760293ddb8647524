//! From facts to a [`Case`](super::case::Case): the same set gives the same case in any order.
