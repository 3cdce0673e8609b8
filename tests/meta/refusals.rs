//! What the library refuses instead of computing with it, and identifiers that may be any number.

use reffect::meta::aggregate::aggregate;
use reffect::meta::bias::{FailSafeKind, excess_significance, fail_safe};
use reffect::meta::comparison::compare;
use reffect::meta::deletion::{leave_groups_out, variance_inflation};
use reffect::meta::multilevel::{
    Component, Inner, Multilevel, SamplingCovariance, SandwichKind, Structure, robust_univariate,
};
use reffect::meta::{MetaError, Model, Problem, Test};
use reffect::numeric::matrix::Matrix;

fn yi() -> Vec<f64> {
    vec![-0.9, -0.2, -0.4, 0.1, -0.6, -0.3]
}

fn vi() -> Vec<f64> {
    vec![0.10, 0.02, 0.05, 0.2, 0.07, 0.04]
}

fn with_moderator(yi: Vec<f64>, vi: Vec<f64>) -> Problem {
    let moderator = (0..yi.len()).map(|study| (study * study) as f64).collect();
    let names = vec!["intrcpt".to_owned(), "dose".to_owned()];
    let columns = vec![vec![1.0; yi.len()], moderator];
    Problem::with_columns(yi, vi, names, columns, true).unwrap()
}

#[test]
fn models_of_other_studies_are_not_compared() {
    let model = Model::default();
    let smaller = Problem::new(yi(), vi()).unwrap();
    assert!(compare(&model, &with_moderator(yi(), vi()), &smaller).is_ok());
    let mut moved = yi();
    moved[2] = 0.4;
    let mut spread = vi();
    spread[5] = 0.05;
    let others = [
        with_moderator(moved, vi()),
        with_moderator(yi(), spread),
        with_moderator(yi()[..5].to_vec(), vi()[..5].to_vec()),
    ];
    for other in others {
        for (first, second) in [(&other, &smaller), (&smaller, &other)] {
            let refused = compare(&model, first, second).unwrap_err();
            assert!(refused.to_string().contains("for different studies"), "{refused}");
        }
    }
}

#[test]
fn groups_cost_by_their_number_and_not_by_their_names() {
    let (model, problem) = (Model::default(), Problem::new(yi(), vi()).unwrap());
    let fit = model.fit(&problem).unwrap();
    let small = [0, 0, 1, 1, 2, 2];
    let large = [usize::MAX - 9, 1 << 40, usize::MAX].map(|id| [id; 2]).concat();
    let in_order = [7, 1 << 40, usize::MAX].map(|id| [id; 2]).concat();
    let robust = |clusters: &[usize]| robust_univariate(&problem, &fit, clusters, SandwichKind::Cr1).unwrap();
    assert_eq!(robust(&small), robust(&in_order));
    assert!((robust(&small).coefficients[0].se - robust(&large).coefficients[0].se).abs() < 1e-15);
    let left_out = leave_groups_out(&model, &problem, &in_order).unwrap();
    assert_eq!(left_out, leave_groups_out(&model, &problem, &small).unwrap());
    // Three groups give three fits, in the order of their numbers.
    let turned = leave_groups_out(&model, &problem, &large).unwrap();
    assert_eq!((left_out.len(), turned.len()), (3, 3));
    assert_eq!(turned[1], left_out[0]);
    let covariance = |i: usize, j: usize| if i == j { vi()[i] } else { 0.5 * (vi()[i] * vi()[j]).sqrt() };
    let of = |clusters: &[usize]| SamplingCovariance::from_clusters(clusters.to_vec(), covariance);
    assert_eq!(of(&small), of(&in_order));
}

fn multilevel(components: Vec<Component>, v: SamplingCovariance) -> Multilevel {
    Multilevel { components, v, restricted: true, test: Test::Z, level: 0.95, profile: false }
}

