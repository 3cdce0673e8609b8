//! `reffect meta` where the likelihood has several maxima, none, or the same value along a direction. Golden numbers
//! are from R 4.2.2 with metafor 3.8-1 where nothing else is said.

use crate::borders::{Case, near, notes, numbers};
use crate::common::meta::problem;
use reffect::meta::bias::{Alternative, Selection, SelectionKind, selection};
use reffect::meta::glmm::{StudyLikelihood, glmm};
use reffect::meta::{Model, Problem};

fn endless(studies: &[StudyLikelihood]) -> String {
    glmm(studies, 0.95).unwrap_err().to_string()
}

/// Where all studies lie at the ends of their ranges, P(0 of n) ≤ 1 − E p and P(n of n) ≤ E p, so that the likelihood
/// is below q^u (1 − q)^l with q = u/(u + l), which τ → ∞ approaches.
#[test]
fn counts_at_both_ends_have_no_maximum() {
    let table = |a, n, c, m| StudyLikelihood::hypergeometric(a, n, c, m).unwrap();
    let rare = [table(2.0, 100.0, 0.0, 100.0), table(0.0, 80.0, 1.0, 80.0), table(1.0, 50.0, 0.0, 50.0)];
    let proportions = [(0.0, 12.0), (5.0, 5.0), (0.0, 8.0)].map(|(x, n)| StudyLikelihood::binomial(x, n, 0.0));
    let groups = [((3.0, 3.0), (0.0, 4.0)), ((0.0, 5.0), (2.0, 2.0))];
    let groups = groups.map(|(one, other)| StudyLikelihood::two_binomials(one, other));
    for told in [endless(&rare), endless(&proportions), endless(&groups)] {
        assert!(told.contains("no maximum in tau2"), "{told}");
    }
    // At one end it is the effect that has no bound.
    let none = [12.0, 5.0, 8.0].map(|n| StudyLikelihood::binomial(0.0, n, 0.0));
    assert!(endless(&none).contains("no bound on the effect"));
}

/// One study away from the ends is enough: its integral falls as 1/τ. By the trapezoidal rule with 200,001 points
/// between θ ± 40τ and `optim` in R.
#[test]
fn one_study_away_from_the_ends_gives_a_maximum() {
    let studies = [(0.0, 12.0), (5.0, 5.0), (0.0, 8.0), (2.0, 9.0)].map(|(x, n)| StudyLikelihood::binomial(x, n, 0.0));
    let fit = glmm(&studies, 0.95).unwrap();
    near(&[fit.coefficients[0].estimate], &[-2.954_075], 1e-4);
    near(&[fit.tau2], &[42.4496], 1e-2);
    near(&[fit.statistics.log_likelihood], &[-6.113_205_784], 1e-6);
}

fn in_unit(problem: &Problem, unit: f64) -> Problem {
    let (yi, vi) = problem.yi().iter().zip(problem.vi()).map(|(y, v)| (y * unit, v * unit * unit)).unzip();
    Problem::with_columns(yi, vi, problem.names().to_vec(), problem.columns().to_vec(), true).unwrap()
}

/// All numbers of a fit, in the unit of the effects.
fn all_numbers(fit: &Selection, studies: usize, unit: f64) -> Vec<f64> {
    let square = unit * unit;
    let effects = fit.coefficients.iter().flat_map(|of| [of.estimate / unit, of.se / unit, of.p]);
    effects
        .chain([fit.tau2 / square, fit.tau2_se.map_or(0.0, |se| se / square), fit.lrt.unwrap().statistic])
        .chain([fit.log_likelihood + studies as f64 * unit.ln()])
        .chain(fit.delta.iter().copied())
        .chain(fit.delta_se.iter().map(|se| se.unwrap_or(0.0)))
        .collect()
}

#[test]
fn a_selection_model_does_not_depend_on_the_unit_of_effects() {
    let trials = problem("hackshaw", "1");
    let smooth = SelectionKind::SMOOTH.into_iter().map(|(_, kind)| kind);
    for kind in smooth.chain([SelectionKind::Steps(vec![0.025])]) {
        let of = |unit: f64| {
            let fit = selection(&Model::default(), &in_unit(&trials, unit), &kind, Alternative::Greater).unwrap();
            all_numbers(&fit, trials.k(), unit)
        };
        let expected = of(1.0);
        for unit in [1e-5, 1000.0] {
            let found = of(unit);
            let is_close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-5 * (1e-2 + b.abs());
            assert!(found.iter().zip(&expected).all(is_close), "{kind:?} {unit}: {found:?} {expected:?}");
        }
    }
}

