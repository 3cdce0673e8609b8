# What multilevel models with given variances and correlations must give, by metafor: lines as in walk.tsv.
#
#   Rscript given.R > given.tsv      (in this folder)
suppressMessages(library(metafor))
source("polish.R")
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
konst <- read("konstantopoulos2011"); berkey <- read("berkey1998"); ishak <- read("ishak2007"); bcg <- read("bcg")
cat("# What given variances and correlations leave. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript given.R > given.tsv\n")
put <- function(call, place, value, close) {
  value <- unname(c(unlist(value)))
  for (i in seq_along(value)) if (!is.na(value[i]) && is.finite(value[i]))
    cat(sprintf("data/published/%s\t%s\t%.17g\t%g\n", call, if (length(value) > 1) paste0(place, "/", i - 1) else place, value[i], close))
}
# What is estimated by a search agrees to 1e-6, and where nothing is searched for to 1e-8.
show <- function(call, f, close = 1e-6) {
  put(call, "/coefficients", NULL, close)
  for (j in seq_along(f$beta)) {
    put(call, sprintf("/coefficients/%d/estimate", j - 1), f$beta[j], close); put(call, sprintf("/coefficients/%d/se", j - 1), f$se[j], close)
  }
  put(call, "/QE", f$QE, 1e-8)
  if (f$withS) { if (length(f$sigma2) == 1) put(call, "/sigma2/0", f$sigma2, close) else put(call, "/sigma2", f$sigma2, close) }
  if (f$withG) { put(call, "/tau2", f$tau2, close); if (!("DIAG" %in% f$struct)) put(call, "/rho", f$rho, close) }
  if (f$withH) { put(call, "/gamma2", f$gamma2, close); put(call, "/phi", f$phi, close) }
  put(call, "/fit/loglik", c(logLik(f)), 1e-8); put(call, "/fit/aic", AIC(f), 1e-8); put(call, "/fit/bic", BIC(f), 1e-8)
  put(call, "/fit/aicc", AIC(f, correct = TRUE), 1e-8)
}
for (m in c("REML", "ML")) {
  a <- paste("konstantopoulos2011.csv --random \"1 | district/school\" --method", m)
  f <- mv(yi, vi, random = ~ 1 | district/school, data = konst, method = m, sigma2 = c(0.1, NA))
  show(paste(a, "--sigma2 0.1,NA"), f)
  ci <- confint(f, sigma2 = 2, control = list(tol = 1e-10))$random
  put(paste(a, "--sigma2 0.1,NA"), "/sigma2_ci/1", ci[1, 2:3], 1e-6)
  show(paste(a, "--sigma2 NA,0"), mv(yi, vi, random = ~ 1 | district/school, data = konst, method = m, sigma2 = c(NA, 0)))
  show(paste(a, "--sigma2 0.05"), mv(yi, vi, random = ~ 1 | district/school, data = konst, method = m, sigma2 = c(0.05, 0.05)), 1e-8)
  V <- bldiag(lapply(split(berkey[c("v1i", "v2i")], berkey$trial), as.matrix))
  b <- paste("berkey1998.csv --random \"outcome | trial\" --mods \"0 + outcome\" --v-block v1i,v2i --v-cluster trial --method", m)
  un <- function(s, ...) mv(yi, V, mods = ~ outcome - 1, random = ~ outcome | trial, struct = s, data = berkey, method = m, ...)
  show(paste(b, "--struct UN --rho 0.5"), un("UN", rho = 0.5))
  show(paste(b, "--struct UN --tau2 0.03,NA --rho 0.5"), un("UN", tau2 = c(0.03, NA), rho = 0.5))
  show(paste(b, "--struct HCS --tau2 0.03,0.01 --rho 0.5"), un("HCS", tau2 = c(0.03, 0.01), rho = 0.5), 1e-8)
  show(paste(b, "--struct CS --tau2 0.02"), un("CS", tau2 = 0.02))
  show(paste(b, "--struct DIAG --tau2 NA,0.01"), un("DIAG", tau2 = c(NA, 0.01)))
  i <- paste("ishak2007.csv --random \"time | study\" --mods \"factor(time) - 1\" --method", m)
  ti <- function(s, ...) mv(yi, vi, mods = ~ factor(time) - 1, random = ~ time | study, struct = s, data = ishak, method = m, ...)
  show(paste(i, "--struct AR --rho 0.8"), ti("AR", rho = 0.8))
  show(paste(i, "--struct HAR --tau2 NA,NA,20,NA --rho 0.9"), ti("HAR", tau2 = c(NA, NA, 20, NA), rho = 0.9))
  rho <- c(0.8, 0.7, 0.6, 0.8, 0.7, 0.8)
  show(paste(i, "--struct UN --tau2 25 --rho", paste(rho, collapse = ",")), ti("UN", tau2 = rep(25, 4), rho = rho), 1e-8)
  # Two structured terms, and one beside a plain one.
  bcg$half <- rep(1:2, length.out = 13)
  show(paste("konstantopoulos2011.csv --random \"school | district\" --random \"1 | year\" --sigma2 0.02 --rho 0.3 --method", m),
       mv(yi, vi, random = list(~ factor(school) | district, ~ 1 | year), struct = "CS", data = konst, method = m, sigma2 = 0.02, rho = 0.3))
  show(paste("ishak2007.csv --random \"time | study\" --random \"time | study\" --struct AR --rho 0.9 --gamma2 2 --phi 0 --method", m),
       mv(yi, vi, random = list(~ time | study, ~ time | study), struct = c("AR", "AR"), data = ishak, method = m, rho = 0.9, gamma2 = 2, phi = 0))
}
