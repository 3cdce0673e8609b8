//! The only readers of files.

mod dataset;
mod fields;
mod release;
mod text;

pub use dataset::{Dataset, NoSuchRelease};
pub use release::read_release;
