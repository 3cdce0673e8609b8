//! What holds of the source itself: who may import what, how long files are, which crates come along, what documents
//! name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod architecture;
mod dependencies;
mod documents;
