//! x
pub mod diagnostic;
pub mod effect;
pub mod estimate;
pub mod numeric;
pub mod read;
pub mod recover;
pub mod reported;
