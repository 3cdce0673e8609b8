# I² of multilevel models: the formula of metafor's site written out, on fits of rma.mv.
#
#   Rscript i2_levels.R > i2_levels.csv      (in this folder)
suppressMessages(library(metafor))
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript i2_levels.R > i2_levels.csv\n")
cat("table,random,mods,v_rho,total,parts\n")
shares <- function(fit, V, variances) {
  W <- solve(V); X <- model.matrix(fit)
  P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
  100 * variances / (sum(variances) + (fit$k - fit$p) / sum(diag(P)))
}
put <- function(table, random, mods, rho, all) cat(sprintf("%s,%s,%s,%s,%.12g,%s\n", table, random, mods, rho, sum(all), paste(sprintf("%.12g", all), collapse = " ")))
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15, maxit = 5000)
k11 <- read.csv("../../../data/published/konstantopoulos2011.csv")
for (mods in c("1", "year")) {
  fit <- rma.mv(yi, vi, mods = as.formula(paste("~", mods)), random = ~ 1 | district/school, data = k11, control = tight)
  put("konstantopoulos2011", "1 | district/school", mods, "", shares(fit, diag(k11$vi), fit$sigma2))
}
V <- vcalc(vi, cluster = district, obs = study, data = k11, rho = 0.4)
fit <- rma.mv(yi, V, random = ~ 1 | district/school, data = k11, control = tight)
put("konstantopoulos2011", "1 | district/school", "1", "0.4", shares(fit, V, fit$sigma2))
