# Probabilities that the largest of several correlated t statistics, without their signs, is above a value.
# mvtnorm's pmvt takes whole degrees of freedom and errs by as much as its second value says; `error` holds three times that.
#   Rscript tests/ref/mvt.R > tests/ref/mvt.csv   (R 4.2.2, mvtnorm 1.1-3)
suppressMessages(library(mvtnorm))
set.seed(1)
dunnett <- function(n) { k <- length(n) - 1; l <- sqrt(n[-1] / (n[-1] + n[1])); R <- outer(l, l); diag(R) <- 1; R }
pairs <- function(n) {
  m <- length(n); C <- NULL
  for (later in 2:m) for (earlier in seq_len(later - 1)) { row <- numeric(m); row[later] <- 1; row[earlier] <- -1; C <- rbind(C, row) }
  cov2cor(C %*% diag(1 / n) %*% t(C))
}
set.seed(7); A <- matrix(rnorm(25), 5); any <- cov2cor(A %*% t(A) + diag(5))
lagged <- 0.7^abs(outer(1:4, 1:4, "-"))
cases <- list(dunnett3 = dunnett(c(10, 10, 10, 10)), dunnett5 = dunnett(c(20, 8, 9, 10, 11, 12)), pairs3 = pairs(c(7, 9, 11)),
              pairs4 = pairs(c(5, 5, 5, 5)), any5 = any, lagged4 = lagged, signs2 = matrix(c(1, -0.8, -0.8, 1), 2))
cat("name,k,correlation,df,t,p,error\n")
for (name in names(cases)) for (df in c(3, 12, 60, 0)) for (t in c(0.5, 1.5, 2.2, 2.8, 4)) {
  R <- cases[[name]]; k <- nrow(R)
  p <- pmvt(rep(-t, k), rep(t, k), df = df, corr = R, algorithm = GenzBretz(maxpts = 4e6, abseps = 2e-7, releps = 0))
  cat(sprintf("%s,%d,%s,%d,%g,%.12g,%.3g\n", name, k, paste(sprintf("%.17g", R), collapse = " "), df, t, 1 - p, 3 * attr(p, "error")))
}