/// metafor 3.8-1 ends there too. A start far from it reaches -12.2758, and others still more, where nearly all p-values
/// are below 1e-5: the weights of beta are held at those of 1e-5 there, and such maxima come and go with that limit.
#[test]
fn a_selection_model_by_beta_stays_near_the_fit_without_selection() {
    let case = Case::new("selection-maxima", SELECTED);
    let call = ["--method", "EB", "--mods", "x1 + g", "--selmodel", "beta"];
    let fit = case.meta(&call);
    near(&[fit["selmodel"]["loglik"].as_f64().unwrap()], &[-13.7174], 1e-4);
}

/// `rma.mv(yi, vcalc(vi, cluster = tr, obs = es, rho = 0.9), mods = ~ x, random = ~ tm | tr, struct = "HAR")`; with the
/// other sign of rho the variance of the second time ends at 0, at a likelihood of -1.21004.
#[test]
fn an_autocorrelation_has_either_sign() {
    let case = Case::new("har", AUTOREGRESSIVE);
    let call = ["--random", "tm | tr", "--struct", "HAR", "--mods", "x", "--v-cluster", "tr", "--v-rho", "0.9"];
    let fit = case.meta(&call);
    near(&[fit["fit"]["loglik"].as_f64().unwrap()], &[-1.09004], 1e-5);
    near(&numbers(&fit["tau2"]), &[0.157155, 0.009767, 0.486878], 1e-4);
    near(&[fit["rho"].as_f64().unwrap()], &[-1.0], 1e-6);
}

/// Trials with two effects have them two steps apart, so that the likelihood is one of the square of the correlation:
/// `rma.mv(yi, vi, random = ~ tm | tr, struct = "AR", method = "ML")` of metafor 3.8-1.
#[test]
fn a_correlation_without_information_does_not_hold_the_variance_up() {
    let case = Case::new("ar-square", EVEN);
    let fit = case.meta(&["--method", "ML", "--random", "tm | tr", "--struct", "AR"]);
    near(&[fit["fit"]["loglik"].as_f64().unwrap()], &[-3.06823], 1e-5);
    near(&[fit["tau2"].as_f64().unwrap()], &[0.0312], 2e-3);
    assert_eq!((&fit["rho"], &fit["converged"]), (&0.0.into(), &true.into()), "{}", notes(&fit));
}

const EVEN: &str = "yi,vi,tr,tm\n\
     -0.396,0.2854,t3,1\n-0.044,0.0438,t3,3\n0.377,0.4507,t1,2\n-0.755,0.1773,t4,3\n0.263,0.0191,t0,1\n\
     -0.228,0.0266,t4,3\n-0.167,0.029,t3,1\n0.307,0.0904,t5,2\n-0.514,0.1076,t0,3\n0.292,0.0705,t2,1\n";

/// With one effect of each outcome in a trial, the variance of single effects and that which outcomes of a trial do not
/// share are the same.
#[test]
fn what_the_data_do_not_determine_is_told_at_a_border() {
    let case = Case::new("level-border", CONFOUNDED);
    let fit = case.meta(&["--random", "out | tr", "--random", "1 | es", "--struct", "CS"]);
    assert_eq!(fit["converged"], false, "{}", notes(&fit));
    assert!(notes(&fit).contains("these data do not determine"), "{}", notes(&fit));
}

/// One trial has the second time, and its outcome is no other's.
#[test]
fn an_undetermined_variance_stays_near_its_start() {
    let case = Case::new("undetermined", UNDETERMINED);
    let fit = case.meta(
        &[
            &["--level", "90", "--mods", "0 + out", "--v-cluster", "tr", "--v-phi", "0.6", "--v-time", "tm"][..],
            &["--random", "tm | tr", "--struct", "HAR"],
        ]
        .concat(),
    );
    assert_eq!(fit["converged"], false);
    assert!(numbers(&fit["tau2"]).iter().all(|tau2| *tau2 < 100.0), "{}", fit["tau2"]);
    let told = notes(&fit);
    assert!(told.contains("with other values of these, outB would be another"), "{told}");
}

