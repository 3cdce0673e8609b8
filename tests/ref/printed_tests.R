# Tests as they are printed, with whether p can be that of the statistic by the rule of statcheck on intervals: some statistic that
# prints so has a p that prints so.
# Rscript tests/ref/printed_tests.R > tests/ref/printed_tests.csv      (R 4.2.2, no packages)
set.seed(20261126)
f <- function(x, d) formatC(x, format = "f", digits = d)
cat("# Printed tests with the verdict of R's pt, pnorm, pf and pchisq. Made by printed_tests.R, R 4.2.2.\n")
cat("kind,value,df1,df2,p,fits\n")
p_of <- function(kind, x, df1, df2) switch(kind,
  t = 2 * pt(-abs(x), df1),
  z = 2 * pnorm(-abs(x)),
  f = pf(max(x, 0), df1, df2, lower.tail = FALSE),
  chi2 = pchisq(max(x, 0), df1, lower.tail = FALSE),
  r = { x <- min(abs(x), 1 - 1e-15); 2 * pt(-x * sqrt(df1 / (1 - x^2)), df1) })
for (i in 1:1500) {
  kind <- sample(c("t", "z", "f", "chi2", "r"), 1)
  df <- sample(c(1:60, 100, 500), 1); few <- sample(1:5, 1); digits <- sample(1:3, 1); half <- 0.5 * 10^-digits
  value <- f(switch(kind, t = rnorm(1) * 1.5 + 1, z = rnorm(1) * 2, f = rchisq(1, few) / few * 2, chi2 = rchisq(1, few + 1), r = runif(1, -0.9, 0.9)), digits)
  df1 <- switch(kind, t = df, r = df, z = NA, few)
  size <- abs(as.numeric(value))
  p <- c(p_of(kind, size + half, df1, df), p_of(kind, max(0, size - half), df1, df))
  exact <- p_of(kind, size, df1, df)
  # Half of them are moved.
  if (runif(1) < 0.5) exact <- min(1, max(0, exact + sample(c(0.02, -0.02, 0.1, 0.003), 1)))
  if (runif(1) < 0.7) {
    decimals <- sample(2:4, 1)
    printed <- f(exact, decimals)
    own <- as.numeric(printed) + c(-0.5, 0.5) * 10^-decimals
    fits <- own[2] >= p[1] - 1e-12 && own[1] <= p[2] + 1e-12
  } else {
    bound <- sample(c("0.05", "0.01", "0.001", "0.1"), 1)
    sign <- sample(c("<", ">"), 1)
    printed <- paste(sign, bound)
    fits <- if (sign == "<") p[1] < as.numeric(bound) else p[2] > as.numeric(bound)
  }
  cat(kind, value, if (is.na(df1)) "" else df1, if (kind == "f") df else "", printed, tolower(fits), sep = ",")
  cat("\n")
}
