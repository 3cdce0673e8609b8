# Several groups: analyses of variance of means and SDs, tests of counts, and the range of F over all numbers that print so.
# Rscript tests/ref/several.R > tests/ref/several.csv      (R 4.2.2, no packages)
#
# Lists within a field are divided by semicolons. `means` and `counts` are exact; `range` has printed means and SDs, and the
# least and most F that the numbers behind them have: the sum between the groups by a search for its minimum (L-BFGS-B) and
# by trying every corner, which is not how the library works it out.
set.seed(20261126)
g <- function(x) paste(sprintf("%.17g", x), collapse = ";")
cat("# Several groups against R. Made by several.R, R 4.2.2.\n")
cat("kind,values,sds,n,statistic,df2,p,welch_statistic,welch_df2,welch_p,likelihood,exact_p,trend,trend_p\n")
row <- function(...) cat(paste(c(...), collapse = ","), "\n", sep = "")
for (i in 1:25) {
  k <- sample(3:7, 1); n <- sample(2:40, k, TRUE); f <- factor(rep(1:k, n))
  x <- rnorm(sum(n), rep(runif(k, 40, 44), n), rep(runif(k, 1, 6), n))
  a <- oneway.test(x ~ f, var.equal = TRUE); w <- oneway.test(x ~ f)
  row("means", g(tapply(x, f, mean)), g(tapply(x, f, sd)), g(n), g(c(a$statistic)), g(a$parameter[2]), g(a$p.value),
      g(c(w$statistic)), g(w$parameter[2]), g(w$p.value), "", "", "", "")
}
for (i in 1:25) {
  k <- sample(3:5, 1); n <- sample(4:25, k, TRUE); e <- rbinom(k, n, runif(k, 0.1, 0.7))
  if (sum(e) == 0) next
  m <- rbind(e, n - e)
  a <- suppressWarnings(chisq.test(m)); expected <- a$expected
  likelihood <- 2 * sum(ifelse(m > 0, m * log(m / expected), 0))
  trend <- suppressWarnings(prop.trend.test(e, n))
  row("counts", g(e), "", g(n), g(c(a$statistic)), k - 1, g(a$p.value), "", "", "", g(likelihood),
      g(fisher.test(m, workspace = 2e7)$p.value), g(c(trend$statistic)), g(trend$p.value))
}
for (i in 1:25) {
  k <- sample(3:6, 1); n <- sample(3:30, k, TRUE); d <- sample(0:2, 1)
  print1 <- function(v) formatC(v, format = "f", digits = d)
  m <- print1(rnorm(k, 20, 3)); s <- print1(runif(k, 2, 6)); half <- 0.5 * 10^-d
  if (any(as.numeric(s) <= half)) next
  between <- function(v) sum(n * (v - sum(n * v) / sum(n))^2)
  low <- as.numeric(m) - half; high <- as.numeric(m) + half
  most <- max(apply(expand.grid(lapply(1:k, function(j) c(low[j], high[j]))), 1, between))
  gradient <- function(v) 2 * n * (v - sum(n * v) / sum(n))
  least <- between(optim(as.numeric(m), between, gradient, method = "L-BFGS-B", lower = low, upper = high,
                         control = list(factr = 1e2, pgtol = 0, maxit = 10000))$par)
  within <- sapply(c(-half, half), function(h) sum((n - 1) * (as.numeric(s) + h)^2)) / (sum(n) - k)
  row("range", paste(m, collapse = ";"), paste(s, collapse = ";"), g(n), g(least / (k - 1) / within[2]), sum(n) - k,
      g(most / (k - 1) / within[1]), "", "", "", "", "", "", "")
}
