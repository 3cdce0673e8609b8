//! How a meta-analysis was made, as charts read it of its document: by its fields, or as older versions tell it.

use super::meta_result::MetaResult;
use super::older;
use crate::report::meta::Added;

impl MetaResult {
    /// Whether its document has fields of what is told here.
    fn has_facts(&self) -> bool {
        self.given.is_some()
    }

    fn call(&self) -> Option<&str> {
        self.r_call.as_deref()
    }

    /// The estimator of τ², or `FE` or `EE`, where the document tells it.
    pub(super) fn estimator(&self) -> Option<&str> {
        self.estimator.as_deref().or_else(|| older::text_of(self.call(), "method"))
    }

    /// The code of the measure that was made of each study's numbers; none where effects were given.
    #[must_use]
    pub fn measure(&self) -> Option<&str> {
        self.measure.as_deref().or_else(|| older::text_of(self.call(), "measure").filter(|_| !self.has_facts()))
    }

    /// Whether τ² was given, and is no estimate.
    pub(super) fn has_given_tau2(&self) -> bool {
        let of_call = || older::is_given(self.call(), "tau2");
        self.given.as_ref().map_or_else(of_call, |all| all.iter().any(|name| name == "tau2"))
    }

    /// Whether any variance or correlation of its random effects was given.
    pub(super) fn has_given_parts(&self) -> bool {
        self.given.as_ref().map_or_else(|| older::has_given_parts(self.call()), |all| !all.is_empty())
    }

    /// What the weights are: `inverse-variance`, `given` or `equal`.
    pub(super) fn weighting(&self) -> &str {
        let of_call = || if self.has_facts() { "" } else { older::weighting(self.call()) };
        self.weighting.as_deref().unwrap_or_else(of_call)
    }

    /// The column whose groups make the standard errors robust.
    pub(super) fn cluster(&self) -> Option<String> {
        if self.has_facts() { self.cluster.clone() } else { older::cluster(self.call()) }
    }

    /// The constant that was added to counts.
    pub(super) fn added(&self) -> Option<Added> {
        if self.has_facts() { self.added } else { older::added(&self.notes) }
    }

    /// What was assumed or read into the numbers, which belongs under every chart of them.
    pub fn caveats(&self) -> impl Iterator<Item = &str> {
        let own = self.caveats.iter().flatten().map(String::as_str);
        let told = self.caveats.is_none().then(|| older::caveats(&self.notes));
        own.chain(told.into_iter().flatten())
    }
}
