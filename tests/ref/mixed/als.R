# Makes data/examples/als-5.csv and data/examples/als-40.csv: simulated ALSFRS-R scores (whole numbers, 0 to
# 48) of patients whose decline changes at month 0. Nothing in them is of a real patient. The seed of the small
# set was chosen so that its fit with a random change is singular, as half of such fits are. R 4.2.2.
make <- function(n, months, seed, file) {
  set.seed(seed)
  d <- expand.grid(month = months, patient = sprintf("P%02d", seq_len(n)))
  at <- as.integer(factor(d$patient))
  level <- rnorm(n, 38, 4)[at]
  slope <- (-1.0 + rnorm(n, 0, 0.45))[at]
  change <- (0.4 + rnorm(n, 0, 0.3))[at]
  d$post <- pmax(d$month, 0)
  y <- level + slope * d$month + change * d$post + rnorm(nrow(d), 0, 1.2)
  d$alsfrs <- pmin(48, pmax(0, round(y)))
  write.csv(d[, c("patient", "month", "post", "alsfrs")], file, row.names = FALSE, quote = FALSE)
}
make(5, seq(-6, 6, 2), 15, "data/examples/als-5.csv")
make(40, seq(-6, 6, 2), 20251, "data/examples/als-40.csv")