/// One study has the kind a, whose coefficient takes all that it says of the variance of a:
/// `rma.mv(yi, vi, mods = ~ kind, random = ~ kind | study, struct = "DIAG", tau2 = c(t, NA))` has a log-likelihood of
/// -2.3902391913 for t = 0.01 and for t = 0.5, with standard errors of 0.245 and 0.742 of the intercept.
#[test]
fn standard_errors_that_an_undetermined_variance_makes_are_named() {
    let table = "study,yi,vi,kind\ns1,0.10,0.04,b\ns2,0.55,0.05,b\ns3,0.92,0.03,b\ns4,-0.21,0.04,b\n\
                 s5,0.40,0.06,b\ns6,0.75,0.05,a\n";
    let case = Case::new("undetermined-se", table);
    let fit = case.meta(&["--random", "kind | study", "--struct", "DIAG", "--mods", "kind"]);
    assert_eq!(fit["converged"], false);
    near(&numbers(&serde_json::json!([fit["fit"]["loglik"]])), &[-2.390_239_191_3], 1e-7);
    let told = notes(&fit);
    assert!(told.contains("the standard errors of intrcpt and kindb would be others"), "{told}");
    assert!(!told.contains("estimate"), "{told}");
    // Without the intercept the other kind is not touched.
    let told = notes(&case.meta(&["--random", "kind | study", "--struct", "DIAG", "--mods", "0 + kind"]));
    assert!(told.contains("the standard error of kinda would be another: it and the p-value"), "{told}");
}

/// With `rma(yi, vi, mods = ~ x1 + g, scale = ~ x2 + I(x1/10), method = "ML")` the likelihood has a maximum of
/// -105.978, and rises to -105.114 where ln tau2 has no bound.
#[test]
fn a_scale_that_is_higher_without_end_is_refused() {
    let call = ["meta", "t.csv", "--method", "ML", "--scale", "x2 + I(x1/10)", "--mods", "x1 + g"];
    let told = Case::new("scale-maxima", SCALED).refused(&call);
    assert!(told.contains("the likelihood has no maximum"), "{told}");
}

const SELECTED: &str = "yi,vi,x1,g\n\
     -0.7279066787918655,0.508617514666108,46.789249611909625,C\n\
     -0.6974827656139617,0.2631502625197414,-17.025256098931315,z 1\n\
     -1.1725570555679874,0.5598761897518943,1.2409239621814874,C\n\
     -0.36417024631211004,0.30422783935389996,-2.0470911106039065,a\n\
     -0.33769003435797185,0.2068510573816483,-2.246513856086553,b\n\
     0.05477258019378839,0.12469239306216605,5.656077807793918,b\n\
     -0.13484972894459768,0.4097247745891133,-5.637527330648667,C\n\
     -1.7450886478209384,0.7134437875949258,3.771916910580335,C\n\
     -1.000253122544941,0.6174481522705766,42.98135475682532,z 1\n\
     -1.5928081327957933,0.2614468596499165,-2.768601957974397,C\n\
     -1.4965529799022237,0.32730919833992,6.095714439587133,C\n\
     -0.22258497623101675,0.4136055161570661,51.46382246589193,z 1\n\
     -0.36626356278860156,0.22848475285168818,15.906756324778526,z 1\n\
     -0.3567042551664009,0.5320941126565903,-5.757330856275065,b\n\
     0.4455047654154791,0.6823207605066176,2.4226735710955647,b\n\
     -1.264842165975157,0.16251706062514915,25.959313997537343,b\n\
     -0.4014206403056513,1.6802431848391113,2.9256745718473605,a\n\
     -0.5780883119204185,0.4348857201813223,12.695620038305645,b\n\
     -0.16965068227442087,0.42722255925415675,4.489697050746708,a\n\
     -0.2890125075674742,0.30629383719017494,-8.21900940076759,a";

