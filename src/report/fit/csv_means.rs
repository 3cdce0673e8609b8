//! Estimates with their tests, marginal means, slopes and their differences as tables of CSV.

use super::scale::{Ranged, Scale};
use crate::mixed::result::{Adjusted, Coefficient, MarginalMeans, Summary};
use crate::report::sheet::{Field, Sheet};

/// The columns of an estimate after its names.
const TESTED: [&str; 7] = ["estimate", "se", "statistic", "df", "p", "ci_lower", "ci_upper"];

/// Estimates under `name`; adjusted tests and ratios have columns of their own where there are any.
pub fn estimates(rows: &[Coefficient], adjusted: &[Option<Adjusted>], fit: &Summary) -> Sheet {
    let columns = Columns::of(adjusted, fit);
    let mut sheet = Sheet::new(columns.header(&["name"]));
    for (at, of) in rows.iter().enumerate() {
        let name = Field::from(of.name.as_str());
        sheet.rows.push(std::iter::once(name).chain(columns.fields(of, adjusted.get(at).copied().flatten())).collect());
    }
    sheet
}

/// The differences of several sets of means or slopes: `of` says of what, `by` over which columns.
pub fn differences(sets: &[MarginalMeans], fit: &Summary) -> Sheet {
    let all: Vec<Option<Adjusted>> = sets.iter().flat_map(|set| set.adjusted.clone()).collect();
    let columns = Columns::of(&all, fit);
    let mut sheet = Sheet::new(columns.header(&["of", "by", "name"]));
    for set in sets {
        for (at, of) in set.contrasts.iter().enumerate() {
            let names = [set.what.as_str(), &set.axes.join(":"), &of.name].map(Field::from);
            let numbers = columns.fields(of, set.adjusted.get(at).copied().flatten());
            sheet.rows.push(names.into_iter().chain(numbers).collect());
        }
    }
    sheet
}

/// Which columns a table of estimates has beside the usual ones.
struct Columns {
    is_adjusted: bool,
    scale: Scale,
}

impl Columns {
    fn of(adjusted: &[Option<Adjusted>], fit: &Summary) -> Self {
        Self { is_adjusted: adjusted.iter().any(Option::is_some), scale: Scale::of(fit) }
    }

    fn header(&self, names: &[&str]) -> Vec<String> {
        let adjusted: &[&str] =
            if self.is_adjusted { &["p_adjusted", "ci_lower_adjusted", "ci_upper_adjusted"] } else { &[] };
        let ratio: &[&str] =
            if self.scale.ratio_name().is_some() { &["ratio", "ratio_lower", "ratio_upper"] } else { &[] };
        [names, &TESTED[..], adjusted, ratio].concat().into_iter().map(str::to_owned).collect()
    }

    fn fields(&self, of: &Coefficient, test: Option<Adjusted>) -> Vec<Field> {
        let df = of.df.unwrap_or(f64::NAN);
        let mut numbers = vec![of.estimate, of.se, of.statistic, df, of.p, of.ci.lower, of.ci.upper];
        if self.is_adjusted {
            let ends = test.and_then(|test| test.ci).map_or([f64::NAN; 2], |ci| [ci.lower, ci.upper]);
            numbers.push(test.map_or(f64::NAN, |test| test.p));
            numbers.extend(ends);
        }
        if self.scale.ratio_name().is_some() {
            numbers.extend(flat(self.scale.ratio(of)));
        }
        numbers.into_iter().map(Field::Number).collect()
    }
}

fn flat(of: Option<Ranged>) -> [f64; 3] {
    of.map_or([f64::NAN; 3], |(estimate, ci)| [estimate, ci.lower, ci.upper])
}

/// The means or slopes of several sets under the columns over which they go; a column over which a set does not go is
/// empty in it. Means have columns on the scale of the response where that is another one, slopes have tests.
pub fn means(sets: &[MarginalMeans], fit: &Summary) -> Sheet {
    let scale = Scale::of(fit);
    let is_mean = sets.iter().all(|set| set.what == "mean");
    let mut axes: Vec<&str> = Vec::new();
    for axis in sets.iter().flat_map(|set| &set.axes) {
        if !axes.contains(&axis.as_str()) {
            axes.push(axis);
        }
    }
    let has_response = is_mean && scale.response_name().is_some();
    let columns = Columns { is_adjusted: false, scale };
    let mut sheet = if is_mean {
        let response: &[&str] = if has_response { &["response", "response_lower", "response_upper"] } else { &[] };
        Sheet::new([&axes[..], &["estimate", "se", "df", "ci_lower", "ci_upper"], response].concat())
    } else {
        Sheet::new(columns.header(&[&["of"], &axes[..]].concat()))
    };
    for set in sets {
        for of in &set.means {
            let level = |axis: &&str| of.levels.iter().find(|(name, _)| name == axis).map(|(_, level)| level.as_str());
            let mut row: Vec<Field> = axes.iter().map(|axis| Field::from(level(axis).unwrap_or_default())).collect();
            let mean = &of.mean;
            if is_mean {
                let numbers = [mean.estimate, mean.se, mean.df.unwrap_or(f64::NAN), mean.ci.lower, mean.ci.upper];
                row.extend(numbers.map(Field::Number));
                row.extend(has_response.then(|| flat(scale.response(mean))).into_iter().flatten().map(Field::Number));
            } else {
                row.insert(0, Field::from(set.what.as_str()));
                row.extend(columns.fields(mean, None));
            }
            sheet.rows.push(row);
        }
    }
    sheet
}
