//! Random effects beside correlated residuals, against nlme's lme and against the likelihood with matrices of all rows.

use reffect::formula::{Formula, Frame};
use reffect::mixed::{
    DataOptions, DfMethod, LinearMixedModel, MarginalFit, MarginalModel, MixedError, MixedFit, ModelData,
};
use reffect::numeric::matrix::{Matrix, dot};
use reffect::read::read_frame;
use std::collections::BTreeMap;
use std::path::Path;

/// Which model of which table: formula, structure, time, subject and column of groups.
type Named<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn frame(name: &str) -> Frame {
    let folder = if name == "orthodont" { "data/published" } else { "tests/ref/mmrm" };
    read_frame(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{folder}/{name}.csv"))).unwrap()
}

fn data(frame: &Frame, (formula, _, time, subject, by): Named<'_>) -> Result<ModelData, MixedError> {
    let needed = [time, subject, by].into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let options = DataOptions { needed, ..DataOptions::default() };
    ModelData::new(Formula::parse(formula).unwrap(), frame, &options)
}

fn model((_, structure, time, subject, by): Named<'_>) -> MarginalModel {
    let model = MarginalModel::new(structure.parse().unwrap(), time, subject);
    if by.is_empty() { model } else { model.by(by) }
}

fn fit(frame: &Frame, of: Named<'_>, reml: bool, df: DfMethod) -> Result<MarginalFit, MixedError> {
    model(of).reml(reml).df(df).fit(data(frame, of)?)
}

#[track_caller]
fn agree(found: f64, expected: f64, tolerance: f64, what: &str) {
    let difference = (found - expected).abs() / expected.abs().max(1e-2);
    assert!(difference <= tolerance, "{what}: {found} for {expected}, relative difference {difference:.1e}");
}

#[test]
fn fits_agree_with_nlme() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/mmrm/lme.csv").as_bytes());
    let mut cases: BTreeMap<Vec<String>, Vec<(String, usize, f64)>> = BTreeMap::new();
    for row in reader.records() {
        let row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        let value = (row[7].clone(), row[8].parse::<usize>().unwrap() - 1, row[9].parse().unwrap());
        cases.entry(row[..7].to_vec()).or_default().push(value);
    }
    assert_eq!((cases.len(), cases.values().map(Vec::len).sum::<usize>()), (16, 282));
    for (case, values) in cases {
        let [name, formula, structure, time, subject, by, method] = &case[..] else { panic!("{case:?}") };
        let fit = fit(&frame(name), (formula, structure, time, subject, by), method == "REML", DfMethod::None).unwrap();
        assert!(fit.converged() && !fit.singular(), "{case:?}");
        let sd: Vec<f64> = fit.varcorr().into_iter().flat_map(|term| term.sd).collect();
        let residual: Vec<f64> =
            fit.residual_covariance().iter().flat_map(|of| &of.parameters).map(|of| of.estimate).collect();
        let effects: Vec<f64> = fit.ranef().into_iter().flat_map(first_three).collect();
        for (field, at, value) in values {
            let what = format!("{case:?} {field} {at}");
            match field.as_str() {
                // nlme stops where its criterion no longer falls; ours is never higher.
                "criterion" => {
                    assert!(fit.criterion() <= value + 1e-8, "{what}: {} for {value}", fit.criterion());
                    agree(fit.criterion(), value, 1e-10, &what);
                }
                "estimate" => agree(fit.fixef()[at], value, 3e-5, &what),
                "se" => agree(fit.vcov()[(at, at)].sqrt(), value, 3e-6, &what),
                "sd" => agree(sd[at], value, 3e-5, &what),
                "residual" => agree(residual[at], value, 1e-4, &what),
                "ranef" => agree(effects[at], value, 1e-3, &what),
                _ => panic!("{field} is unknown"),
            }
        }
    }
}

