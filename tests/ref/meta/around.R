# What metafor computes around a univariate fit, on published tables.
#
#   Rscript around.R > around.csv      (in this folder)
suppressMessages(library(metafor))
folder <- "../../../data/published/"
tables <- list(bcg = read.csv(paste0(folder, "bcg.csv")), hackshaw = read.csv(paste0(folder, "hackshaw1998.csv")),
  raudenbush = read.csv(paste0(folder, "raudenbush1985.csv")))
tight <- list(threshold = 1e-13, maxiter = 5000, tol = 1e-14)
cat("# Influence, BLUPs, variance inflation, small-study effects: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript around.R > around.csv\n")
cat("table,mods,method,test,what,quantity,value\n")
emit <- function(key, what, name, value) { value <- unname(unlist(value)); for (i in seq_along(value))
  if (is.finite(value[i])) cat(sprintf("%s,%s,%s[%d],%.17g\n", key, what, name, i, value[i])) }
fitted <- function(table, mods, method, test) rma(as.formula(paste("yi ~", mods)), vi, data = tables[[table]], method = method, test = test, control = tight)
for (case in list(c("bcg", "1", "REML", "z"), c("bcg", "1", "DL", "knha"), c("hackshaw", "1", "EE", "z"), c("hackshaw", "1", "REML", "z"),
                  c("bcg", "ablat + alloc", "REML", "z"), c("raudenbush", "weeks", "REML", "knha"))) {
  key <- paste(case, collapse = ","); fit <- fitted(case[1], case[2], case[3], case[4]); d <- tables[[case[1]]]
  inf <- influence(fit)
  for (n in c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")) emit(key, "influence", n, inf$inf[[n]])
  for (j in seq_len(fit$p)) emit(key, "influence", paste0("dfbetas", j), inf$dfbs[[j]])
  if (!case[3] %in% c("EE")) { b <- blup(fit); emit(key, "blup", "pred", b$pred); emit(key, "blup", "se", b$se); emit(key, "blup", "pi.lb", b$pi.lb) }
  pdf(NULL); bj <- baujat(fit); emit(key, "baujat", "x", bj$x); emit(key, "baujat", "y", bj$y)
  if (case[2] != "1") emit(key, "vif", "vif", vif(fit)$vif)
  if (case[2] == "1") {
    l <- leave1out(fit)
    for (n in c("estimate", "se", "pval", "ci.lb", "Q", "Qp", "tau2", "I2", "H2")) emit(key, "leave1out", n, l[[n]])
    cu <- cumul(fit, order = d$year)
    for (n in c("estimate", "se", "pval", "ci.ub", "tau2", "I2", "H2")) emit(key, "cumul", n, cu[[n]])
    for (e in c("L0", "R0", "Q0")) for (s in c("auto", "left", "right")) {
      tf <- try(if (s == "auto") trimfill(fit, estimator = e) else trimfill(fit, estimator = e, side = s), silent = TRUE)
      # Fitted again, since trimfill keeps neither the tight control nor the test.
      if (!inherits(tf, "try-error")) f2 <- rma(c(tf$yi), c(tf$vi), method = case[3], test = case[4], control = tight)
      if (!inherits(tf, "try-error")) emit(key, paste0("trimfill-", e, "-", s), "all", c(tf$k0, if (is.na(tf$se.k0)) Inf else tf$se.k0, tf$k, f2$beta, f2$se, f2$tau2, f2$QE))
    }
    for (p in c("sei", "vi")) for (m in c("rma", "lm")) { r <- regtest(fit, model = m, predictor = p); emit(key, paste0("egger-", m, "-", p), "all", c(r$zval, r$pval, r$est, r$ci.lb)) }
    r <- ranktest(fit); emit(key, "begg", "all", c(r$tau, r$pval))
    for (t in c("Rosenthal", "Orwin", "Rosenberg")) { r <- fsn(yi, vi, data = d, type = t); emit(key, paste0("fsn-", tolower(t)), "all", c(r$fsnum, if (t == "Orwin") Inf else r$pval)) }
    if (case[3] != "DL") { r <- tes(fit); emit(key, "tes", "all", c(r$O, r$E, r$pval)) }
    r <- hc(fit, control = list(tol = 1e-12)); emit(key, "hc", "all", c(r$beta, r$se, r$ci.lb, r$ci.ub, r$tau2))
  }
}
