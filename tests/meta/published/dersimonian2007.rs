//! DerSimonian & Kacker (2007), Contemp Clin Trials 28:105: the CLASP example, tables 3 and 4 (pages 111 and 112).

use super::shared::*;

#[test]
fn seven_estimators() {
    let columns = [
        vec![5.0, 5.0, 12.0, 69.0, 9.0, 313.0],
        vec![156.0, 303.0, 565.0, 1570.0, 103.0, 4659.0],
        vec![8.0, 17.0, 9.0, 94.0, 11.0, 352.0],
        vec![74.0, 303.0, 477.0, 1565.0, 105.0, 4650.0],
    ];
    let problem = of_tables("OR", &columns);
    for (method, printed) in [
        ("PM", "0.3681 -0.3811 0.2060"),
        ("HE", "0.4410 -0.4035 0.2327"),
        ("DL", "0.2323 -0.3240 0.1540"),
        ("EB", "0.3681 -0.3811 0.2060"),
        ("REML", "0.1843 -0.2980 0.1343"),
        ("HS", "0.1330 -0.2666 0.1125"),
        ("SJ", "0.4572 -0.4079 0.2386"),
    ] {
        let fit = fit(&problem, method);
        print_as(&[fit.tau2.sqrt(), fit.coefficients[0].estimate, fit.coefficients[0].se], printed);
    }
    // The paper prints 0.0023 for τ by maximum likelihood, whose maximum lies at 0.
    let ml = fit(&problem, "ML");
    print_as(&[ml.tau2, ml.coefficients[0].estimate, ml.coefficients[0].se], "0.0000 -0.197 0.069");
    // Two steps: the weights of the first estimate give the second.
    for (method, printed) in [("HE", "0.3831 -0.3861 0.2115"), ("DL", "0.3254 -0.3655 0.1901")] {
        let first = fit(&problem, method).tau2;
        let weights = problem.vi().iter().map(|v| 1.0 / (v + first)).collect();
        let second = fit(&problem.clone().weighted(weights).unwrap(), "GENQ").tau2;
        let last = reffect::meta::Model { tau2: Some(second), ..model("REML", "z") }.fit(&problem).unwrap();
        print_as(&[second.sqrt(), last.coefficients[0].estimate, last.coefficients[0].se], printed);
    }
}
