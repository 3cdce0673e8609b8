//! Distributions, accurate far into the tails.
//!
//! This is the only door to `statrs`, whose functions serve as first guesses here and are polished:
//! its normal cdf is off by some 1e-10, its t quantile is wrong for large degrees of freedom, and its
//! inverse of the incomplete beta function does not end for some shapes near 10⁷.

mod beta;
mod bivariate_normal;
mod chi_squared;
mod choose;
mod fisher_f;
mod gamma;
mod multivariate_t;
mod noncentral;
mod noncentral_hypergeometric;
mod noncentral_t;
mod normal;
mod normal_box;
mod quadratic_form;
mod signed_rank;
mod student;
mod studentized_range;

pub use beta::{beta_cdf, beta_quantile};
pub use bivariate_normal::{bivariate_normal_cdf, bivariate_normal_density};
pub use chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_sf, gamma_cdf, gamma_quantile, gamma_sf};
pub use choose::ln_choose;
pub use fisher_f::{f_cdf, f_quantile_upper, f_sf};
pub use gamma::gamma_ratio_half;
pub use multivariate_t::LargestOf;
pub use noncentral::{noncentral_chi_squared_cdf, noncentral_chi_squared_sf, noncentral_f_cdf, noncentral_f_sf};
pub use noncentral_hypergeometric::NoncentralHypergeometric;
pub use noncentral_t::{noncentral_t_cdf, noncentral_t_sf, noncentrality};
pub use normal::{
    alpha_of, normal_cdf, normal_critical, normal_density, normal_of_two_sided_p, normal_quantile, normal_sf,
    normal_two_sided_p,
};
pub use quadratic_form::{Complex, LogOfProduct, quadratic_form_cdf};
pub use signed_rank::{SignedRankP, SignedRankPlan, sign_test, signed_rank_test};
pub use student::{t_cdf, t_critical, t_density, t_of_two_sided_p, t_quantile, t_sf, t_two_sided_p};
pub use studentized_range::{studentized_range_quantile_upper, studentized_range_sf};

/// From so many degrees of freedom on, t and F are taken as their limits: sums such as df + 2 would begin to lose
/// digits.
const LARGE_DF: f64 = 1e15;
