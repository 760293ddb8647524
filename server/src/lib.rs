//! The server of Zhicha: admits facts, decides, and shows lists.