#[test]
fn parts_of_a_multilevel_model_go_with_its_rows() {
    let problem = Problem::new(yi(), vi()).unwrap();
    let named = |count: usize| (0..count).map(|at| format!("trial {at}")).collect::<Vec<_>>();
    let refused = |model: Multilevel| {
        assert!(model.check_clusters(&problem, &[0; 6]).is_err());
        model.fit(&problem).unwrap_err().to_string()
    };
    let groups = Component::intercepts("trial", vec![0, 0, 1, 1, 2, 3], named(3));
    let text = refused(multilevel(vec![groups], SamplingCovariance::Diagonal));
    assert_eq!(text, "trial: the group 3, counted from 0, is none of the 3 that are named");
    let inner = Inner { structure: Structure::Cs, values: vec![0, 1, 0, 1, 0, usize::MAX], levels: named(2) };
    let groups = Component { inner: Some(inner), ..Component::intercepts("trial", vec![0, 0, 1, 1, 2, 2], named(3)) };
    let text = refused(multilevel(vec![groups], SamplingCovariance::Diagonal));
    assert!(text.contains("the inner level 18446744073709551615"), "{text}");
    let fine = || Component::intercepts("trial", vec![0, 0, 1, 1, 2, 2], named(3));
    let few = SamplingCovariance::from_clusters(vec![0, 0, 1], |i, j| if i == j { 0.1 } else { 0.02 });
    let text = refused(multilevel(vec![fine()], few));
    assert_eq!(text, "the list of clusters of sampling errors has 3 entries, and there are 6 studies");
    assert!(multilevel(vec![fine()], SamplingCovariance::Diagonal).fit(&problem).is_ok());
}

#[test]
fn problems_without_columns_or_studies_say_so() {
    let bare = Problem::with_columns(yi(), vi(), vec![], vec![], false).unwrap_err();
    assert!(bare.to_string().starts_with("there is no column to fit"), "{bare}");
    let problem = Problem::new(yi(), vi()).unwrap();
    assert_eq!(Model::default().fit(&problem.subset(&[])), Err(MetaError::NoStudies));
    let heavy = problem.weighted(vec![1e308; 6]).unwrap_err();
    assert_eq!(heavy.to_string(), "study 1: the weight 1e308 is too large to compute with");
    let columns = vec![vec![1.0; 6], vec![1e200, 1.0, 2.0, 3.0, 4.0, 1e300]];
    let names = vec!["intrcpt".to_owned(), "dose".to_owned()];
    let far = Problem::with_columns(yi(), vi(), names, columns, true).unwrap();
    let far = Model::default().fit(&far).unwrap_err();
    assert_eq!(far.to_string(), "the numbers of the column of dose are too large to compute with");
    let columns = vec![vec![0.0; 6], vec![1.0; 6]];
    let names = vec!["nothing".to_owned(), "all".to_owned()];
    let empty = Problem::with_columns(yi(), vi(), names, columns, false).unwrap();
    let empty = Model::default().fit(&empty).unwrap_err();
    assert_eq!(empty, MetaError::Dependent { column: "nothing".to_owned() });
}

#[test]
fn what_is_no_number_is_an_error_and_no_result() {
    let (model, problem) = (Model::default(), Problem::new(yi(), vi()).unwrap());
    assert_eq!(aggregate(&[f64::NAN, 2.0], &[0.1, 0.1], 0.5), Err(MetaError::NotFinite { study: 1 }));
    assert_eq!(aggregate(&[1.0, 2.0], &[0.1, f64::INFINITY], 0.5), Err(MetaError::NotFinite { study: 2 }));
    assert!(matches!(aggregate(&[1.0, 2.0], &[0.1, -0.1], 0.0), Err(MetaError::Variance { study: 2, .. })));
    for target in [f64::NAN, f64::INFINITY, 0.0] {
        for kind in [FailSafeKind::Orwin, FailSafeKind::General] {
            let refused = fail_safe(&model, &problem, kind, Some(target)).unwrap_err();
            assert!(refused.to_string().contains("a finite number other than 0"), "{refused}");
        }
    }
    let [one, two] = [1, 2].map(Matrix::identity);
    let moderated = with_moderator(yi(), vi());
    assert!(variance_inflation(&moderated, &one).is_empty() && variance_inflation(&problem, &two).is_empty());
    assert_eq!(variance_inflation(&moderated, &two).len(), 1);
}

#[test]
fn excess_significance_is_that_of_the_fitted_studies() {
    let problem = Problem::new(yi(), vi()).unwrap();
    let fit = Model::default().fit(&problem).unwrap();
    assert!(excess_significance(&fit, &problem).is_ok());
    let refused = excess_significance(&fit, &problem.without(0)).unwrap_err();
    assert!(matches!(refused, MetaError::Lengths { found: 6, studies: 5, .. }), "{refused}");
    assert!(excess_significance(&fit, &with_moderator(yi(), vi())).is_err());
}
