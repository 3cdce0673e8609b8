# Mantel-Haenszel and Peto of metafor on published tables of counts.
#
#   Rscript counts.R > counts.csv      (in this folder)
suppressMessages(library(metafor))
folder <- "../../../data/published/"
cat("# Mantel-Haenszel and Peto: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-23.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript counts.R > counts.csv\n")
cat("table,measure,quantity,value\n")
emit <- function(table, measure, fit) for (n in c("beta", "se", "pval", "ci.lb", "QE", "QEp", "I2", "H2", "MH", "MHp", "TA", "TAp", "BD", "BDp", "k"))
  if (!is.null(fit[[n]]) && is.finite(fit[[n]])) cat(sprintf("%s,%s,%s,%.17g\n", table, measure, n, fit[[n]]))
# The weights of the studies in per cent, as far as they have an effect of their own, by their place among those with counts.
weigh <- function(table, measure, fit) {
  w <- weights(fit)
  has_effect <- !is.na(fit$yi.f[as.integer(names(w))])
  for (i in which(is.finite(w) & has_effect)) cat(sprintf("%s,%s,w%d,%.17g\n", table, measure, i, w[i]))
}
quiet <- function(x) suppressWarnings(x)
for (table in c("bcg", "hine1989", "nielweise2007", "yusuf1985-table6")) {
  d <- read.csv(paste0(folder, table, ".csv"))
  if (is.null(d$n1i)) { d$n1i <- d$ai + d$bi; d$n2i <- d$ci + d$di }
  for (m in c("OR", "RR", "RD")) {
    fit <- quiet(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, measure = m))
    emit(table, m, fit)
    weigh(table, m, fit)
  }
  fit <- quiet(rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d))
  emit(table, "PETO", fit)
  weigh(table, "PETO", fit)
}
d <- read.csv(paste0(folder, "hart1999.csv"))
for (m in c("IRR", "IRD")) {
  fit <- quiet(rma.mh(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, measure = m))
  emit("hart1999", m, fit)
  weigh("hart1999", m, fit)
}
