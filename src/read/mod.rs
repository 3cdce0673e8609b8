//! The only readers of files.

#[cfg(feature = "csv")]
mod compressed;
mod dataset;
#[cfg(feature = "csv")]
mod decimal;
mod fields;
mod files;
#[cfg(feature = "csv")]
mod frame;
#[cfg(feature = "csv")]
mod header;
#[cfg(feature = "csv")]
mod records;
mod release;
#[cfg(feature = "csv")]
mod row;
#[cfg(feature = "csv")]
mod table;
mod text;

pub use dataset::{Dataset, NoSuchRelease};
pub use files::{DataFile, data_files, is_table, tables_of_folder};
#[cfg(feature = "csv")]
pub use records::{Block, Record};
pub use release::{Expectations, read_expectations, read_release, read_stream};
pub use text::read_source;

#[cfg(feature = "csv")]
pub use frame::read_frame;
#[cfg(feature = "csv")]
pub use row::Row;
#[cfg(feature = "csv")]
pub use table::{Column, Header, Table};