/// Against matrices of all rows: tests/ref/mmrm/beside.py.
#[test]
fn degrees_of_freedom_agree_with_matrices_of_all_rows() {
    let mut reader = csv::Reader::from_reader(include_str!("../ref/mmrm/beside.csv").as_bytes());
    let mut fits: BTreeMap<String, [MarginalFit; 2]> = BTreeMap::new();
    let mut compared = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let of = (&row[1], &row[2], &row[3], &row[4], "");
        let [satterthwaite, kenward_roger] = fits.entry(row[1].to_owned()).or_insert_with(|| {
            [DfMethod::Satterthwaite, DfMethod::KenwardRoger].map(|df| fit(&frame(&row[0]), of, true, df).unwrap())
        });
        let (at, value): (usize, f64) = (row[6].parse::<usize>().unwrap() - 1, row[7].parse().unwrap());
        let what = format!("{} {} {at}", &row[1], &row[5]);
        let df = |of: &MarginalFit| of.coefficients()[at].df.unwrap();
        compared += 1;
        match &row[5] {
            "criterion" => agree(satterthwaite.criterion(), value, 1e-11, &what),
            "estimate" => agree(satterthwaite.fixef()[at], value, 1e-7, &what),
            "se" => agree(satterthwaite.vcov()[(at, at)].sqrt(), value, 1e-7, &what),
            "df" => agree(df(satterthwaite), value, 1e-5, &what),
            "kr_se" => agree(kenward_roger.vcov()[(at, at)].sqrt(), value, 1e-6, &what),
            "kr_df" => agree(df(kenward_roger), value, 1e-5, &what),
            field => panic!("{field} is unknown"),
        }
    }
    assert_eq!((fits.len(), compared), (3, 68));
}

/// Each effect of the first three levels by the characters of their names.
fn first_three(of: reffect::mixed::result::RandomEffects) -> Vec<f64> {
    let mut levels = of.levels;
    levels.sort_by(|a, b| a.level.cmp(&b.level));
    (0..of.names.len())
        .flat_map(|at| levels[..3].iter().map(move |level| level.values[at]).collect::<Vec<_>>())
        .collect()
}

/// −2 log-likelihood of a covariance of all rows, from its definition.
fn dense(data: &ModelData, v: &Matrix, reml: bool) -> f64 {
    let (n, p) = (data.n(), data.p());
    let cholesky = v.cholesky().unwrap();
    let x = Matrix::from_fn(n, p, |row, column| data.x.columns[column][row]);
    let solved = cholesky.solve_matrix(&x);
    let information = x.transposed_times(&solved).cholesky().unwrap();
    let y = &data.y;
    let along: Vec<f64> = (0..p).map(|at| (0..n).map(|row| solved[(row, at)] * y[row]).sum()).collect();
    let beta = information.solve(&along);
    let rest: Vec<f64> = (0..n).map(|row| y[row] - dot(x.row(row), &beta)).collect();
    let quadratic = dot(&rest, &cholesky.solve(&rest));
    let free = if reml { n - p } else { n } as f64;
    let of_columns = if reml { information.log_determinant() } else { 0.0 };
    free * (2.0 * std::f64::consts::PI).ln() + cholesky.log_determinant() + of_columns + quadratic
}

/// The covariance of all rows: ZGZ′ of each term, and residual covariances by subject.
fn covariance(data: &ModelData, fit: &MarginalFit, effects: &[Matrix], residual: &[Matrix], of: Named<'_>) -> Matrix {
    let text = |name: &str, row: usize| match data.frame.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => format!("{}", values[data.rows[row]]),
        reffect::formula::Column::Texts { values, .. } => values[data.rows[row]].clone().unwrap(),
    };
    let known = fit.residual_covariance();
    let (_, _, time, subject, by) = of;
    let mut v = Matrix::from_fn(data.n(), data.n(), |i, j| {
        if text(subject, i) != text(subject, j) {
            return 0.0;
        }
        let group = if by.is_empty() { 0 } else { known.iter().position(|own| own.by == Some(text(by, i))).unwrap() };
        let visit = |row: usize| known[group].times.iter().position(|own| *own == text(time, row)).unwrap();
        residual[group][(visit(i), visit(j))]
    });
    for (term, g) in data.random.iter().zip(effects) {
        for i in 0..data.n() {
            for j in (0..data.n()).filter(|&j| term.codes[i] == term.codes[j]) {
                let z = |row: usize| term.columns.iter().map(|column| column[row]).collect::<Vec<f64>>();
                v[(i, j)] += dot(&g.times_vector(&z(j)), &z(i));
            }
        }
    }
    v
}

