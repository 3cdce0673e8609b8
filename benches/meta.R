# The like of benches/meta.rs in R with metafor, with random numbers of its own: run by that bench where Rscript and metafor are there.
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
args <- commandArgs(FALSE)
folder <- file.path(dirname(sub("--file=", "", args[grepl("^--file=", args)])), "../data/published/")
niel <- read.csv(paste0(folder, "nielweise2007.csv")); bcg <- read.csv(paste0(folder, "bcg.csv")); konst <- read.csv(paste0(folder, "konstantopoulos2011.csv"))
glmm <- function(model) suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = niel, model = model))
timed("UM.FS, 18 trials", 1, 1, function() glmm("UM.FS"))
if (requireNamespace("BiasedUrn", quietly = TRUE)) timed("CM.EL, 18 trials", 1, 1, function() glmm("CM.EL"))
timed("UM.RS, 18 trials, Laplace", 1, 1, function() glmm("UM.RS"))
ml <- rma(yi, vi, data = bcg, method = "ML")
for (type in c("beta", "halfnorm", "negexp", "logistic", "power"))
  timed(paste0("selection model ", type, ", k = 13"), 1, 1, function() try(suppressWarnings(selmodel(ml, type = type, alternative = "less")), silent = TRUE))
timed("Konstantopoulos, three levels", 5, 1, function() rma.mv(yi, vi, random = ~ 1 | district/school, data = konst))
start <- Sys.time(); system2("Rscript", c("-e", shQuote(sprintf("suppressMessages(library(metafor)); print(rma(yi, vi, data = read.csv('%s')))", paste0(folder, "bcg.csv")))), stdout = FALSE)
cat(sprintf("%-52s %12.2f µs   (Rscript, library and one fit)\n", "rma of bcg.csv, from the start", 1e6 * as.numeric(difftime(Sys.time(), start, units = "secs"))))
