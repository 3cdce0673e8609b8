# Subgroups: pooled counts of each group with Q between them by inverse variances, and prediction intervals of each group.
#
#   Rscript subgroups.R > subgroups.csv      (in this folder)
suppressMessages(library(metafor))
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript subgroups.R > subgroups.csv\n")
cat("call,level,estimate,se,statistic,p,pi_lower,pi_upper,QE,QB,QB_p\n")
d <- read.csv("../../../data/published/bcg.csv")
tight <- list(threshold = 1e-13, maxiter = 5000, tol = 1e-14)
put <- function(words, fits, pis) {
  b <- sapply(fits, function(f) f$beta[1]); w <- 1 / sapply(fits, function(f) f$se)^2
  q <- sum(w * (b - sum(w * b) / sum(w))^2)
  for (l in names(fits)) with(fits[[l]], cat(sprintf("%s,%s,%.12g,%.12g,%.12g,%.12g,%s,%.12g,%.12g,%.12g\n", words, l, beta[1], se, zval, pval,
    if (is.null(pis)) "," else sprintf("%.12g,%.12g", pis[[l]]$pi.lb, pis[[l]]$pi.ub), QE, q, pchisq(q, length(fits) - 1, lower.tail = FALSE))))
}
parts <- split(d, d$alloc)
for (m in c("OR", "RR", "RD")) put(paste("--mh --measure", m), lapply(parts, function(d) rma.mh(measure = m, ai = ai, bi = bi, ci = ci, di = di, data = d)), NULL)
put("--peto", lapply(parts, function(d) rma.peto(ai = ai, bi = bi, ci = ci, di = di, data = d)), NULL)
fits <- lapply(parts, function(d) rma(yi, vi, data = d, control = tight))
put("", fits, lapply(fits, predict))
