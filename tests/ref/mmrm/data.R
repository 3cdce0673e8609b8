# Tables for tests of models with residual covariances.
# sleep comes with R (datasets); visits is simulated with a fixed seed. Orthodont is in data/published.
# Run: Rscript data.R   (R 4.2.2)
write.csv(data.frame(extra = sleep$extra, drug = as.integer(sleep$group), patient = as.integer(sleep$ID)),
          "sleep.csv", row.names = FALSE, quote = FALSE)
set.seed(20251121)
n <- 40; m <- 6
C <- 0.8^abs(outer(1:m, 1:m, "-")); s <- c(3, 3.5, 4, 4.4, 5, 5.5)
L <- t(chol(diag(s) %*% C %*% diag(s)))
days <- c(0, 14, 30, 61, 90, 182)
rows <- do.call(rbind, lapply(1:n, function(i) {
  arm <- ifelse(i %% 2 == 0, "active", "placebo")
  base <- round(rnorm(1, 38, 5), 1)
  y <- 0.2 * (base - 38) - 0.6 * (1:m) + (arm == "active") * 0.35 * (1:m) + as.vector(L %*% rnorm(m))
  d <- data.frame(patient = sprintf("P%02d", i), arm = arm, visit = sprintf("V%d", 1:m), day = days + c(0, sample(-3:3, m - 1, TRUE)),
                  base = base, change = round(y, 2), weight = round(runif(m, 0.5, 2), 2))
  # a third leaves early, some visits are missed
  if (runif(1) < 1/3) d <- d[1:sample(2:(m - 1), 1), ]
  d[runif(nrow(d)) > 0.06 | seq_len(nrow(d)) == 1, ]
}))
write.csv(rows, "../../../data/examples/visits.csv", row.names = FALSE, quote = FALSE)
