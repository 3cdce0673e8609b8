//! Random permutations, where there are too many for all of them.

use crate::common::cli::{Folder, json_of};

/// Fifteen effects have 2¹⁵ patterns of signs. With fixed effects the statistic of a pattern is |Σ s w y|/√Σw, so that
/// the exact p is counted here; random ones have it within four of their standard errors, and begin at a seed.
#[test]
fn random_permutations_have_the_p_of_all_within_their_error() {
    let y = [0.31, -0.12, 0.45, 0.05, 0.22, -0.30, 0.18, 0.40, -0.05, 0.11, 0.27, -0.21, 0.36, 0.02, 0.15];
    let v: Vec<f64> = (0..15).map(|at| 0.02 + 0.005 * f64::from(at)).collect();
    let weighted: Vec<f64> = y.iter().zip(&v).map(|(y, v)| y / v).collect();
    let observed = weighted.iter().sum::<f64>().abs();
    let sum = |signs: u32| {
        let signed = weighted.iter().enumerate().map(|(at, part)| if signs >> at & 1 == 1 { *part } else { -part });
        signed.sum::<f64>().abs()
    };
    let beyond = (0..1u32 << 15).filter(|&signs| sum(signs) >= observed * (1.0 - 1e-9)).count();
    let exact = beyond as f64 / f64::from(1u32 << 15);
    let folder = Folder::new("random-permutations");
    let rows: Vec<String> = y.iter().zip(&v).map(|(y, v)| format!("{y},{v}\n")).collect();
    folder.write("t.csv", format!("yi,vi\n{}", rows.concat()));
    let random = |seed: &str| {
        let call = ["meta", "t.csv", "--method", "EE", "--permutest", "--permutations", "4000", "--seed", seed];
        let found = json_of(&folder.run(call.into_iter().chain(["--json"])))["permutest"].clone();
        assert!(found["exact"] == false && found["permutations"] == 4000, "{found}");
        found["p"][0].as_f64().unwrap()
    };
    let error = (exact * (1.0 - exact) / 4000.0).sqrt();
    let found = ["1", "2", "3"].map(random);
    assert!(found.iter().all(|p| (p - exact).abs() < 4.0 * error), "{found:?} for {exact}");
    assert!(found[0] == random("1") && found[0] != found[1], "{found:?}");
}
