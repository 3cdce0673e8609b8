//! What neither the order of rows, nor where a moderator begins, nor the rounding of last digits may change.

use crate::borders::{Case, near, notes};
use serde_json::Value;

/// `rma.mv(yi, vcalc(vi, cluster = cl, obs = seq_along(vi), rho = 0.3), random = ~ 1 | cl)` of metafor 3.8-1, which
/// fixes the variance of a single level at 0.
#[test]
fn the_variance_of_a_single_level_is_held_at_0_in_every_order() {
    let rows = ["0.1723,0.43236,c0\n", "-0.3778,0.33576,c0\n", "-0.2037,0.02133,c0\n"];
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let case = Case::new("one-level", &format!("yi,vi,cl\n{}", order.map(|row| rows[row]).concat()));
        let fit = case.meta(&["--random", "1 | cl", "--v-cluster", "cl", "--v-rho", "0.3"]);
        assert_eq!((&fit["sigma2"][0], &fit["converged"]), (&0.0.into(), &false.into()));
        let pooled = &fit["coefficients"][0];
        near(
            &[pooled["estimate"].as_f64().unwrap(), pooled["se"].as_f64().unwrap()],
            &[-0.208612592778, 0.145488181205],
            1e-9,
        );
        let told = notes(&fit);
        assert!(told.contains("is held at 0") && !told.contains("estimated as 0"), "{told}");
    }
}

/// The residuals of the studies of the level a add up to 0 in its only cluster.
#[test]
fn what_one_cluster_determines_has_no_robust_standard_error() {
    let case =
        Case::new("one-cluster", "yi,vi,f,cl\n0.3,0.1,a,1\n0.5,0.2,a,1\n0.1,0.1,b,2\n0.2,0.3,b,3\n0.6,0.3,b,4\n");
    for how in ["CR0", "CR1"] {
        let fit = case.meta(&["--mods", "0 + f", "--cluster", "cl", "--vcov", how]);
        let of = |at: usize, field: &str| fit["coefficients"][at][field].as_f64();
        assert_eq!((of(0, "se"), of(0, "p"), fit["QM"].as_f64()), (None, None, None), "{how}");
        assert!(of(1, "se").unwrap() > 0.1 && notes(&fit).contains("say nothing of fa"), "{how}: {}", notes(&fit));
    }
}

/// Where years begin does not touch what they explain.
#[test]
fn a_moderator_far_from_0_costs_no_digits() {
    let wave = |row: usize, pace: f64| (pace * row as f64).sin();
    let row = |row: usize| {
        let (year, v) = (2007 + (row / 3 * 7) % 19 - 9, 0.05 + 0.04 * wave(row, 2.7));
        format!("{},{v},s{},e{row},{year},{}\n", wave(row, 1.3) + wave(row / 3, 0.9), row / 3, year as i32 - 2007)
    };
    let case = Case::new("years", &format!("yi,vi,s,es,year,x\n{}", (0..60).map(row).collect::<String>()));
    let random: [&[&str]; 2] = [&["--random", "1 | s/es"], &["--influence"]];
    let robust: [&[&str]; 3] = [&[], &["--cluster", "s", "--vcov", "CR1"], &["--cluster", "s", "--vcov", "CR2"]];
    for (random, robust) in random.iter().flat_map(|random| robust.iter().map(move |robust| (random, robust))) {
        let of = |mods: &str| case.meta(&[random, robust, &["--mods", mods][..]].concat());
        let (far, near_0) = (of("~ year + I(year^2)"), of("~ x + I(x^2)"));
        let told = |fit: &Value| {
            let last = &fit["coefficients"][2];
            let mut all = vec![&last["estimate"], &last["se"], &fit["QM"], &fit["QM_p"], &fit["fit"]["loglik"]];
            all.extend([&fit["I2_levels"]["total"], &fit["influence"][4]["cook_d"], &fit["influence"][4]["cov_r"]]);
            all.iter().filter_map(|value| value.as_f64()).collect::<Vec<f64>>()
        };
        near(&told(&far), &told(&near_0), 1e-8);
        assert!(told(&far).len() > 5 && !far["r_call"].as_str().unwrap().contains("~ ~"), "{}", far["r_call"]);
    }
}

/// The levels of a factor have no row in common, which the model without an intercept sees and that with one does not.
#[test]
fn a_common_tau2_is_that_of_the_moderator() {
    let row = |row: usize| format!("{},{},g{}\n", (1.3 * row as f64).sin(), 0.05 + 0.01 * (row % 7) as f64, row / 4);
    let case = Case::new("disjoint", &format!("yi,vi,g\n{}", (0..48).map(row).collect::<String>()));
    for method in ["REML", "DL", "PM", "SJ"] {
        let [levels, differences] = ["0 + g", "g"].map(|mods| case.meta(&["--mods", mods, "--method", method]));
        let told = |fit: &Value| {
            let of = |field: &str| fit[field].as_f64().unwrap();
            let first = &fit["coefficients"][0];
            let coefficient = ["estimate", "se"].map(|field| first[field].as_f64().unwrap());
            [of("tau2"), of("QE"), of("se_tau2"), of("I2"), coefficient[0], coefficient[1]]
        };
        near(&told(&levels), &told(&differences), 1e-10);
    }
}
