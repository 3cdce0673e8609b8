# Step-function selection models and location-scale models of metafor on published tables.
#
#   Rscript likelihood.R > likelihood.csv      (in this folder)
suppressMessages(library(metafor))
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
tables <- list(bcg = read("bcg"), hackshaw = read("hackshaw1998"), raudenbush = read("raudenbush1985"))
cat("# Selection models with steps and location-scale models: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript likelihood.R > likelihood.csv\n")
cat("kind,table,mods,option,quantity,value\n")
emit <- function(key, name, value) { value <- unname(c(value)); for (i in seq_along(value)) if (is.finite(value[i])) cat(sprintf("%s,%s[%d],%.17g\n", key, name, i, value[i])) }
for (case in list(list("hackshaw", 0.025), list("hackshaw", c(0.05, 0.5)), list("raudenbush", 0.5))) {
  d <- tables[[case[[1]]]]; fit <- rma(yi, vi, data = d, method = "ML", control = list(threshold = 1e-13, maxiter = 5000))
  s <- try(selmodel(fit, type = "stepfun", steps = c(case[[2]], 1), control = list(optimizer = "nlminb")), silent = TRUE)
  if (inherits(s, "try-error")) { message(case[[1]], " ", attr(s, "condition")$message); next }
  key <- paste("stepfun", case[[1]], "1", paste(case[[2]], collapse = " "), sep = ",")
  emit(key, "beta", s$beta); emit(key, "se", s$se); emit(key, "tau2", s$tau2); emit(key, "se_tau2", s$se.tau2); emit(key, "delta", s$delta); emit(key, "delta_se", s$se.delta[-1]); emit(key, "LRT", s$LRT); emit(key, "LRT_p", s$LRTp); emit(key, "loglik", logLik(s))
}
for (case in list(c("bcg", "1", "ablat"), c("bcg", "ablat", "ablat"), c("hackshaw", "1", "cases"), c("raudenbush", "1", "setting"))) for (m in c("REML", "ML")) {
  d <- tables[[case[1]]]
  f <- try(rma(as.formula(paste("yi ~", case[2])), vi, scale = as.formula(paste("~", case[3])), data = d, method = m), silent = TRUE)
  if (inherits(f, "try-error")) { message(case[1], " ", case[3], " ", attr(f, "condition")$message); next }
  key <- paste("scale", case[1], case[2], paste(case[3], m), sep = ",")
  emit(key, "beta", f$beta); emit(key, "se", f$se); emit(key, "alpha", f$alpha); emit(key, "alpha_se", f$se.alpha); emit(key, "QM", f$QM); emit(key, "QS", f$QS); emit(key, "loglik", logLik(f)); emit(key, "tau2", f$tau2)
}
