//! Mathematics without a word of the domain.
//!
//! | module | what is there |
//! |---|---|
//! | [`decimal`] | exact decimal numbers |
//! | [`numeral`] | reading numbers as printed: `2.9 ± 1.1`, `２，０８０`, `５万`, `p < 0.005` |
//! | [`rounding`] | conventions of rounding, and the numbers that print as a given one |
//! | [`format`](mod@format) | digits for people |
//! | [`interval`] | closed intervals |
//! | [`dist`] | distributions: normal, bivariate normal, t, beta, gamma, χ², F, the noncentral t, χ², F and hypergeometric, quadratic forms, signed ranks and signs |
//! | [`hypergeometric`] | Gauss' hypergeometric function |
//! | [`roots`] | zeros of a function on a bracket |
//! | [`golden`] | minima on an interval |
//! | [`two_samples`] | pooled variances, Welch's degrees of freedom |
//! | [`random`] | random streams with a seed |
//! | [`matrix`] | small dense matrices |
//! | `decomposition` | Cholesky factors and eigenvalues (feature `models`) |
//! | `dense` | large symmetric matrices by blocks (feature `models`) |
//! | [`minimum`] | minima of smooth functions of a few variables; polished ones with feature `models` |
//! | [`quantile`] | quantiles of a sample |
//! | [`quadrature`] | Gauss–Legendre integration |
//! | `gauss_hermite` | Gauss–Hermite integration (feature `models`) |
//! | `parallel` | the same work many times on all processors |
//! | `orthogonal` | columns made orthonormal (feature `models`) |

pub mod decimal;
#[cfg(feature = "models")]
pub mod decomposition;
#[cfg(feature = "models")]
pub mod dense;
pub mod dist;
pub mod format;
#[cfg(feature = "models")]
pub mod gauss_hermite;
pub mod golden;
pub mod hypergeometric;
pub mod interval;
pub mod matrix;
pub mod minimum;
pub mod numeral;
#[cfg(feature = "models")]
pub(crate) mod orthogonal;
pub(crate) mod parallel;
pub mod quadrature;
pub mod quantile;
pub mod random;
pub mod roots;
pub mod rounding;
pub mod two_samples;
