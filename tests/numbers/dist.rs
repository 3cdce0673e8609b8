//! Distribution functions against 50-digit values (`tests/ref/dist.py`).

use crate::common::{Comparison, golden, number};
use reffect::effect::small_sample::hedges_j;
use reffect::numeric::dist::{
    beta_cdf, beta_quantile, bivariate_normal_cdf, chi_squared_cdf, chi_squared_quantile, chi_squared_sf, f_cdf,
    f_quantile_upper, f_sf, gamma_cdf, gamma_quantile, gamma_ratio_half, gamma_sf, noncentral_chi_squared_cdf,
    noncentral_chi_squared_sf, noncentral_f_cdf, noncentral_f_sf, noncentral_t_cdf, noncentral_t_sf, noncentrality,
    normal_cdf, normal_quantile, normal_sf, studentized_range_sf, t_cdf, t_density, t_quantile, t_sf, t_two_sided_p,
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

fn is_close(found: f64, expected: f64, relative: f64) -> bool {
    (found / expected - 1.0).abs() <= relative
}

/// R 4.2.2: qt(.975, Inf), pt(.5, Inf), 2 * pt(-3, Inf), qnorm(1e-12), pt(1.5, Inf, ncp = 1), dt(1.2, Inf).
#[test]
fn t_with_infinitely_many_degrees_of_freedom_is_normal() {
    for df in [1e20, 1e300, f64::INFINITY] {
        assert!(is_close(t_quantile(0.975, df), 1.959_963_984_540_053_6, 1e-14), "{df}");
        assert!(is_close(t_cdf(0.5, df), 0.691_462_461_274_013, 1e-14), "{df}");
        assert!(is_close(t_two_sided_p(-3.0, df), 0.002_699_796_063_260_189, 1e-13), "{df}");
        assert!(is_close(t_quantile(1e-12, df), -7.034_483_825_301_132, 1e-12), "{df}");
        assert!(is_close(noncentral_t_cdf(1.5, df, 1.0), 0.691_462_461_274_013, 1e-13), "{df}");
        assert!(is_close(t_density(1.2, df), 0.194_186_054_983_212_95, 1e-13), "{df}");
        assert_eq!((t_two_sided_p(1e200, df), t_two_sided_p(0.0, df)), (0.0, 1.0));
    }
    // pt(-t, 1e14) and pt(-t, 1e16): nothing jumps where the limit takes over.
    let tails = [
        (0.5, 0.308_537_538_725_986_77, 0.308_537_538_725_986_44),
        (7.0, 1.279_812_543_893_828_7e-12, 1.279_812_543_885_910_9e-12),
        (20.0, 2.753_624_119_713_244e-89, 2.753_624_118_617_277_5e-89),
    ];
    for (t, before, after) in tails {
        assert!(is_close(t_sf(t, 1e14), before, 1e-12) && is_close(t_sf(t, 1e16), after, 1e-12), "{t}");
    }
    // Nearly all of a t with next to no degrees of freedom lies beyond every double.
    assert_eq!((t_cdf(1.0, 5e-324), t_quantile(0.9, 5e-324)), (0.5, f64::INFINITY));
    assert!([t_sf(1.0, -1.0), t_density(1.0, 0.0), t_quantile(0.5, f64::NAN)].iter().all(|found| found.is_nan()));
}

/// R 4.2.2: qchisq(.05, 3, lower = FALSE)/3; pf(2, Inf, 5, lower = FALSE); qf(.05, Inf, 5, lower = FALSE); pchisq(6, 3,
/// ncp = 4), which is pf(2, 3, Inf, ncp = 4).
#[test]
fn f_with_infinitely_many_degrees_of_freedom_is_chi_squared() {
    for large in [1e20, f64::INFINITY] {
        assert!(is_close(f_quantile_upper(0.05, 3.0, large), 2.604_909_301_083_726_5, 1e-12), "{large}");
        assert!(is_close(f_sf(2.604_909_301_083_726_5, 3.0, large), 0.05, 1e-12), "{large}");
        assert!(is_close(f_sf(2.0, large, 5.0), 0.223_504_928_876_677_25, 1e-12), "{large}");
        assert!(is_close(f_cdf(2.0, large, 5.0), 1.0 - 0.223_504_928_876_677_25, 1e-12), "{large}");
        assert!(is_close(f_quantile_upper(0.05, large, 5.0), 4.364_996_746_541_276, 1e-12), "{large}");
        assert!(is_close(noncentral_f_cdf(2.0, 3.0, large, 4.0), 0.493_161_658_161_782_9, 1e-12), "{large}");
        assert!(is_close(noncentral_f_sf(2.0, large, 5.0, 4.0), 0.223_504_928_876_677_25, 1e-12), "{large}");
    }
    // The quantile keeps its digits on the way there.
    for df in [1e7, 1e12] {
        assert!(is_close(f_sf(f_quantile_upper(0.05, 3.0, df), 3.0, df), 0.05, 1e-12), "{df}");
    }
    let both = f64::INFINITY;
    assert_eq!((f_sf(0.9, both, both), f_sf(1.1, both, both), f_quantile_upper(0.3, both, both)), (1.0, 0.0, 1.0));
    assert!(f_quantile_upper(0.05, f64::NAN, 4.0).is_nan() && f_quantile_upper(0.05, 3.0, -1.0).is_nan());
}

/// R 4.2.2: pgamma(1e11 + d, 1e11), pchisq(2e12 + d, 2e12) and qgamma(p, 1e11), by Temme's expansion there too.
#[test]
fn large_shapes_are_computed_and_infinite_ones_are_beyond_every_number() {
    let lower = [(-1e6, 7.826_756_281_210_604e-4), (0.0, 0.500_000_420_522_087), (3e5, 0.828_609_171_240_070_3)];
    for (shift, expected) in lower {
        assert!(is_close(gamma_cdf(1e11 + shift, 1e11), expected, 1e-10), "{shift} {}", gamma_cdf(1e11 + shift, 1e11));
    }
    assert!(is_close(gamma_sf(1e11 + 2e6, 1e11), 1.270_152_371_295_433e-10, 1e-9));
    assert!(is_close(chi_squared_cdf(2e12 - 6e6, 2e12), 0.001_349_886_213_392_038_4, 1e-9));
    let quantiles = [(1e-10, 99_997_988_380.533_1), (0.025, 99_999_380_205.914_86), (0.9, 100_000_405_262.402_73)];
    for (p, expected) in quantiles {
        assert!(is_close(gamma_quantile(p, 1e11), expected, 1e-14), "{p} {}", gamma_quantile(p, 1e11));
    }
    assert_eq!((chi_squared_quantile(0.5, f64::INFINITY), chi_squared_cdf(1e300, f64::INFINITY)), (f64::INFINITY, 0.0));
    assert_eq!((beta_cdf(0.5, 1.0, f64::INFINITY), beta_cdf(0.5, f64::INFINITY, 1.0)), (1.0, 0.0));
    let none = [
        beta_cdf(0.5, f64::NAN, 1.0),
        beta_cdf(0.5, f64::INFINITY, f64::INFINITY),
        beta_cdf(0.5, 0.0, 1.0),
        gamma_cdf(f64::INFINITY, f64::INFINITY),
        noncentral_chi_squared_sf(1.0, 3.0, 1e15),
        noncentral_f_cdf(1.0, 3.0, 5.0, 1e12),
        gamma_ratio_half(f64::NEG_INFINITY),
    ];
    assert!(none.iter().all(|found| found.is_nan()), "{none:?}");
}

/// Another integral by another rule, good to some 1e-13 absolutely, and R's ptukey (`tests/ref/studentized_range.py`).
#[test]
fn studentized_range() {
    let mut comparison = Comparison::default();
    for row in golden("studentized_range.csv") {
        let [q, means, df] = [0, 1, 2].map(|at| number(&row[at]).unwrap());
        let found = studentized_range_sf(q, means as usize, df);
        comparison.close(&row[..3].join(","), found, number(&row[3]).unwrap(), 0.0, 1e-12);
        if let Some(from_r) = number(&row[4]) {
            comparison.close(&format!("R {}", row[..3].join(",")), found, from_r, 0.0, 1e-5);
        }
    }
    comparison.finish(20);
}
