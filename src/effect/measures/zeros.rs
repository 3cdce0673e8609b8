//! Counts with a zero among them, and what is known of all rows together.

use super::{Across, AddTo, EffectMeasure, Family, Field, Inputs, Options, Reason, Vtype, escalc};
use super::{counts, proportions};

/// The counts with the constant added where the options ask for it, and a word on that.
pub(super) fn adjusted<const N: usize>(
    counts: [f64; N],
    what: &'static str,
    options: &Options,
) -> ([f64; N], Option<Reason>) {
    let adds = match options.to {
        AddTo::None => false,
        AddTo::All => true,
        AddTo::If0All => options.across.has_zero,
        AddTo::Only0 => counts.contains(&0.0),
    };
    match options.add {
        Some(add) if adds && add > 0.0 => (counts.map(|count| count + add), Some(Reason::Added(add, what))),
        _ => (counts, None),
    }
}

/// Collects, over a first reading of all rows, what [`AddTo::If0All`] and averages need.
#[derive(Clone, Copy, Debug, Default)]
pub struct Survey {
    has_zero: bool,
    /// Sums over the rows as they are, and with the constant added to each: which of them hold is known at the end.
    plain: Sums,
    added: Sums,
    /// Sums of coefficients of variation of both groups, and of group sizes.
    variations: [f64; 2],
    sizes: [f64; 2],
    /// The same over the rows that tell both groups.
    joint: (f64, f64),
    /// Sums of squares within groups of one each, and their degrees of freedom.
    within: (f64, f64),
}

/// Sums over rows of counts.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    weighted: f64,
    weights: f64,
    /// Events and members of both groups, or of the only one.
    events: [f64; 2],
    members: [f64; 2],
}

impl Sums {
    fn add(&mut self, measure: &EffectMeasure, inputs: &Inputs, options: &Options) {
        if let (Ok(answer), Some(size)) = (escalc(measure, inputs, options), size(inputs)) {
            self.weighted += size * answer.yi;
            self.weights += size;
        }
        let groups = match measure.family {
            Family::Counts => counts::groups(inputs, options),
            Family::Proportions => proportions::groups(inputs, options),
            _ => [None; 2],
        };
        for (at, (events, members)) in groups.into_iter().enumerate().filter_map(|(at, of)| Some((at, of?))) {
            self.events[at] += events;
            self.members[at] += members;
        }
    }
}

impl Survey {
    /// Takes notice of one row.
    pub fn add(&mut self, measure: &EffectMeasure, inputs: &Inputs, options: &Options) {
        let is_dropped = options.drop00 && has_two_zeros(measure, inputs);
        if options.to == AddTo::If0All && !self.has_zero && !is_dropped {
            // A row has a zero if the rule for single rows would add to it.
            let single = Options { to: AddTo::Only0, add: Some(0.5), drop00: false, ..*options };
            self.has_zero = has_known_zero(measure, inputs)
                || matches!(escalc(measure, inputs, &single), Ok(answer) if is_added(answer.note.as_ref()));
        }
        if options.vtype.is_average() {
            let add = options.add.or(Some(measure.usual_addition()));
            let single = Options { vtype: Vtype::Ls, add, ..*options };
            self.plain.add(measure, inputs, &single);
            if options.to == AddTo::If0All {
                let across = Across { has_zero: true, ..single.across };
                self.added.add(measure, inputs, &Options { across, ..single });
            }
            // A group tells its own also where the other one is missing.
            self.add_variations(inputs);
        }
        if let (Some(sd), Some(n)) = (inputs.get(Field::Sdi), inputs.get(Field::Ni))
            && sd >= 0.0
            && n >= 1.0
        {
            self.within.0 += (n - 1.0) * sd * sd;
            self.within.1 += n - 1.0;
        }
    }

    fn add_variations(&mut self, inputs: &Inputs) {
        let groups = [(Field::M1i, Field::Sd1i, Field::N1i), (Field::M2i, Field::Sd2i, Field::N2i)];
        // A mean of 0 has no coefficient of variation, and its row no ratio.
        if groups.iter().any(|(mean, ..)| inputs.get(*mean) == Some(0.0)) {
            return;
        }
        let known = groups.map(|(mean, sd, size)| {
            let size = inputs.get(size)?;
            Some((size * inputs.get(sd)? / inputs.get(mean)?, size))
        });
        for (group, (variation, size)) in known.into_iter().enumerate().filter_map(|(group, of)| Some((group, of?))) {
            self.variations[group] += variation;
            self.sizes[group] += size;
        }
        if let [Some(one), Some(other)] = known {
            self.joint.0 += one.0 + other.0;
            self.joint.1 += one.1 + other.1;
        }
    }

