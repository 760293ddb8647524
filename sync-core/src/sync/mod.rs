//! The exchange engine of one device, without input and output.
