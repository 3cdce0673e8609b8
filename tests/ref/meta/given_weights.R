# Selection models with given weights (--selmodel stepfun --delta), by metafor's selmodel: lines as in walk.tsv.
#
#   Rscript given_weights.R > given_weights.tsv      (in this folder)
suppressMessages(library(metafor))
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
cat("# Selection models with given weights. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript given_weights.R > given_weights.tsv\n")
put <- function(call, place, value, close) if (!is.na(value) && is.finite(value))
  cat(sprintf("data/published/%s\t%s\t%.17g\t%g\n", call, place, value, close))
# Vevea & Woods (2005), Psychol Methods 10:428, table 1.
steps <- c(0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50, 0.65, 0.75, 0.90, 0.95, 0.99, 0.995, 1)
sets <- list(c(1, 0.99, 0.95, 0.80, 0.75, 0.65, 0.60, 0.55, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50),
             c(1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.40, 0.35, 0.30, 0.25, 0.10, 0.10, 0.10, 0.10),
             c(1, 0.99, 0.95, 0.90, 0.80, 0.75, 0.60, 0.60, 0.75, 0.80, 0.90, 0.95, 0.99, 1.00),
             c(1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.25, 0.25, 0.50, 0.60, 0.75, 0.90, 0.99, 1.00))
# Standard errors of metafor are those of a Hessian by differences.
show <- function(call, at, f, close) for (j in seq_along(f$beta)) {
  here <- sprintf("/selmodel_given/%d", at + j - 1)
  put(call, paste0(here, "/estimate"), f$beta[j], close); put(call, paste0(here, "/se"), f$se[j], 1e-5)
  put(call, paste0(here, "/tau2"), f$tau2, close); put(call, paste0(here, "/loglik"), c(logLik(f)), 1e-6)
}
# Weights that are given stand still; differences of 1e-5 give a gradient to more digits than those of 1e-3.
tight <- function(weights) list(optimizer = "BFGS", reltol = 1e-17, ndeps = rep(1e-5, 2 + weights))
for (case in list(c("hackshaw1998", "greater"), c("bcg", "less"), c("bcg", "two.sided"), c("raudenbush1985", "greater"))) for (m in c("ML", "FE")) {
  d <- read(case[1]); f <- rma(yi, vi, data = d, method = m, control = list(threshold = 1e-13, maxiter = 5000))
  call <- sprintf("%s.csv --method %s --selmodel stepfun --selmodel-alternative %s --delta", case[1], m, sub("[.]", "-", case[2]))
  put(paste(call, "vevea-woods"), "/selmodel_given/0/estimate", f$beta, 1e-6)
  for (i in 1:4) show(paste(call, "vevea-woods"), i, suppressWarnings(selmodel(f, type = "stepfun", alternative = case[2], steps = steps, delta = sets[[i]], control = tight(14))), 1e-6)
  show(paste(call, "1,0.5,0.25 --steps 0.025,0.5"), 1, suppressWarnings(selmodel(f, type = "stepfun", alternative = case[2], steps = c(0.025, 0.5, 1), delta = c(1, 0.5, 0.25), control = tight(3))), 1e-6)
}
d <- read("bcg"); f <- rma(yi, vi, mods = ~ ablat, data = d, method = "ML")
show("bcg.csv --mods ablat --selmodel stepfun --selmodel-alternative less --delta even=1,1 --delta 1,0.3", 4,
     selmodel(f, type = "stepfun", alternative = "less", steps = c(0.025, 1), delta = c(1, 0.3), control = tight(3)), 1e-6)
