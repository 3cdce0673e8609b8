# Profile likelihoods of variances and correlations (--profile), by metafor's profile: lines as in walk.tsv.
#
#   Rscript profile.R path/to/reffect > profile.tsv      (in this folder; needs jsonlite)
#
# The program tells the values at which its profiles have points; metafor's models are fitted there with the parameter fixed.
suppressMessages({ library(metafor); library(jsonlite) })
program <- commandArgs(trailingOnly = TRUE)[1]
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
konst <- read("konstantopoulos2011"); berkey <- read("berkey1998"); bcg <- read("bcg"); ishak <- read("ishak2007")
cat("# Profile likelihoods at some of their points. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript profile.R path/to/reffect > profile.tsv\n")
show <- function(words, fits, close) {
  call <- paste(c(words[1], ifelse(grepl("[ |]", words[-1]), paste0("\"", words[-1], "\""), words[-1])), collapse = " ")
  json <- system2(program, c("meta", shQuote(paste0(folder, words[1])), shQuote(words[-1]), "--json"), stdout = TRUE)
  found <- fromJSON(paste(json, collapse = "\n"), simplifyVector = FALSE)$profile
  stopifnot(length(found) == length(fits))
  for (j in seq_along(fits)) {
    points <- found[[j]]$points
    for (i in unique(round(seq(1, length(points), length.out = 9)))) {
      value <- points[[i]]$value; likelihood <- try(suppressWarnings(c(logLik(fits[[j]](value)))), silent = TRUE)
      if (is.numeric(likelihood)) cat(sprintf("data/published/%s\t/profile/%d/points/%d/loglik\t%.17g\t%g\n", call, j - 1, i - 1, likelihood, close))
    }
  }
}
# With a correlation fixed the likelihood can be higher without one of the variances, where a search from elsewhere does not get.
best <- function(...) function(x) { all <- lapply(list(...), function(f) f(x)); all[[which.max(sapply(all, logLik))]] }
for (m in c("REML", "ML")) {
  show(c("bcg.csv", "--mods", "ablat", "--method", m, "--profile"), list(function(x) rma(yi, vi, mods = ~ ablat, data = bcg, method = m, tau2 = x)), 1e-9)
  mv <- function(...) rma.mv(yi, vi, random = ~ 1 | district/school, data = konst, method = m, ...)
  show(c("konstantopoulos2011.csv", "--random", "1 | district/school", "--method", m, "--profile"),
       list(function(x) mv(sigma2 = c(x, NA)), function(x) mv(sigma2 = c(NA, x))), 1e-6)
  V <- bldiag(lapply(split(berkey[c("v1i", "v2i")], berkey$trial), as.matrix))
  un <- function(...) rma.mv(yi, V, mods = ~ outcome - 1, random = ~ outcome | trial, struct = "UN", data = berkey, method = m, ...)
  show(c("berkey1998.csv", "--random", "outcome | trial", "--struct", "UN", "--mods", "0 + outcome", "--v-block", "v1i,v2i", "--v-cluster", "trial", "--method", m, "--profile"),
       list(function(x) un(tau2 = c(x, NA)), function(x) un(tau2 = c(NA, x)), best(function(x) un(rho = x), function(x) un(rho = x, tau2 = c(NA, 0)))), 2e-6)
}
ar <- function(...) rma.mv(yi, vi, mods = ~ factor(time) - 1, random = ~ time | study, struct = "AR", data = ishak, ...)
show(c("ishak2007.csv", "--random", "time | study", "--struct", "AR", "--mods", "factor(time) - 1", "--profile"), list(function(x) ar(tau2 = x), function(x) ar(rho = x)), 1e-6)