    /// What was found.
    pub fn across(self) -> Across {
        let ([a, b], [m, n], (both, all)) = (self.variations, self.sizes, self.joint);
        let sums = if self.has_zero { self.added } else { self.plain };
        let share = |at: usize| (sums.members[at] > 0.0).then(|| sums.events[at] / sums.members[at]);
        Across {
            has_zero: self.has_zero,
            average: (sums.weights > 0.0).then(|| sums.weighted / sums.weights),
            variations: (m > 0.0 && n > 0.0 && all > 0.0).then(|| [a / m, b / n, both / all]),
            shares: [share(0), share(1)],
            variance: (self.within.1 > 0.0).then(|| self.within.0 / self.within.1),
        }
    }
}

/// Whether no group has events, or both have nothing but events, by the counts alone: a row that is dropped for it asks
/// for no constant in the others, as in metafor, also where it lacks a time.
fn has_two_zeros(measure: &EffectMeasure, inputs: &Inputs) -> bool {
    use Field::{Ai, Bi, Ci, Di, N1i, N2i, X1i, X2i};
    let others = |other, event, size| inputs.get(other).or_else(|| Some(inputs.get(size)? - inputs.get(event)?));
    let are_zero = |counts: [Option<f64>; 2]| counts == [Some(0.0); 2];
    match measure.family {
        Family::TwoRates => are_zero([X1i, X2i].map(|field| inputs.get(field))),
        Family::Counts | Family::Association => {
            are_zero([Ai, Ci].map(|field| inputs.get(field))) || are_zero([others(Bi, Ai, N1i), others(Di, Ci, N2i)])
        }
        _ => false,
    }
}

/// Whether a count of a row is 0, though others may be missing in it.
fn has_known_zero(measure: &EffectMeasure, inputs: &Inputs) -> bool {
    use Field::{Ai, Bi, Ci, Di, Mi, N1i, N2i, Ni, X1i, X2i, Xi};
    let known = |field: Field| inputs.get(field).filter(|_| measure.fields().contains(&field));
    let is_zero = [Ai, Bi, Ci, Di, X1i, X2i, Xi, Mi].into_iter().any(|field| known(field) == Some(0.0));
    let is_all = [(Ai, N1i), (Ci, N2i), (Xi, Ni)]
        .into_iter()
        .any(|(count, size)| known(count).zip(known(size)).is_some_and(|(count, size)| count == size));
    is_zero || is_all
}

fn is_added(note: Option<&Reason>) -> bool {
    matches!(note, Some(Reason::Added(..)))
}

/// How many were in the study.
fn size(inputs: &Inputs) -> Option<f64> {
    match (inputs.get(Field::N1i), inputs.get(Field::N2i)) {
        (Some(n1), Some(n2)) => Some(n1 + n2),
        _ => inputs.get(Field::Ni),
    }
}

const NO_AVERAGE: Reason = Reason::Undefined("there is no row from which an average could be taken");

/// The average over all rows.
pub(super) fn average(options: &Options) -> Result<f64, Reason> {
    options.across.average.ok_or(NO_AVERAGE)
}

/// The pooled variance of all rows.
pub(super) fn pooled_of_rows(options: &Options) -> Result<f64, Reason> {
    options.across.variance.ok_or(NO_AVERAGE)
}

/// The share of a group in all rows together.
pub(super) fn average_share(options: &Options, group: usize) -> Result<f64, Reason> {
    options.across.shares[group].ok_or(NO_AVERAGE)
}

/// The average coefficients of variation of both groups, each its own or the same.
pub(super) fn variations(options: &Options) -> Result<[f64; 2], Reason> {
    let [first, second, both] = options.across.variations.ok_or(NO_AVERAGE)?;
    Ok(if options.vtype == Vtype::AvHo { [both; 2] } else { [first, second] })
}
