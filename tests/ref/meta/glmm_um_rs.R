# Q of the models with random levels of studies (UM.RS): direct integration beside metafor with Laplace's approximation.
#
#   Rscript glmm_um_rs.R > glmm_um_rs.csv      (in this folder)
#
# `direct` rows: integrals over the level by the trapezoidal rule; of the saturated model each study's effect by a search
# of its own, inside a search for the mean and the SD of the levels of the second groups.
suppressMessages({library(metafor); library(lme4)})
cat(sprintf("# Tool: %s, metafor %s, lme4 %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version, packageDescription("lme4")$Version))
cat("# Regenerate: Rscript glmm_um_rs.R > glmm_um_rs.csv\n")
cat("by,data,measure,QE\n")
d7 <- read.csv("../../../data/published/nielweise2007.csv"); d7 <- d7[d7$ai + d7$ci > 0, ]
d8 <- get(data(dat.nielweise2008, package = "metadat"))
lse <- function(x) { m <- max(x); m + log(sum(exp(x - m))) }
binomial_at <- function(x, n) function(l) lchoose(n, x) + x * l - n * (pmax(l, 0) + log1p(exp(-abs(l))))
poisson_at <- function(x, t) function(l) x * (l + log(t)) - t * exp(l) - lgamma(x + 1)
pairs_of <- list(
  OR = lapply(seq_len(nrow(d7)), function(i) with(d7[i, ], list(binomial_at(ai, n1i), binomial_at(ci, n2i)))),
  IRR = lapply(seq_len(nrow(d8)), function(i) with(d8[i, ], list(poisson_at(x1i, t1i), poisson_at(x2i, t2i)))))
# ln of the integral of one study over the level of its second group.
one <- function(pair, theta, level, sigma) {
  u <- seq(-10, 10, length.out = 2001)
  lse(pair[[1]](level + sigma * u + theta) + pair[[2]](level + sigma * u) + dnorm(u, log = TRUE)) + log(u[2] - u[1])
}
saturated <- function(pairs) function(x) sum(sapply(pairs, function(pair)
  optimize(function(theta) one(pair, theta, x[1], abs(x[2])), c(-30, 30), maximum = TRUE, tol = 1e-10)$objective))
common <- function(pairs) function(x) sum(sapply(pairs, function(pair) one(pair, x[3], x[1], abs(x[2]))))
most <- function(f, start) -optim(optim(start, function(x) -f(x), method = "Nelder-Mead", control = list(reltol = 1e-14, maxit = 5000))$par,
  function(x) -f(x), method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 5000))$value
for (m in names(pairs_of)) {
  pairs <- pairs_of[[m]]; start <- if (m == "OR") c(-3, 1) else c(-5, 1)
  q <- 2 * (most(saturated(pairs), start) - most(common(pairs), c(start, 0)))
  data <- if (m == "OR") "nielweise2007" else "nielweise2008"
  cat(sprintf("direct,%s,%s,%.10g\n", data, m, q))
  fit <- suppressWarnings(if (m == "OR") rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d7, model = "UM.RS")
    else rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d8, model = "UM.RS"))
  cat(sprintf("metafor,%s,%s,%.10g\n", data, m, fit$QE.LRT))
}
