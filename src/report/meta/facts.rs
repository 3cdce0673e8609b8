//! What was done to the input of a meta-analysis, as fields: notes tell people the same in sentences.

/// What was done to the input before the fit, and what of it belongs under every chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The column whose groups make the standard errors robust.
    pub cluster: Option<String>,
    /// A constant that was added to counts.
    pub added: Option<Added>,
    /// What was assumed or read into the numbers of releases, each in a sentence.
    pub caveats: Vec<String>,
}

/// A constant that was added to counts, as `reffect meta --json` tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
pub struct Added {
    /// What was added to each of them.
    pub constant: f64,
    /// To the counts of how many of the analysed studies.
    pub studies: usize,
    /// Whether it is also in what is pooled, and not in the effects of single studies alone.
    pub pooled: bool,
}

impl Added {
    /// The constant and the studies; none where it was added to no counts.
    pub fn to(studies: usize, constant: f64, pooled: bool) -> Option<Self> {
        (studies > 0).then_some(Self { constant, studies, pooled })
    }
}

/// What part a row of the table has in an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Part {
    /// Its effect is analysed.
    Analysed,
    /// Its counts are pooled, and it has no effect of its own.
    PooledOnly,
    /// It lacks something that is needed.
    LeftOut,
    /// It has nothing in any column.
    Empty,
}
