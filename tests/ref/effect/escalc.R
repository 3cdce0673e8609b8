# Effect sizes and sampling variances of metafor's escalc, one row a call.
#
#   Rscript escalc.R > escalc.csv
#
# metafor 3.8-1 stands here for the measures whose definition has not changed up to version 5. Those
# that changed, or that it does not have, are in escalc.py, from the formulas that version 5
# documents. Groups of a million are there too: metafor's J, a difference of two lgamma, keeps nine
# digits there.
suppressMessages(library(metafor))
options(warn = -1)

cat("# yi and vi of metafor's escalc with its default options, or with those in the column options; 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript escalc.R > escalc.csv\n")
cat("# inputs are name=value pairs with ; between them; an empty yi or vi is NA.\n")
cat("measure,options,inputs,yi,vi\n")

number <- function(x) if (is.na(x)) "" else formatC(x, digits = 17, width = 1, format = "g")

emit <- function(measure, inputs, ...) {
  options <- list(...)
  x <- do.call(escalc, c(list(measure = measure), inputs, options))
  text <- function(l) paste(sprintf("%s=%s", names(l), sapply(l, function(v) if (is.numeric(v)) formatC(v, digits = 15, width = 1, format = "g") else as.character(v))), collapse = ";")
  cat(sprintf("%s,%s,%s,%s,%s\n", measure, if (length(options)) text(options) else "", text(inputs), number(x$yi), number(x$vi)))
}

groups <- list(
  list(m1i = 2.9, sd1i = 1.1, n1i = 7,   m2i = 0.4,  sd2i = 0.8, n2i = 7),
  list(m1i = 5.1, sd1i = 1.7, n1i = 12,  m2i = 4.1,  sd2i = 1.6, n2i = 15),
  list(m1i = 103, sd1i = 5.5, n1i = 50,  m2i = 100,  sd2i = 4.5, n2i = 50),
  list(m1i = 8,   sd1i = 2,   n1i = 2,   m2i = 6.5,  sd2i = 1,   n2i = 2),
  list(m1i = 8,   sd1i = 2,   n1i = 3,   m2i = 6.5,  sd2i = 1,   n2i = 4),
  list(m1i = 1.2, sd1i = 0.1, n1i = 5,   m2i = 3.4,  sd2i = 2.5, n2i = 6),
  list(m1i = 0.2, sd1i = 9,   n1i = 400, m2i = 0.21, sd2i = 8,   n2i = 3500),
  list(m1i = 3,   sd1i = 1,   n1i = 8,   m2i = 3,    sd2i = 1,   n2i = 8)
)
for (g in groups) {
  emit("MD", g); emit("MD", g, vtype = "HO")
  for (v in c("LS", "LS2", "UB")) emit("SMD", g, vtype = v)
  for (v in c("LS", "LS2", "UB")) emit("SMD1", g, vtype = v)
  for (m in c("VR", "RBIS", "D2OR", "D2ORN", "D2ORL")) emit(m, g)
  for (v in c("ST", "CS")) emit("RPB", g, vtype = v)
}
for (n in list(c(10, 12), c(3, 4), c(2, 2))) {
  emit("SMD", list(di = 0.6, n1i = n[1], n2i = n[2])); emit("SMD", list(ti = -2.2, n1i = n[1], n2i = n[2]))
}

tables <- list(
  list(ai = 4, bi = 119, ci = 11, di = 128), list(ai = 3, bi = 9, ci = 5, di = 6), list(ai = 0, bi = 9, ci = 5, di = 6),
  list(ai = 3, bi = 0, ci = 5, di = 6),      list(ai = 0, bi = 9, ci = 0, di = 6), list(ai = 4, bi = 0, ci = 6, di = 0),
  list(ai = 1, bi = 1, ci = 1, di = 2),      list(ai = 0, bi = 2, ci = 3, di = 0), list(ai = 5, bi = 2, ci = 1, di = 6),
  list(ai = 62, bi = 13536, ci = 248, di = 12619), list(ai = 20, bi = 10, ci = 8, di = 25)
)
for (t in tables) {
  for (m in c("RR", "OR", "RD", "AS", "PETO", "PBIT", "OR2D", "OR2DN", "OR2DL", "YUQ", "YUY", "MPRR", "MPOR", "MPRD", "MPORC", "MPPETO")) {
    emit(m, t)
    emit(m, t, to = "none")
    emit(m, t, add = 0.25, to = "all")
  }
  for (m in c("RR", "OR", "RD", "AS", "PETO")) emit(m, t, drop00 = TRUE)
  for (v in c("LS", "ST", "CS")) emit("PHI", t, vtype = v)
  emit("MPORM", list(ai = t$ai + 3, bi = t$bi + 3, ci = t$ai + 4, di = t$bi + 2, ri = 0.3))
}

for (e in list(c(20, 7, 3, 7), c(0, 12, 4, 10), c(3, 8.5, 0, 9), c(0, 5, 0, 6), c(1, 0.25, 2, 1000), c(119, 2456.5, 156, 2204))) {
  x <- list(x1i = e[1], t1i = e[2], x2i = e[3], t2i = e[4])
  for (m in c("IRR", "IRD", "IRSD")) { emit(m, x); emit(m, x, to = "none"); emit(m, x, add = 0.25, to = "all"); emit(m, x, drop00 = TRUE) }
  y <- list(xi = e[1], ti = e[2])
  for (m in c("IR", "IRLN", "IRS", "IRFT")) { emit(m, y); emit(m, y, to = "none"); emit(m, y, add = 0.25, to = "all") }
}

for (p in list(c(5, 7), c(0, 7), c(7, 7), c(1, 2), c(0, 2), c(3, 3), c(114, 731), c(1, 1e6))) {
  x <- list(xi = p[1], ni = p[2])
  for (m in c("PR", "PLN", "PLO", "PAS", "PFT")) { emit(m, x); emit(m, x, to = "none"); emit(m, x, add = 0.25, to = "all") }
}

for (g in groups) {
  x <- list(mi = g$m1i, sdi = g$sd1i, ni = g$n1i)
  for (m in c("MN", "MNLN", "CVLN", "SDLN")) emit(m, x)
}

for (c in list(c(0.5, 20), c(-0.93, 5), c(0.02, 6), c(0, 9), c(0.99, 4), c(0.3, 3), c(0.7, 7), c(-0.4, 300), c(0.999, 12), c(0.01, 5), c(0.6, 33))) {
  x <- list(ri = c[1], ni = c[2])
  for (m in c("COR", "ZCOR")) emit(m, x)
}

for (a in list(c(0.93, 20, 103), c(0.4, 2, 7), c(-0.6, 5, 12), c(0.999, 10, 5))) {
  for (m in c("ARAW", "AHW", "ABT")) emit(m, list(ai = a[1], mi = a[2], ni = a[3]))
}
for (h in list(c(10, 14, 3), c(1, 1, 1), c(120, 340, 260))) emit("REH", list(ai = h[1], bi = h[2], ci = h[3]))

for (i in seq_along(groups)) for (r in c(-0.9, 0, 0.5, 0.9)) {
  g <- groups[[i]]
  x <- list(m1i = g$m1i, sd1i = g$sd1i, m2i = g$m2i, sd2i = g$sd2i, ri = r, ni = g$n1i)
  for (m in c("MC", "VRC")) emit(m, x)
  for (v in c("LS", "LS2")) { emit("SMCC", x, vtype = v); emit("SMCR", x, vtype = v) }
}
emit("GEN", list(yi = -0.4, vi = 0.02)); emit("GEN", list(yi = -0.4, sei = 0.2))
