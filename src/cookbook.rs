//! Ten tasks from start to end, each a program that compiles and runs.
//!
//! 1. [What a sentence in the news allows](#1-what-a-sentence-in-the-news-allows)
//! 2. [The correlation from a reported p](#2-the-correlation-from-a-reported-p)
//! 3. [Two groups and a confidence interval](#3-two-groups-and-a-confidence-interval)
//! 4. [Five of seven patients](#4-five-of-seven-patients)
//! 5. [Whether a mean and an SD are possible](#5-whether-a-mean-and-an-sd-are-possible)
//! 6. [The patients behind two printed cells](#6-the-patients-behind-two-printed-cells)
//! 7. [A regression test of a published table](#7-a-regression-test-of-a-published-table)
//! 8. [Pooling trials](#8-pooling-trials)
//! 9. [A change of slope at treatment](#9-a-change-of-slope-at-treatment)
//! 10. [A chart for a slide](#10-a-chart-for-a-slide)
//!
//! # 1. What a sentence in the news allows
//!
//! "EDSS fell from 5.1 ± 1.7 to 4.1 ± 1.6 (n = 7)": how large is that, and was it significant?
//!
//! ```
//! use reffect::effect::before_after::{BeforeAfter, CorrelationNeeded};
//! use reffect::estimate::Measure;
//! use reffect::numeric::rounding::Rounding;
//!
//! let edss = BeforeAfter::reported(&"5.1 ± 1.7".parse()?, &"4.1 ± 1.6".parse()?, Some(7), Rounding::default());
//!
//! // In SDs before, corrected for seven people: no correlation is needed for it.
//! let gpre = edss.estimate(Measure::Gpre, None, 0.95);
//! assert!((gpre.estimate.ok_or("a value")? + 0.511).abs() < 5e-4);
//! // Whether p was below 0.05 hangs on a correlation that nobody reported.
//! assert!(matches!(edss.r_needed(0.05)?, CorrelationNeeded::AtLeast { r, .. } if (r - 0.787).abs() < 5e-4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 2. The correlation from a reported p
//!
//! The same paper adds "p = 0.03 (paired t-test)": that fixes the correlation, or shows that the numbers
//! contradict each other.
//!
//! ```
//! use reffect::estimate::Moments;
//! use reffect::numeric::rounding::Rounded;
//! use reffect::recover::{ReportedChange, recover_correlation};
//!
//! let (before, after) = (Moments::exact(5.1, 1.7), Moments::exact(4.1, 1.6));
//! let found = recover_correlation(&before, &after, 7, ReportedChange::P(Rounded::exact(0.03)))?;
//! assert!((found.r.value - 0.841).abs() < 5e-4);
//! // p = 0.9 would need a correlation below −1.
//! assert!(recover_correlation(&before, &after, 7, ReportedChange::P(Rounded::exact(0.9))).is_err());
//! # Ok::<(), reffect::recover::ImpossibleCorrelation>(())
//! ```
//!
//! # 3. Two groups and a confidence interval
//!
//! Any measure of metafor's `escalc`, by its code, for one row or for many.
//!
//! ```
//! use reffect::effect::measures::{Field, Inputs, Options, escalc, measure};
//! use reffect::numeric::dist::normal_quantile;
//!
//! let row = Inputs::from([
//!     (Field::M1i, 30.0), (Field::Sd1i, 10.0), (Field::N1i, 20.0),
//!     (Field::M2i, 24.0), (Field::Sd2i, 12.0), (Field::N2i, 25.0),
//! ]);
//! let g = escalc(measure("SMD")?, &row, &Options::default())?;
//! let ci = g.interval(normal_quantile(0.975)).ok_or("a variance")?;
//! assert!(ci.lower < 0.0 && 0.5 < g.yi && g.yi < 0.55);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 4. Five of seven patients
//!
//! "Relapse-free: none before, five of seven after" is a table of pairs, not of two groups.
//!
//! ```
//! use reffect::effect::counts::pairs::Pairs;
//!
//! // yes/yes, yes/no, no/yes, no/no
//! let pairs = Pairs::new([0, 0, 5, 2])?;
//! let mcnemar = pairs.mcnemar().ok_or("discordant pairs")?;
//! assert!((mcnemar.p_values.exact - 0.0625).abs() < 1e-15);
//! # Ok::<(), reffect::diagnostic::Refused>(())
//! ```
//!
//! # 5. Whether a mean and an SD are possible
//!
//! Seven whole numbers have no mean that prints as 2.8.
//!
//! ```
//! use reffect::check::grim::grim;
//! use reffect::reconstruct::{Lattice, Summary};
//!
//! let mean = |text: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(grim(&Summary::sample(&text.parse()?, 7), Lattice::whole(1))?)
//! };
//! assert!(!mean("2.8")?.is_consistent());
//! // 2.9 is 20 relapses among seven people, and nothing else.
//! assert_eq!(mean("2.9")?.totals().collect::<Vec<_>>(), [20]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 6. The patients behind two printed cells
//!
//! Relapses per year went from 2.9 ± 1.1 to 0.4 ± 0.8 in seven people. All data sets that print so, and
//! every way to pair them, give the range of the paired t-test without a word about r.
//!
//! ```
//! use reffect::reconstruct::{DataSets, Grid, Summary, paired::Paired};
//! use reffect::numeric::decimal::Decimal;
//!
//! let whole = |value| Some(Decimal::from_integer(value));
//! let grid = Grid::range(whole(0), whole(8), Decimal::from_integer(1))?;
//! let behind = |cell: &str| -> Result<DataSets, Box<dyn std::error::Error>> {
//!     Ok(DataSets::new(&Summary::sample(&cell.parse()?, 7), &grid, &[])?)
//! };
//! let (before, after) = (behind("2.9 ± 1.1")?, behind("0.4 ± 0.8")?);
//! assert_eq!(after.count()?.to_string(), "1");
//! let paired = Paired::new(&before, &after, 0.05)?.ok_or("some data set")?;
//! // Whoever the patients were, the change was significant at 0.05.
//! assert!(paired.p.ok_or("a range")?.upper < 0.05);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 7. A regression test of a published table
//!
//! The printed digits are the tolerance, so that a test fails on a mistyped digit and on nothing else.
//!
//! ```
//! use reffect::{assert_consistent, assert_reported};
//! use reffect::reported::Scale;
//!
//! let mean_change = 0.4 - 2.9;
//! assert_reported!(mean_change, "−2.5", source = "press release, 2014");
//! assert_consistent!("0.4 ± 0.8", n = 7, scale = Scale::Count);
//! // All expectations beside the files of a folder.
//! reffect::expect::assert_folder("data");
//! ```
//!
//! # 8. Pooling trials
//!
//! REML and a z test are what one gets unasked, as from metafor; here are Hartung and Knapp's test and the
//! interval in which the effect of a new trial is expected.
//!
//! ```
//! use reffect::meta::{Model, PredictionInterval, Problem, Test};
//!
//! let log_ratios = vec![-0.89, -1.59, -1.35, -1.44, -0.22];
//! let variances = vec![0.326, 0.195, 0.415, 0.020, 0.051];
//! let model = Model { test: Test::Knha, ..Model::default() };
//! let fit = model.fit(&Problem::new(log_ratios, variances)?)?;
//! assert!(fit.tau2 > 0.2 && fit.coefficients[0].estimate < -0.9);
//! let new_trial = fit.prediction(PredictionInterval::default()).and_then(|new| new.pi).ok_or("a random-effects model")?;
//! assert!(new_trial.upper > 0.0 && fit.k == 5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 9. A change of slope at treatment
//!
//! ALSFRS-R of forty patients, months before and after treatment: did the decline slow down?
//!
//! ```
//! use reffect::formula::Formula;
//! use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
//! use reffect::read::read_frame;
//!
//! let frame = read_frame("data/examples/als-40.csv")?;
//! let formula = Formula::parse("alsfrs ~ month + post + (month | patient)")?;
//! let data = ModelData::new(formula, frame, &DataOptions::default())?;
//! let fit = LinearMixedModel::default().fit(data)?;
//! // `post` is 0 before treatment and the months since then, so that its slope is the change.
//! let coefficients = fit.coefficients();
//! let change = coefficients.iter().find(|row| row.name == "post").ok_or("the change")?;
//! assert!(change.estimate > 0.0 && change.df.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 10. A chart for a slide
//!
//! Both means, the bars as stated, and the difference at several correlations, as SVG.
//!
//! ```
//! use reffect::chart::{Chart, Style};
//! use reffect::effect::contrast::ContrastOptions;
//! use reffect::effect::of_release::effects;
//! use reffect::numeric::rounding::Rounding;
//! use reffect::read::Dataset;
//! use reffect::report::charts::before_after;
//! use reffect::reported::Lang;
//!
//! let trials = Dataset::load("data")?;
//! let release = trials.release("nmo-tocilizumab-2014")?;
//! let effects = effects(release, &ContrastOptions::default(), Rounding::default());
//! let chart = before_after(release, &effects, Lang::En).ok_or("two means")?;
//! let svg = chart.svg(&Style::default())?;
//! assert!(svg.starts_with("<svg") && svg.contains("2.9"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
