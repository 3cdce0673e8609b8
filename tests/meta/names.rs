//! Names of options read back, in upper and lower case, and unknown ones are told.

use reffect::meta::bias::{Alternative, FailSafeKind, RegressionModel, Side, TrimFillEstimator};
use reffect::meta::glmm::GlmmModel;
use reffect::meta::mantel_haenszel::CountMeasure;
use reffect::meta::multilevel::{SandwichKind, Structure};
use reffect::meta::{Estimator, PredictionInterval, Tau2Interval, Test};

macro_rules! read_back {
    ($($kind:ty),+ $(,)?) => {$(
        for value in <$kind>::ALL {
            for name in [value.name().to_owned(), value.name().to_lowercase(), value.to_string().to_uppercase()] {
                assert_eq!(name.parse::<$kind>().as_ref(), Ok(value), "{name}");
            }
        }
        let refused = "no such name".parse::<$kind>().unwrap_err();
        assert!(<$kind>::ALL.iter().all(|value| refused.reason().contains(value.name())), "{refused}");
    )+};
}

#[test]
fn names_read_back() {
    read_back!(
        Estimator,
        Test,
        Tau2Interval,
        PredictionInterval,
        CountMeasure,
        GlmmModel,
        SandwichKind,
        Structure,
        Alternative,
        FailSafeKind,
        RegressionModel,
        Side,
        TrimFillEstimator,
    );
}

#[test]
fn other_names_are_known_and_close_ones_are_told() {
    assert_eq!("hksj".parse::<Test>(), Ok(Test::Knha));
    assert_eq!("ce".parse::<Estimator>(), Ok(Estimator::Ee));
    assert_eq!("two.sided".parse::<Alternative>(), Ok(Alternative::TwoSided));
    let told = "REMS".parse::<Estimator>().unwrap_err();
    assert!(told.reason().ends_with("was expected; did you mean `REML`?"), "{told}");
    assert!("x".parse::<Test>().unwrap_err().reason().contains("knha (also hk, hksj)"));
    // What the program asks for and nobody else has a name, and is not asked for by it.
    assert_eq!(Tau2Interval::None.name(), "none");
    assert!("none".parse::<Tau2Interval>().is_err());
}
