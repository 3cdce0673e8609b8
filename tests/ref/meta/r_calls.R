# Runs the calls of R that `reffect meta` prints (`r_call` of its JSON) and compares their numbers with its own.
#
#   Rscript r_calls.R path/to/reffect      (in this folder; needs metafor, clubSandwich and jsonlite)
#
# Exits with 1 where a call fails or a number is further off than metafor's own searches explain.
suppressMessages({ library(metafor); library(jsonlite) })
program <- commandArgs(trailingOnly = TRUE)[1]
folder <- "../../../data/published/"
calls <- list(
  c("bcg.csv"), c("bcg.csv", "--method", "DL", "--test", "knha"), c("bcg.csv", "--mods", "ablat + alloc", "--test", "t", "--level", "0.9"),
  c("bcg.csv", "--weights", "year", "--mods", "ablat"), c("bcg.csv", "--unweighted"), c("bcg.csv", "--tau2", "0.2"),
  c("bcg.csv", "--measure", "OR", "--add", "0.25", "--to", "all"), c("normand1999.csv", "--measure", "SMD", "--vtype", "UB", "--method", "DL"),
  c("bcg.csv", "--mods", "ablat", "--cluster", "alloc"), c("bcg.csv", "--cluster", "alloc", "--vcov", "CR1"), c("bcg.csv", "--cluster", "alloc", "--vcov", "CR0"),
  c("bcg.csv", "--scale", "ablat"), c("bcg.csv", "--scale", "ablat", "--mods", "ablat", "--method", "ML", "--test", "t"),
  c("raudenbush1985.csv", "--scale", "setting"),
  c("konstantopoulos2011.csv", "--random", "1 | district/school"),
  c("konstantopoulos2011.csv", "--random", "1 | district/school", "--method", "ML", "--test", "t", "--mods", "I(year - 1990)"),
  c("konstantopoulos2011.csv", "--random", "1 | district", "--random", "1 | year"),
  c("konstantopoulos2011.csv", "--random", "1 | district/school", "--cluster", "district", "--vcov", "CR2"),
  c("konstantopoulos2011.csv", "--random", "1 | district/school", "--cluster", "district", "--vcov", "CR1", "--level", "0.9"),
  c("berkey1998.csv", "--random", "outcome | trial", "--struct", "UN", "--mods", "0 + outcome", "--v-block", "v1i,v2i", "--v-cluster", "trial"),
  c("berkey1998.csv", "--random", "outcome | trial", "--struct", "HCS", "--mods", "outcome", "--v-cluster", "trial", "--v-rho", "0.6", "--method", "ML"),
  c("berkey1998.csv", "--random", "1 | trial", "--v-cluster", "trial", "--v-rho", "0.5"),
  c("ishak2007.csv", "--random", "time | study", "--struct", "HAR", "--mods", "factor(time) - 1"),
  c("ishak2007.csv", "--random", "time | study", "--struct", "AR", "--mods", "factor(time) - 1", "--v-cluster", "study", "--v-phi", "0.9", "--v-time", "time"),
  c("bcg.csv", "--measure", "RR", "--random", "1 | alloc/trial"),
  c("nielweise2007.csv", "--mh", "--measure", "OR"), c("nielweise2007.csv", "--mh", "--measure", "RR", "--mh-add", "0.5", "--level", "0.9"),
  c("hart1999.csv", "--mh", "--measure", "IRD"), c("yusuf1985-table6.csv", "--peto"),
  c("nielweise2007.csv", "--glmm", "UM.FS", "--measure", "OR"), c("nielweise2007.csv", "--glmm", "UM.RS", "--measure", "OR"),
  c("bcg.csv", "--glmm", "UM.FS", "--measure", "OR", "--mods", "ablat + alloc"),
  c("bcg.csv", "--glmm", "CM.AL", "--measure", "OR", "--mods", "ablat - 1", "--method", "EE"),
  c("nielweise2007.csv", "--glmm", "CM.AL", "--measure", "OR"), c("nielweise2007.csv", "--glmm", "CM.EL", "--measure", "OR"),
  c("nielweise2007.csv", "--glmm", "--measure", "PLO"), c("hart1999.csv", "--glmm", "CM.EL", "--measure", "IRR"), c("hart1999.csv", "--glmm", "--measure", "IRLN"))
failed <- 0
for (words in calls) {
  table <- paste0(folder, words[1])
  json <- suppressWarnings(system2(program, c("meta", table, shQuote(words[-1]), "--json"), stdout = TRUE))
  found <- fromJSON(paste(json, collapse = "\n"), simplifyVector = FALSE)
  data <- read.csv(table)
  is.glmm <- "--glmm" %in% words
  fit <- try(suppressWarnings(eval(parse(text = found$r_call))), silent = TRUE)
  if (inherits(fit, "try-error")) { cat("FAILS ", found$r_call, "\n      ", attr(fit, "condition")$message, "\n"); failed <- failed + 1; next }
  number <- function(x) as.numeric(unlist(lapply(x, function(v) if (is.null(v)) NA else v)))
  ours <- c(number(lapply(found$coefficients, `[[`, "estimate")), number(lapply(found$coefficients, `[[`, "se")), number(lapply(found$coefficients, `[[`, "p")), number(lapply(found$coefficients, function(of) of$ci)))
  theirs <- c(c(fit$beta), fit$se, fit$pval, c(rbind(fit$ci.lb, fit$ci.ub)))
  variances <- if (inherits(fit, "rma.mv")) c(if (fit$withS) fit$sigma2, if (fit$withG) fit$tau2) else if (is.glmm) fit$tau2 else NULL
  ours <- c(ours, if (length(variances)) number(c(found$sigma2[if (is.glmm) 0 else seq_along(found$sigma2)], found$tau2)))
  off <- max(abs(ours - c(theirs, variances)) / pmax(abs(c(theirs, variances)), 1e-3), na.rm = TRUE)
  # rma.glmm has 7 points of quadrature, or Laplace's approximation (UM.RS).
  bound <- if ("UM.RS" %in% words) 0.02 else if (is.glmm) 0.01 else 2e-3
  if (off > bound || length(ours) != length(theirs) + length(variances)) { failed <- failed + 1; cat("DIFFERS ") } else cat("agrees  ")
  cat(sprintf("%.1e  %s\n", off, found$r_call))
}
quit(status = if (failed > 0) 1 else 0)
