//! The only readers of files.

mod dataset;
mod fields;
#[cfg(feature = "csv")]
mod frame;
#[cfg(feature = "csv")]
mod records;
mod release;
#[cfg(feature = "csv")]
mod table;
mod text;

pub use dataset::{Dataset, NoSuchRelease};
#[cfg(feature = "csv")]
pub use records::{Block, Record};
pub use release::{read_release, read_stream};
#[cfg(feature = "csv")]
pub use table::{Column, Header, Row, Table};
