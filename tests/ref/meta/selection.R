# Selection models with smooth weights, maximised by R's optim over a likelihood written out here.
#
#   Rscript selection.R > selection.csv      (in this folder)
#
# metafor fits the same models, but integrates to fewer digits (its log-likelihood of the beta model of hackshaw1998 is
# 2.5e-4 below that of its own estimates) and ends where its optimiser stops. The likelihood: the normal density of each
# effect times w(p), over the mean of w(p) over all effects; integrals between the places where weights have corners.
folder <- "../../../data/published/"
weights <- list(
  beta = function(p, d) { p <- pmin(pmax(p, 1e-5), 1 - 1e-5); p^(d[1] - 1) * (1 - p)^(d[2] - 1) },
  halfnorm = function(p, d) exp(-d[1] * p^2), negexp = function(p, d) exp(-d[1] * p),
  logistic = function(p, d) 2 * exp(-d[1] * p) / (1 + exp(-d[1] * p)), power = function(p, d) (1 - p)^d[1])
pvalue <- list(greater = function(z) pnorm(z, lower.tail = FALSE), less = function(z) pnorm(z), two.sided = function(z) 2 * pnorm(abs(z), lower.tail = FALSE))
half <- c(qnorm(0.5 + 0.5e-5), 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1, 2, 3, qnorm(1 - 1e-5), qnorm(1 - 0.5e-5), 6, 9, 38)
breaks <- c(-rev(half), half)
# Gauss-Legendre with 20 points, by the eigenvalues of its Jacobi matrix.
k <- 1:19; J <- diag(0, 20); J[cbind(k, k + 1)] <- J[cbind(k + 1, k)] <- k / sqrt(4 * k^2 - 1); e <- eigen(J, symmetric = TRUE)
gl <- list(x = e$values, w = 2 * e$vectors[1, ]^2)
z <- unlist(lapply(2:length(breaks), function(j) (breaks[j] + breaks[j - 1]) / 2 + gl$x * (breaks[j] - breaks[j - 1]) / 2))
q <- unlist(lapply(2:length(breaks), function(j) gl$w * (breaks[j] - breaks[j - 1]) / 2))
cat("# Smooth selection models by maximum likelihood: 10 significant digits.\n")
cat(sprintf("# Tool: %s, optim. Date: 2026-11-21.\n", R.version.string))
cat("# Regenerate: Rscript selection.R > selection.csv\n")
cat("table,alternative,kind,loglik,estimate,tau2,delta1,delta2\n")
for (case in list(c("hackshaw1998", "greater"), c("bcg", "less"), c("bcg", "two.sided"))) for (kind in names(weights)) {
  d <- read.csv(paste0(folder, case[1], ".csv")); se <- sqrt(d$vi); own <- pvalue[[case[2]]](d$yi / se); at <- pvalue[[case[2]]](z)
  minus <- function(x) {
    delta <- exp(x[-(1:2)]); S <- sqrt(d$vi + x[2]^2) / se; w <- q * weights[[kind]](at, delta)
    A <- sapply(seq_along(se), function(i) sum(w * dnorm(z, x[1] / se[i], S[i])) + weights[[kind]](pvalue[[case[2]]](40), delta) * pnorm(38, x[1] / se[i], S[i], lower.tail = FALSE) + weights[[kind]](pvalue[[case[2]]](-40), delta) * pnorm(-38, x[1] / se[i], S[i]))
    -sum(dnorm(d$yi, x[1], sqrt(d$vi + x[2]^2), log = TRUE) + log(weights[[kind]](own, delta)) - log(A))
  }
  best <- NULL
  for (s in list(0, 1, -2)) {
    x <- c(mean(d$yi), sd(d$yi) / 2, rep(s, if (kind == "beta") 2 else 1))
    for (i in 1:4) { o <- optim(x, minus, method = if (i %% 2) "Nelder-Mead" else "BFGS", control = list(reltol = 1e-15, maxit = 5000)); x <- o$par }
    if (is.null(best) || o$value < best$value) best <- o
  }
  delta <- exp(best$par[-(1:2)])
  cat(sprintf("%s,%s,%s,%.10g,%.10g,%.10g,%.10g,%s\n", case[1], case[2], kind, -best$value, best$par[1], best$par[2]^2, delta[1], if (kind == "beta") sprintf("%.10g", delta[2]) else ""))
}
