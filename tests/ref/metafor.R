# Cross-check of change measures against metafor.
#
#   Rscript metafor.R > metafor.csv
#
# Differences are after - before, so m1i/sd1i = after and m2i/sd2i = before.
# SMCR standardises by sd1i, so there sd1i = SD before (m1i is still the mean after).
suppressMessages(library(metafor))

cases <- data.frame(
  case = c("relapse-rate", "edss", "pain", "fatigue"),
  n    = 7,
  m1 = c(2.9, 5.1, 3.0, 6.1), s1 = c(1.1, 1.7, 1.5, 2.0),   # before
  m2 = c(0.4, 4.1, 0.9, 3.0), s2 = c(0.8, 1.6, 1.2, 1.4)    # after
)
rs <- c("-0.9", "-0.5", "0", "0.3", "0.5", "0.7", "0.9", "0.99")

cat("# Change measures of four before/after outcomes (n = 7), after - before, 17 significant digits (doubles).\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript metafor.R > metafor.csv\n")
cat("# Call: escalc(measure, m1i=after, m2i=before, sd1i=SD after, sd2i=SD before, ni, ri, vtype=\"LS\");\n")
cat("# SMCR: sd1i = SD before. ROMC of this version has no bias correction: yi = log(m1i/m2i).\n")
cat("measure,case,r,yi,vi\n")
for (measure in c("MC", "SMCC", "SMCR", "ROMC", "VRC")) {
  for (i in seq_len(nrow(cases))) {
    for (r in rs) {
      x <- cases[i, ]
      e <- switch(measure,
        SMCR = escalc("SMCR", m1i = x$m2, m2i = x$m1, sd1i = x$s1, ni = x$n, ri = as.numeric(r), vtype = "LS"),
        VRC  = escalc("VRC", sd1i = x$s2, sd2i = x$s1, ni = x$n, ri = as.numeric(r)),
        escalc(measure, m1i = x$m2, m2i = x$m1, sd1i = x$s2, sd2i = x$s1, ni = x$n, ri = as.numeric(r), vtype = "LS"))
      cat(sprintf("%s,%s,%s,%.17g,%.17g\n", measure, x$case, r, e$yi, e$vi))
    }
  }
}