const AUTOREGRESSIVE: &str = "yi,vi,tr,tm,x\n\
     1.2319972515870938,0.0925944501019517,T0,1,0.7194386082224199\n\
     0.6413458987152105,0.10378025633963794,T0,2,0.06507448489922721\n\
     1.4018894647962479,0.13620154041307253,T0,3,-0.4722294946405522\n\
     0.2710409973540667,0.1542981797792233,T1,1,-1.7520105489962488\n\
     0.29299261165510515,0.13162704245269316,T1,2,-1.2144824166802937\n\
     0.1607125533946299,0.08007319345616194,T1,3,-1.2591063069458823\n\
     0.6915231900212175,0.08896397566360786,T2,1,1.0367674910756433\n\
     0.782117727846612,0.04873482193335627,T2,2,1.116858136818692\n\
     0.446388966119996,0.4373648740105499,T2,3,1.5173637373798943\n\
     0.8619064091189537,0.14657569688097688,T3,1,-2.8301506921641146\n\
     -0.05346779058510048,0.13076826080200402,T3,2,-2.786775478783885\n\
     1.2977101568926495,0.17426369157259117,T3,3,-2.8096940706329216";

const CONFOUNDED: &str = "yi,vi,tr,out,es\n\
     0.5619762112401547,0.0701637389267386,T0,b,1\n\
     0.06589046405342824,0.1481923041156893,T0,10,2\n\
     2.7832939532767806,0.9636133400977595,T1,10,3\n\
     -0.17967225551889593,0.08197366348455934,T2,b,4\n\
     0.8595938786010242,0.21733051040809045,T2,10,5\n\
     1.343635160704048,0.3732359707871181,T3,b,6\n\
     0.7830023309360443,0.19419551809416707,T3,10,7\n\
     0.9808544731254878,0.1138253365027467,T4,10,8\n\
     0.3199882393928738,0.2177325133088778,T5,b,9\n\
     0.30373840989178824,0.08261425597471896,T5,10,10\n\
     0.215536862869731,0.1012891946971115,T6,b,11\n\
     0.9205472585261003,0.0617355406489638,T6,10,12\n\
     0.8164530844460738,0.15297161474658363,T7,b,13\n\
     0.9859446066396031,0.06417362304361167,T7,10,14";

const UNDETERMINED: &str = "yi,vi,tr,out,tm\n\
     1.5995115630692482,0.15798844571797313,T3,C,3\n\
     -0.7760275581791242,0.14683326019816784,T0,C,3\n\
     0.8747786433446999,0.05336178083139055,T2,C,3\n\
     1.1770472799302152,0.2390567177226973,T3,B,2\n\
     0.38115714541195517,0.06876512431928454,T1,A,1\n\
     0.6153484450378325,0.065846010489503,T2,A,1\n\
     -0.5918838014795383,0.1713715583774741,T5,C,3\n\
     0.23709911986255858,0.13508766643499343,T4,A,1\n\
     -0.4265833059462647,0.2150988262163153,T4,C,3";

const SCALED: &str = "yi,vi,x1,x2,g\n\
     302.1944539797493,11786.912266565118,-2.4054461094311472,4,z 1\n\
     399.8475818884425,53635.883971232644,-3.6034805671444343,2,a\n\
     1011.269744718479,7759.942460666022,58.22261384819323,4,b\n\
     -68.11406942384698,28391.440365696028,7.185073785412698,0,a\n\
     307.6455242150868,47851.58122671815,34.950033765698464,2,b\n\
     -10.309324526606645,15541.344265332562,52.61545866725702,3,b\n\
     -404.2724987066933,15532.566002235279,46.25158906494996,4,a\n\
     55.45593463754207,3638.5205099279488,-0.29896938302576614,3,z 1\n\
     302.76817280591456,14999.728089785684,-4.565663105233474,2,b\n\
     -9.889436735361087,150970.52891018827,-2.575090494982304,4,C\n\
     -261.67642789798685,768.1400621150077,36.755394306407915,0,a\n\
     -409.7507382654526,3550.186897710154,12.238815184478696,0,a\n\
     -103.18600622762287,10910.042179774351,0.1403393477490162,0,b\n\
     -104.92663706631201,70522.04760245625,48.447054252764886,3,z 1\n\
     -482.1975567338542,30270.22631543555,45.426711747643246,4,a";
