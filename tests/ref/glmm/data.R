# Tables for tests of counts and proportions beside data/published: VerbAgg as it comes with lme4 1.1-31.
# Run: Rscript data.R
library(lme4)
w <- function(d, f) write.csv(d, f, row.names = FALSE, quote = FALSE)
v <- VerbAgg[, c("Anger", "Gender", "item", "id", "btype", "situ", "r2")]
w(v, gzfile("verbagg.csv.gz"))
# Relapses before and after a treatment over unequal follow-up; simulated.
set.seed(7); n <- 12
years <- cbind(round(runif(n, 1, 5), 1), round(runif(n, 0.5, 2.5), 1))
b <- rnorm(n, 0, 0.5)
r <- cbind(rpois(n, years[, 1] * exp(0.6 + b)), rpois(n, years[, 2] * exp(-0.5 + b)))
w(data.frame(patient = rep(sprintf("P%02d", 1:n), 2), after = rep(0:1, each = n), years = c(years), relapses = c(r)), "../../../data/examples/relapses.csv")
