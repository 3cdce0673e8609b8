# Mantel-Haenszel and Peto of metafor on published tables of counts.
#
#   Rscript counts.R > counts.csv      (in this folder)
suppressMessages(library(metafor))
folder <- "../../../data/published/"
cat("# Mantel-Haenszel and Peto: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript counts.R > counts.csv\n")
cat("table,measure,quantity,value\n")
emit <- function(table, measure, fit) for (n in c("beta", "se", "pval", "ci.lb", "QE", "QEp", "I2", "H2", "MH", "MHp", "TA", "TAp", "BD", "BDp", "k"))
  if (!is.null(fit[[n]]) && is.finite(fit[[n]])) cat(sprintf("%s,%s,%s,%.17g\n", table, measure, n, fit[[n]]))
quiet <- function(x) suppressWarnings(x)
for (table in c("bcg", "hine1989", "nielweise2007", "yusuf1985-table6")) {
  d <- read.csv(paste0(folder, table, ".csv"))
  if (is.null(d$n1i)) { d$n1i <- d$ai + d$bi; d$n2i <- d$ci + d$di }
  for (m in c("OR", "RR", "RD")) emit(table, m, quiet(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, measure = m)))
  emit(table, "PETO", quiet(rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d)))
}
d <- read.csv(paste0(folder, "hart1999.csv"))
for (m in c("IRR", "IRD")) emit("hart1999", m, quiet(rma.mh(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, measure = m)))
