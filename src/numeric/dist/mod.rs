//! Distributions, accurate far into the tails.
//!
//! This is the only door to `statrs`, whose functions serve as first guesses here and are polished:
//! its normal cdf is off by some 1e-10, its t quantile is wrong for large degrees of freedom, and its
//! inverse of the incomplete beta function does not end for some shapes near 10⁷.

mod beta;
mod chi_squared;
mod fisher;
mod gamma;
mod noncentral_t;
mod normal;
mod student;

pub use beta::{beta_cdf, beta_quantile};
pub use chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_sf};
pub use fisher::{f_cdf, f_sf};
pub use gamma::gamma_ratio_half;
pub use noncentral_t::{noncentral_t_cdf, noncentral_t_sf, noncentrality};
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_sf};
pub use student::{t_cdf, t_quantile, t_sf, t_two_sided_p};