/// Six centres with five to seven patients each, seen at weeks 0, 2, 4, 8 and 12, some of them missing.
fn centres() -> Frame {
    let mut rows: Vec<[f64; 5]> = Vec::new();
    for patient in 0..36u32 {
        for (visit, week) in [0.0, 2.0, 4.0, 8.0, 12.0].into_iter().enumerate() {
            let noise = |by: u32| f64::from((patient * 31 + visit as u32 * 17 + by) * 7919 % 1009) / 1009.0 - 0.5;
            if (patient * 5 + visit as u32) % 11 == 3 {
                continue;
            }
            let centre = f64::from(patient % 6);
            let own = f64::from(patient * 71 % 13) / 4.0;
            let y = 20.0 + (centre * 2.3).sin() * 2.0 + own - 0.1 * week * f64::from(patient % 2)
                + 2.0 * noise(3)
                + noise(8);
            rows.push([centre, f64::from(patient), week, f64::from(patient % 2), y]);
        }
    }
    let mut frame = Frame::default();
    for (at, name) in ["centre", "patient", "week", "arm", "y"].into_iter().enumerate() {
        frame.numbers(name, rows.iter().map(|row| row[at]).collect());
    }
    frame
}

const CASES: [(&str, Named<'static>); 6] = [
    ("ovary", ("follicles ~ s + c + (1 + s || mare)", "ar1", "k", "mare", "")),
    ("orthodont", ("distance ~ age * Sex + (age | Subject)", "idh", "age", "Subject", "")),
    ("orthodont", ("distance ~ age * Sex + (1 | Subject)", "ar1", "age", "Subject", "Sex")),
    ("bodyweight", ("weight ~ day * diet + (day | rat)", "car1", "day", "rat", "")),
    ("centres", ("y ~ week * arm + (1 | centre/patient)", "ar1h", "week", "patient", "")),
    ("centres", ("y ~ week * arm + (week | centre)", "toep", "week", "patient", "")),
];

fn table(name: &str) -> Frame {
    if name == "centres" { centres() } else { frame(name) }
}

#[test]
fn the_criterion_is_that_of_all_rows_and_lowest_where_the_fit_says() {
    for (name, of) in CASES {
        for reml in [true, false] {
            let frame = table(name);
            let fit = fit(&frame, of, reml, DfMethod::None).unwrap();
            let what = format!("{of:?} {reml}");
            assert!(fit.converged(), "{what}");
            let covariances = |varcorr: &reffect::mixed::result::VarCorr| {
                let k = varcorr.sd.len();
                let cor = |at| if varcorr.cor[at].is_nan() { 0.0 } else { varcorr.cor[at] };
                Matrix::from_fn(k, k, |i, j| varcorr.sd[i] * varcorr.sd[j] * cor((i, j)))
            };
            let effects: Vec<Matrix> = fit.varcorr().iter().map(covariances).collect();
            let residual: Vec<Matrix> = fit.residual_covariance().into_iter().map(|of| of.cov).collect();
            let data = fit.data();
            let at = |effects: &[Matrix], residual: &[Matrix]| {
                dense(data, &covariance(data, &fit, effects, residual, of), reml)
            };
            agree(fit.criterion(), at(&effects, &residual), 1e-11, &what);
            // Away from the estimates it is higher, on both sides and for each of them.
            let lowest = fit.criterion();
            for (term, g) in effects.iter().enumerate() {
                for place in (0..g.rows()).flat_map(|i| (0..=i).map(move |j| (i, j))) {
                    for share in [0.97, 1.03] {
                        let mut moved = effects.clone();
                        (moved[term][place], moved[term][(place.1, place.0)]) = (share * g[place], share * g[place]);
                        let found = at(&moved, &residual);
                        // Beyond a correlation of ±1 nothing is possible.
                        let least = moved[term].symmetric_eigen().0[0];
                        let is_outside = g[place].abs() < 1e-12 || least < -1e-9 * g.trace();
                        assert!(is_outside || found > lowest, "{what} {term} {place:?} {share}: {found} {lowest}");
                    }
                }
            }
            for (group, r) in residual.iter().enumerate() {
                for share in [0.97, 1.03] {
                    let mut moved = residual.clone();
                    moved[group] = r.scaled(share);
                    assert!(at(&effects, &moved) > lowest, "{what} {group} {share}");
                    // Correlations alone.
                    let is_alone = (0..r.rows()).all(|i| (0..i).all(|j| r[(i, j)] == 0.0));
                    if !is_alone {
                        let own = |i: usize, j: usize| {
                            let lag = if of.1 == "toep" { 1.0 } else { (i as f64 - j as f64).abs() };
                            if i == j { r[(i, j)] } else { r[(i, j)] * share.powf(lag) }
                        };
                        moved[group] = Matrix::from_fn(r.rows(), r.rows(), own);
                        if of.1 != "car1" {
                            assert!(at(&effects, &moved) > lowest, "{what} correlations {group} {share}");
                        }
                    }
                }
            }
        }
    }
}

/// With independent residuals of one variance the model is a linear mixed model, which is fitted in another way.
#[test]
fn independent_residuals_are_a_linear_mixed_model() {
    let formulas = [
        ("orthodont", "distance ~ age * Sex + (age | Subject)", "age", "Subject"),
        ("orthodont", "distance ~ age * Sex + (1 | Subject)", "age", "Subject"),
        ("centres", "y ~ week * arm + (1 | centre/patient)", "week", "patient"),
    ];
    for (name, formula, time, subject) in formulas {
        for (reml, df) in
            [(true, DfMethod::Satterthwaite), (true, DfMethod::KenwardRoger), (false, DfMethod::Satterthwaite)]
        {
            let frame = table(name);
            let of = (formula, "id", time, subject, "");
            let ours = fit(&frame, of, reml, df).unwrap();
            let other = LinearMixedModel::default().reml(reml).df(df).fit(data(&frame, of).unwrap()).unwrap();
            let what = format!("{formula} {reml} {df}");
            agree(ours.criterion(), other.criterion(), 1e-11, &what);
            assert_eq!(ours.parameters(), other.parameters());
            for (one, two) in ours.coefficients().iter().zip(other.coefficients()) {
                agree(one.estimate, two.estimate, 1e-8, &what);
                agree(one.se, two.se, 1e-6, &what);
                agree(one.df.unwrap(), two.df.unwrap(), 1e-5, &what);
            }
            for (one, two) in ours.varcorr().iter().zip(other.varcorr()) {
                one.sd.iter().zip(&two.sd).for_each(|(a, b)| agree(*a, *b, 1e-6, &what));
            }
            let flat = |of: Vec<reffect::mixed::result::RandomEffects>| {
                let levels = of.into_iter().flat_map(|of| of.levels);
                levels.flat_map(|of| of.values.into_iter().chain(of.se)).collect::<Vec<f64>>()
            };
            flat(ours.ranef()).iter().zip(flat(other.ranef())).for_each(|(a, b)| agree(*a, b, 1e-5, &what));
            for (one, two) in ours.residuals().iter().zip(other.residuals()) {
                let (one, two) = (one.residual.unwrap(), two.residual.unwrap());
                agree(one.scaled, two.scaled, 1e-5, &what);
                agree(one.leverage.unwrap(), two.leverage.unwrap(), 1e-6, &what);
            }
            let p = ours.fixef().len();
            let rows = Matrix::from_fn(p - 1, p, |row, column| f64::from(u8::from(column == row + 1)));
            let (one, two) = (ours.joint(&rows).unwrap().unwrap(), other.joint(&rows).unwrap().unwrap());
            agree(one.f, two.f, 1e-6, &what);
            agree(one.den_df.unwrap(), two.den_df.unwrap(), 1e-4, &what);
        }
    }
}

#[test]
fn profiles_are_those_of_the_linear_mixed_model() {
    let frame = frame("orthodont");
    let of = ("distance ~ age * Sex + (age | Subject)", "id", "age", "Subject", "");
    let ours = fit(&frame, of, true, DfMethod::None).unwrap().profile(true).unwrap();
    let other = LinearMixedModel::default().df(DfMethod::None).fit(data(&frame, of).unwrap()).unwrap();
    let other = other.profile(true).unwrap();
    let pairs = [(&ours.intervals.sd, &other.intervals.sd), (&ours.intervals.cor, &other.intervals.cor)];
    for (one, two) in pairs.iter().flat_map(|(one, two)| one[0].iter().zip(&two[0])) {
        assert!((one.lower - two.lower).abs() < 1e-4 && (one.upper - two.upper).abs() < 1e-4, "{one:?} {two:?}");
    }
    let names = |of: &reffect::mixed::result::Profiles| {
        let mut names: Vec<String> = of.traces.iter().map(|of| of.parameter.clone()).collect();
        names.sort();
        names
    };
    let renamed: Vec<String> = names(&other).iter().map(|name| name.replace("sigma", "sd")).collect();
    assert!(names(&ours).iter().all(|name| renamed.contains(name)));
}

#[test]
fn a_random_effect_without_variance_is_exactly_that() {
    // AR(1) takes all that the children have in common beyond their means: R: nlme's lme ends at 1e-5.
    let frame = frame("orthodont");
    let of = ("distance ~ age * Sex + (1 | Subject)", "toeph", "age", "Subject", "");
    let with = fit(&frame, of, true, DfMethod::Satterthwaite).unwrap();
    assert!(with.singular() && with.converged());
    assert_eq!(with.varcorr()[0].sd, [0.0]);
    let without = ("distance ~ age * Sex", "toeph", "age", "Subject", "");
    let without = fit(&frame, without, true, DfMethod::Satterthwaite).unwrap();
    agree(with.criterion(), without.criterion(), 1e-11, "criterion");
    for (one, two) in with.coefficients().iter().zip(without.coefficients()) {
        agree(one.df.unwrap(), two.df.unwrap(), 1e-5, "df");
    }
    assert!(with.summary().notes.iter().any(|note| note.contains("the variance of (Intercept) by Subject is 0")));
    let observed = model(of).df(DfMethod::KenwardRoger).information(reffect::mixed::Information::Observed);
    let error = observed.fit(data(&frame, of).unwrap()).unwrap_err();
    assert!(error.to_string().contains("border"), "{error}");
}

#[test]
fn what_is_not_told_apart_is_refused_with_its_reason() {
    let frame = frame("orthodont");
    let refused = |formula: &str, structure: &str| {
        fit(&frame, (formula, structure, "age", "Subject", ""), true, DfMethod::None).unwrap_err().to_string()
    };
    for structure in ["cs", "us", "toep"] {
        let error = refused("distance ~ age * Sex + (1 | Subject)", structure);
        assert!(error.contains("((Intercept) | Subject) apart from") && error.contains("sum"), "{error}");
    }
    let error = refused("distance ~ age * Sex + (age | Subject)", "us");
    assert!(error.contains("((Intercept) + age | Subject)"), "{error}");
    let error = refused("distance ~ age * Sex + (1 | Subject) + (1 | age)", "ar1");
    assert!(error.contains("Subject and age are crossed") || error.contains("age and Subject are crossed"), "{error}");
    // Two visits: AR(1) is compound symmetry.
    let mut two = Frame::default();
    two.numbers("y", vec![1.0, 2.5, 0.4, 1.1, 3.0, 3.2, 2.2, 4.1, 0.2, 1.9]);
    two.numbers("t", (0..10).map(|at| f64::from(at % 2)).collect());
    two.numbers("id", (0..10).map(|at| f64::from(at / 2)).collect());
    let error = fit(&two, ("y ~ t + (1 | id)", "ar1", "t", "id", ""), true, DfMethod::None).unwrap_err().to_string();
    assert!(error.contains("AR(1)"), "{error}");
}

#[test]
fn rows_in_another_order_and_other_units_give_the_same_fit() {
    let of = ("weight ~ day * diet + (day | rat)", "car1", "day", "rat", "");
    let plain = frame("bodyweight");
    let one = fit(&plain, of, true, DfMethod::KenwardRoger).unwrap();
    let numbers = |name: &str| match plain.column(name).unwrap() {
        reffect::formula::Column::Numbers(values) => values.clone(),
        reffect::formula::Column::Texts { .. } => panic!("{name} holds texts"),
    };
    let rows: Vec<usize> = (0..plain.len()).map(|at| at * 59 % plain.len()).collect();
    let mut other = Frame::default();
    // Days as seconds of a calendar, grams as tonnes.
    other.numbers("day", rows.iter().map(|&row| 1e5 + 86_400.0 * numbers("day")[row]).collect());
    other.numbers("weight", rows.iter().map(|&row| numbers("weight")[row] / 1e6).collect());
    other.numbers("rat", rows.iter().map(|&row| numbers("rat")[row]).collect());
    let reffect::formula::Column::Texts { values, .. } = plain.column("diet").unwrap() else { panic!() };
    other.texts("diet", rows.iter().map(|&row| values[row].clone()));
    let two = fit(&other, of, true, DfMethod::KenwardRoger).unwrap();
    agree(two.varcorr()[0].sd[1] * 1e6 * 86_400.0, one.varcorr()[0].sd[1], 1e-6, "sd of slopes");
    agree(two.fixef()[1] * 1e6 * 86_400.0, one.fixef()[1], 1e-7, "slope");
    agree(two.coefficients()[1].df.unwrap(), one.coefficients()[1].df.unwrap(), 1e-5, "df");
}

#[test]
fn comparisons_are_by_the_likelihood_that_can_compare_them() {
    let frame = frame("ovary");
    let of = ("follicles ~ s + c + (1 + s || mare)", "ar1", "k", "mare", "");
    let larger = fit(&frame, of, true, DfMethod::None).unwrap();
    let test = |formula: &str| {
        let other = data(&frame, (formula, "ar1", "k", "mare", "")).unwrap();
        let found = larger.compare(&other).unwrap();
        (found.method, found.test.unwrap().statistic, found.p_boundary)
    };
    // R: anova() of both fits by REML, and of both by ML without cos
    let smaller =
        fit(&frame, ("follicles ~ s + c + (1 | mare)", "ar1", "k", "mare", ""), true, DfMethod::None).unwrap();
    let (method, statistic, p) = test("follicles ~ s + c + (1 | mare)");
    assert_eq!(method, "REML");
    agree(statistic, smaller.criterion() - larger.criterion(), 1e-7, "χ²");
    assert!(p.is_some());
    let by_ml = |formula| fit(&frame, (formula, "ar1", "k", "mare", ""), false, DfMethod::None).unwrap().criterion();
    let (method, statistic, p) = test("follicles ~ s + (1 + s || mare)");
    assert_eq!((method.as_str(), p), ("ML", None));
    agree(statistic, by_ml("follicles ~ s + (1 + s || mare)") - by_ml(of.0), 1e-7, "χ²");
}

#[test]
fn responses_are_simulated_with_the_covariance_of_the_model() {
    let frame = frame("orthodont");
    let fit = fit(&frame, ("distance ~ age * Sex + (1 | Subject)", "ar1", "age", "Subject", ""), true, DfMethod::None)
        .unwrap();
    let mut random = reffect::numeric::random::Random::seeded(3);
    let (mut same, mut square, count) = (0.0, 0.0, 4000);
    let fixed: Vec<f64> =
        (0..4).map(|row| fit.data().x.columns.iter().zip(fit.fixef()).map(|(x, b)| x[row] * b).sum()).collect();
    for _ in 0..count {
        let y = fit.simulate(&mut random).unwrap();
        same += (y[0] - fixed[0]) * (y[1] - fixed[1]) / f64::from(count);
        square += (y[0] - fixed[0]).powi(2) / f64::from(count);
    }
    let (g, cov) = (fit.varcorr()[0].sd[0].powi(2), &fit.residual_covariance()[0].cov);
    assert!((square / (g + cov[(0, 0)]) - 1.0).abs() < 0.07, "{square}");
    assert!((same / (g + cov[(0, 1)]) - 1.0).abs() < 0.1, "{same}");
    let found = fit.bootstrap(60, 5).unwrap();
    assert!(found.failed == 0 && found.intervals.sd[0][0].lower < 1.83 && found.intervals.sd[0][0].upper > 1.83);
}
