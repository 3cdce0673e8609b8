# Joint tests of some coefficients (--btt), by metafor's anova: lines as in walk.tsv.
#
#   Rscript btt.R > btt.tsv      (in this folder; needs clubSandwich)
suppressMessages(library(metafor))
source("polish.R")
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
konst <- read("konstantopoulos2011"); berkey <- read("berkey1998"); bcg <- read("bcg"); raud <- read("raudenbush1985")
cat("# Joint tests of some coefficients. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s, clubSandwich %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version, packageDescription("clubSandwich")$Version))
cat("# Regenerate: Rscript btt.R > btt.tsv\n")
put <- function(call, place, value, close = 1e-6) if (length(value) == 1 && !is.na(value) && is.finite(value))
  cat(sprintf("data/published/%s\t%s\t%.17g\t%g\n", call, place, value, close))
show <- function(call, f, btt, close = 1e-8) {
  a <- anova(f, btt = btt)
  put(call, "/btt/0/QM", a$QM, close); put(call, "/btt/0/QM_df", a$QMdf[1], 1e-12); put(call, "/btt/0/QM_df2", a$QMdf[2], close)
  put(call, "/btt/0/QM_p", a$QMp, close)
}
tight <- list(threshold = 1e-13, maxiter = 5000)
for (t in c("z", "t", "knha", "adhoc")) {
  f <- rma(yi, vi, mods = ~ ablat + factor(alloc) + year, data = bcg, test = t, control = tight)
  a <- sprintf("bcg.csv --mods \"ablat + factor(alloc) + year\" --test %s", t)
  show(paste(a, "--btt alloc"), f, "alloc"); show(paste(a, "--btt 3:4"), f, 3:4); show(paste(a, "--btt 2,5"), f, c(2, 5))
  show(paste(a, "--btt 1:5"), f, 1:5); show(paste(a, "--btt ablat"), f, 2)
}
f <- rma(yi, vi, mods = ~ ablat * factor(alloc), data = bcg, method = "DL")
show("bcg.csv --mods \"ablat * factor(alloc)\" --method DL --btt ablat", f, "ablat"); show("bcg.csv --mods \"ablat * factor(alloc)\" --method DL --btt \"ablat:\"", f, "ablat:")
# Below, metafor searches.
searched <- function(...) show(..., close = 1e-6)
f <- ls(yi, vi, mods = ~ ablat + year, scale = ~ ablat, data = bcg)
searched("bcg.csv --mods \"ablat + year\" --scale ablat --btt 2:3", f, 2:3)
for (t in c("z", "t")) {
  f <- mv(yi, vi, mods = ~ I(year - 1990) + I((year - 1990)^2), random = ~ 1 | district/school, data = konst, test = t)
  searched(sprintf("konstantopoulos2011.csv --mods \"I(year - 1990) + I((year - 1990)^2)\" --random \"1 | district/school\" --test %s --btt 2:3", t), f, 2:3)
}
V <- bldiag(lapply(split(berkey[c("v1i", "v2i")], berkey$trial), as.matrix))
# With years that are far from 0, the likelihood has 10 digits, and its maximum half of them.
f <- mv(yi, V, mods = ~ outcome * year - 1, random = ~ outcome | trial, struct = "UN", data = berkey)
show("berkey1998.csv --mods \"outcome * year - 1\" --random \"outcome | trial\" --struct UN --v-block v1i,v2i --v-cluster trial --btt outcome", f, "outcome", 5e-5)
show("berkey1998.csv --mods \"outcome * year - 1\" --random \"outcome | trial\" --struct UN --v-block v1i,v2i --v-cluster trial --btt year", f, "year", 5e-5)
# Robust tests: F with the clusters' degrees of freedom, and Hotelling's T2 of clubSandwich.
f <- mv(yi, vi, mods = ~ I(year - 1990) + I((year - 1990)^2), random = ~ 1 | district/school, data = konst)
for (kind in c("CR0", "CR1", "CR2")) {
  a <- sprintf("konstantopoulos2011.csv --mods \"I(year - 1990) + I((year - 1990)^2)\" --random \"1 | district/school\" --cluster district --vcov %s --btt", kind)
  if (kind == "CR2") {
    C <- clubSandwich::vcovCR(f, cluster = konst$district, type = "CR2")
    for (which in list(2:3, 1:2, 3)) {
      w <- clubSandwich::Wald_test(f, constraints = clubSandwich::constrain_zero(which), vcov = C, cluster = konst$district, test = "HTZ")
      call <- paste(a, if (length(which) > 1) paste(range(which), collapse = ":") else which)
      put(call, "/btt/0/QM", w$Fstat); put(call, "/btt/0/QM_df2", w$df_denom); put(call, "/btt/0/QM_p", w$p_val)
    }
  } else {
    r <- robust(f, cluster = konst$district, adjust = kind == "CR1")
    searched(paste(a, "2:3"), r, 2:3); searched(paste(a, "1:2"), r, 1:2)
  }
}
