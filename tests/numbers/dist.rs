//! Distribution functions against 50-digit values (`tests/ref/dist.py`).

use crate::common::{Comparison, golden, number};
use reffect::effect::small_sample::hedges_j;
use reffect::numeric::dist::{
    beta_cdf, beta_quantile, bivariate_normal_cdf, chi_squared_cdf, chi_squared_quantile, chi_squared_sf, f_cdf, f_sf,
    gamma_cdf, gamma_quantile, gamma_sf, noncentral_chi_squared_cdf, noncentral_chi_squared_sf, noncentral_f_cdf,
    noncentral_f_sf, noncentral_t_cdf, noncentral_t_sf, noncentrality, normal_cdf, normal_quantile, normal_sf, t_cdf,
    t_quantile, t_sf,
};

/// Compares one function; arguments and value of each row are the columns after its name.
fn compare(function: &str, relative: f64, absolute: f64, least: usize, f: impl Fn(f64, f64, f64) -> f64) {
    compare_in("dist.csv", function, relative, absolute, least, f);
}

fn compare_in(
    table: &str,
    function: &str,
    relative: f64,
    absolute: f64,
    least: usize,
    f: impl Fn(f64, f64, f64) -> f64,
) {
    let mut comparison = Comparison::default();
    for row in golden(table).iter().filter(|row| row[0] == function) {
        let arguments: Vec<f64> = row[1..4].iter().map(|field| number(field).unwrap_or(f64::NAN)).collect();
        let found = f(arguments[0], arguments[1], arguments[2]);
        comparison.close(&row[..4].join(","), found, number(&row[4]).unwrap(), relative, absolute);
    }
    comparison.finish(least);
}

#[test]
fn normal() {
    // The values at ±38 are subnormal and carry fewer digits.
    compare("norm_cdf", 1e-13, 1e-320, 30, |x, _, _| normal_cdf(x));
    compare("norm_sf", 1e-13, 1e-320, 30, |x, _, _| normal_sf(x));
    compare("norm_quantile", 1e-14, 1e-16, 25, |p, _, _| normal_quantile(p));
}

#[test]
fn student_t() {
    compare("t_cdf", 1e-12, 0.0, 300, |x, df, _| t_cdf(x, df));
    compare("t_sf", 1e-12, 0.0, 300, |x, df, _| t_sf(x, df));
    compare("t_quantile", 1e-12, 1e-15, 95, |p, df, _| t_quantile(p, df));
}

#[test]
fn beta() {
    compare("beta_cdf", 1e-12, 0.0, 100, beta_cdf);
    compare("beta_quantile", 1e-12, 0.0, 40, beta_quantile);
}

#[test]
fn noncentral_t() {
    compare("nct_cdf", 0.0, 1e-12, 120, noncentral_t_cdf);
    compare("nct_cdf", 0.0, 1e-12, 120, |t, df, ncp| 1.0 - noncentral_t_sf(t, df, ncp));
    // Close to 0 a limit is only as good as the cdf behind it.
    compare("nct_ncp", 1e-10, 1e-11, 250, |t, df, p| noncentrality(t, df, p).unwrap());
}

#[test]
fn small_sample_correction() {
    compare("hedges_j", 1e-14, 0.0, 11, |m, _, _| hedges_j(m).unwrap());
}

/// The same for functions of up to four arguments (`tests/ref/effect/dist.py`).
fn compare_more(function: &str, relative: f64, absolute: f64, least: usize, f: impl Fn(&[f64]) -> f64) {
    let mut comparison = Comparison::default();
    for row in golden("effect/dist.csv").iter().filter(|row| row[0] == function) {
        let arguments: Vec<f64> = row[1..5].iter().filter_map(|field| number(field)).collect();
        comparison.close(&row[..5].join(","), f(&arguments), number(&row[5]).unwrap(), relative, absolute);
    }
    comparison.finish(least);
}

#[test]
fn gamma_and_f() {
    compare_more("gamma_cdf", 1e-12, 0.0, 12, |a| gamma_cdf(a[0], a[1]));
    compare_more("gamma_sf", 1e-12, 0.0, 12, |a| gamma_sf(a[0], a[1]));
    compare_more("gamma_quantile", 1e-12, 0.0, 7, |a| gamma_quantile(a[0], a[1]));
    compare_more("f_cdf", 1e-12, 0.0, 7, |a| f_cdf(a[0], a[1], a[2]));
    compare_more("f_sf", 1e-12, 0.0, 7, |a| f_sf(a[0], a[1], a[2]));
}

#[test]
fn noncentral_chi_squared_and_f() {
    compare_more("ncx2_cdf", 0.0, 1e-13, 8, |a| noncentral_chi_squared_cdf(a[0], a[1], a[2]));
    compare_more("ncx2_cdf", 0.0, 1e-13, 8, |a| 1.0 - noncentral_chi_squared_sf(a[0], a[1], a[2]));
    compare_more("ncf_cdf", 0.0, 1e-13, 3, |a| noncentral_f_cdf(a[0], a[1], a[2], a[3]));
    compare_more("ncf_cdf", 0.0, 1e-13, 3, |a| 1.0 - noncentral_f_sf(a[0], a[1], a[2], a[3]));
}

#[test]
fn bivariate_normal() {
    compare_more("bivariate", 0.0, 1e-14, 7, |a| bivariate_normal_cdf(a[0], a[1], a[2]));
}

#[test]
fn chi_squared_and_f() {
    let compare = |function, relative, least, f: fn(f64, f64, f64) -> f64| {
        compare_in("chi_squared.csv", function, relative, 0.0, least, f);
    };
    compare("chi2_cdf", 1e-12, 80, |x, df, _| chi_squared_cdf(x, df));
    compare("chi2_sf", 1e-12, 75, |x, df, _| chi_squared_sf(x, df));
    compare("chi2_quantile", 1e-12, 80, |p, df, _| chi_squared_quantile(p, df));
    compare("f_sf", 1e-12, 140, f_sf);
    // The lower tail is the upper one of the reciprocal.
    compare("f_sf", 1e-12, 140, |x, df1, df2| f_cdf(1.0 / x, df2, df1));
}

/// `tests/ref/effect/noncentral.py`: both tails, each to 1e-12, and in relative terms as far as sums of
/// doubles carry.
#[test]
fn noncentral_tails() {
    let mut comparison = Comparison::default();
    for row in golden("effect/noncentral.csv") {
        let [x, a, ncp] = [1, 2, 4].map(|i| number(&row[i]).unwrap());
        let (lower, upper) = match number(&row[3]) {
            None => (noncentral_chi_squared_cdf(x, a, ncp), noncentral_chi_squared_sf(x, a, ncp)),
            Some(b) => (noncentral_f_cdf(x, a, b, ncp), noncentral_f_sf(x, a, b, ncp)),
        };
        for (tail, found) in [(5, lower), (6, upper)] {
            let expected = number(&row[tail]).unwrap();
            assert!((found - expected).abs() < 1e-12, "{}: {found}", row.join(","));
            comparison.close(&row.join(","), found, expected, 1e-10, 1e-300);
        }
    }
    comparison.finish(120);
}
