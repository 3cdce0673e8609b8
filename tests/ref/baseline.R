# Baseline tables of two groups as they are printed, and what Stouffer's method makes of them.
# Rscript tests/ref/baseline.R > tests/ref/baseline.csv      (R 4.2.2, no packages)
#
# Each number stands for all that print so. The p of Student's t-test is extreme at corners of these (and at equal means), which
# are tried one by one; nothing of this is how the library works it out.
set.seed(20261126)
p_of <- function(m1, s1, n1, m2, s2, n2) {
  pooled <- ((n1 - 1) * s1^2 + (n2 - 1) * s2^2) / (n1 + n2 - 2)
  2 * pt(-abs(m1 - m2) / sqrt(pooled * (1 / n1 + 1 / n2)), n1 + n2 - 2)
}
cat("# Baseline tables of two groups, the range of Student's p and Stouffer's combination. Made by baseline.R, R 4.2.2.\n")
cat("table,m1i,sd1i,n1i,m2i,sd2i,n2i,p_lower,p_upper,z,different,different_lower,different_upper,alike,alike_lower,alike_upper\n")
for (table in 1:12) {
  k <- sample(2:9, 1)
  n <- sample(8:120, 2)
  rows <- character(k); low <- high <- numeric(k)
  for (i in 1:k) {
    decimals <- sample(0:2, 1)
    # In every third table the groups are too alike.
    x <- rnorm(n[1], 50, 8)
    y <- rnorm(n[2], 50, 8)
    if (table %% 3 == 0) y <- y - 0.95 * (mean(y) - mean(x))
    print1 <- function(v) formatC(v, format = "f", digits = decimals)
    printed <- c(print1(mean(x)), print1(sd(x)), print1(mean(y)), print1(sd(y)))
    half <- 0.5 * 10^-decimals
    ends <- lapply(as.numeric(printed), function(v) round(c(v - half, v + half), decimals + 1))
    grid <- expand.grid(ends)
    p <- mapply(function(a, b, c, d) p_of(a, b, n[1], c, d, n[2]), grid[[1]], grid[[2]], grid[[3]], grid[[4]])
    # Where the ranges of both means meet, they may be equal.
    if (max(ends[[1]][1], ends[[3]][1]) <= min(ends[[1]][2], ends[[3]][2])) p <- c(p, 1)
    low[i] <- min(p); high[i] <- max(p)
    rows[i] <- paste(table, printed[1], printed[2], n[1], printed[3], printed[4], n[2], sep = ",")
  }
  stouffer <- function(p) sum(qnorm(p)) / sqrt(k)
  z <- stouffer((low + high) / 2); zl <- stouffer(low); zu <- stouffer(high)
  f <- function(v) sprintf("%.15g", v)
  for (i in 1:k) {
    cat(rows[i], f(low[i]), f(high[i]), f(z), f(pnorm(z)), f(pnorm(zl)), f(pnorm(zu)),
        f(pnorm(z, lower.tail = FALSE)), f(pnorm(zu, lower.tail = FALSE)), f(pnorm(zl, lower.tail = FALSE)), sep = ",")
    cat("\n")
  }
}
