//! What the library refuses instead of computing with it.

use reffect::formula::{Formula, Frame};
use reffect::mixed::change::two_stage;
use reffect::mixed::{DataOptions, Family, GeneralisedModel, LinearMixedModel, MixedFit, ModelData};
use reffect::numeric::matrix::Matrix;

fn frame() -> Frame {
    let mut frame = Frame::default();
    frame.numbers("y", vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 7.0, 4.0]);
    frame.numbers("x", (0..12).map(|row| f64::from(row % 4)).collect());
    frame.texts("id", (0..12).map(|row| Some(format!("p{}", row / 4))));
    frame
}

fn data() -> ModelData {
    ModelData::new(Formula::parse("y ~ x + (1 | id)").unwrap(), frame(), &DataOptions::default()).unwrap()
}

#[test]
fn new_rows_have_columns_of_one_length() {
    let fit = LinearMixedModel::default().fit(data()).unwrap();
    let mut rows = Frame::default();
    rows.numbers("x", vec![0.0, 1.0, 2.0]);
    rows.texts("id", [Some("p0".to_owned())]);
    let refused = fit.predict(&rows).unwrap_err();
    assert_eq!(refused.to_string(), "the column id has 1 rows, and x has 3");
    rows.texts("id", [Some("p0".to_owned()), None, None]);
    assert_eq!(fit.predict(&rows).unwrap().len(), 3);
}

#[test]
fn no_functions_have_no_joint_test() {
    let linear = LinearMixedModel::default().fit(data()).unwrap();
    assert_eq!(linear.joint(&Matrix::zeros(0, 2)), Ok(None));
    let counts = GeneralisedModel::new(Family::Poisson).fit(data()).unwrap();
    assert_eq!(counts.joint(&Matrix::zeros(0, 2)), Ok(None));
}

#[test]
fn points_of_quadrature_and_families_are_those_that_there_are() {
    for points in [0, 101] {
        let refused = GeneralisedModel::new(Family::Poisson).points(points).fit(data()).unwrap_err();
        assert!(refused.to_string().contains(&format!("takes 1 to 100 points (--agq), and not {points}")), "{refused}");
    }
    let refused = GeneralisedModel::new(Family::Gaussian).fit(data()).unwrap_err();
    assert!(refused.to_string().contains("it is fitted as a linear mixed model"), "{refused}");
    assert!(refused.hint().is_some_and(|hint| hint.contains("LinearMixedModel")), "{refused:?}");
}

#[test]
fn two_stages_take_a_weight_for_each_coefficient() {
    let functions = |weights: Vec<f64>| [("slope".to_owned(), weights)];
    let refused = two_stage(&data(), &functions(vec![1.0]), 0.95).unwrap_err();
    assert_eq!(refused.to_string(), "the linear function has 1 weight, and the model has 2 coefficients");
    assert!(two_stage(&data(), &functions(vec![0.0, 1.0]), 95.0).is_err());
    assert!(two_stage(&data(), &functions(vec![0.0, 1.0]), 0.95).unwrap().is_some());
}
