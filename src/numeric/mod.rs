//! Mathematics without a word of the domain.
//!
//! | module | what is there |
//! |---|---|
//! | [`decimal`] | exact decimal numbers |
//! | [`numeral`] | reading numbers as printed: `2.9 ± 1.1`, `２，０８０`, `５万`, `p < 0.005` |
//! | [`rounding`] | conventions of rounding, and the numbers that print as a given one |
//! | [`format`](mod@format) | digits for people |
//! | [`interval`] | closed intervals |
//! | [`dist`] | distributions: normal, bivariate normal, t, beta, gamma, χ², F, and the noncentral t, χ² and F |
//! | [`hypergeometric`] | Gauss' hypergeometric function |
//! | [`roots`] | zeros of a function on a bracket |
//! | [`random`] | random streams with a seed |
//! | [`matrix`] | small dense matrices |
//! | [`dense`] | large symmetric matrices by blocks |
//! | [`minimum`] | minima of smooth functions |
//! | [`quadrature`] | Gauss–Legendre and Gauss–Hermite integration |

pub mod decimal;
pub mod dense;
pub mod dist;
pub mod format;
pub mod hypergeometric;
pub mod interval;
pub mod matrix;
pub mod minimum;
pub mod numeral;
pub mod quadrature;
pub mod random;
pub mod roots;
pub mod rounding;
