//! Tables and models that several benches measure.

use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, ModelData};
use reffect::numeric::random::Random;
use reffect::read::read_frame;
use std::path::Path;
use std::sync::Arc;

pub type Failure = Box<dyn std::error::Error>;

/// The columns of a table.
pub fn frame(path: &Path) -> Result<Frame, Failure> {
    Ok(read_frame(path)?)
}

/// What a formula makes of them; shared, so that no fit copies it.
pub fn data(formula: &str, frame: &Frame) -> Result<Arc<ModelData>, Failure> {
    Ok(Arc::new(ModelData::new(Formula::parse(formula)?, frame, &DataOptions::default())?))
}

/// Subjects with 10 visits each, random intercepts (SD 5) and slopes (SD 0.77), residual SD 2.
pub fn visits(subjects: u32) -> Frame {
    let mut random = Random::seeded(20_241_120);
    let (mut y, mut t, mut id) = (Vec::new(), Vec::new(), Vec::new());
    for subject in 0..subjects {
        let (u, v) = (random.normal(), random.normal());
        for visit in 0..10 {
            let slope = -1.0 + 0.2 * u + 0.748 * v;
            y.push(50.0 + 5.0 * u + slope * f64::from(visit) + 2.0 * random.normal());
            t.push(f64::from(visit));
            id.push(f64::from(subject));
        }
    }
    let mut frame = Frame::default();
    frame.numbers("y", y);
    frame.numbers("t", t);
    frame.numbers("id", id);
    frame
}
