# The cases of benches/meta.rs in R with metafor: run by that bench where Rscript and metafor are there.
suppressMessages(library(metafor))
timed <- function(name, runs, inner, work) {
  work()
  times <- replicate(runs, system.time(for (i in seq_len(inner)) work())[["elapsed"]] / inner)
  cat(sprintf("%-52s %12.2f µs   (R, metafor %s)\n", name, 1e6 * median(times), packageDescription("metafor")$Version))
}
state <- 1
set.seed(state)
simulated <- function(k) { vi <- 0.02 + 0.3 * runif(k); data.frame(yi = 0.3 + rnorm(k) * sqrt(vi + 0.1), vi = vi) }
few <- simulated(13)
timed("REML, k = 13, with every interval", 7, 10, function() { fit <- rma(yi, vi, data = few); confint(fit); predict(fit) })
timed("1,000 refits without one study, k = 13", 1, 1, function() for (i in 1:77) leave1out(rma(yi, vi, data = few)))
many <- simulated(1000)
timed("REML, k = 1,000", 1, 1, function() rma(yi, vi, data = many))
nested <- simulated(55); nested$outer <- rep(1:11, each = 5); nested$inner <- 1:55
timed("three levels, 55 effects in 11 clusters", 5, 1, function() rma.mv(yi, vi, random = ~ 1 | outer/inner, data = nested))
