# Univariate models of metafor on published tables.
#
#   Rscript univariate.R > univariate.csv      (in this folder)
#
# Iterated estimators run with their control set tight; the defaults carry 3 to 7 digits.
suppressMessages(library(metafor))
folder <- "../../../data/published/"
tables <- list(
  bcg = read.csv(paste0(folder, "bcg.csv")),
  raudenbush = read.csv(paste0(folder, "raudenbush1985.csv")),
  hackshaw = read.csv(paste0(folder, "hackshaw1998.csv")),
  normand = read.csv(paste0(folder, "normand1999.csv")))
tables$three <- tables$bcg[1:3, ]
tables$two <- tables$bcg[c(4, 7), ]
tables$alike <- data.frame(yi = c(0.10, 0.12, 0.09, 0.11, 0.10), vi = c(0.04, 0.05, 0.03, 0.06, 0.04))
tight <- list(threshold = 1e-13, maxiter = 5000, tol = 1e-14, REMLf = TRUE, tau2.max = 1e6)
cat("# Univariate meta-analyses and meta-regressions, 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript univariate.R > univariate.csv\n")
cat("table,mods,method,test,weighting,quantity,value\n")
emit <- function(key, name, value) for (i in seq_along(value))
  if (!is.null(value[i]) && is.finite(value[i])) cat(sprintf("%s,%s%s,%.17g\n", key, name, if (length(value) > 1) paste0("[", i, "]") else "", value[i]))
one <- function(table, mods, method, test, weighting) {
  d <- tables[[table]]
  args <- list(yi = as.formula(paste("yi ~", mods)), vi = quote(vi), data = d, method = method, test = test, control = tight)
  if (weighting == "user") args$weights <- 1 / (d$vi + 0.1)
  if (weighting == "equal") args$weighted <- FALSE
  if (startsWith(weighting, "tau2=")) args$tau2 <- as.numeric(sub("tau2=", "", weighting))
  fit <- try(suppressWarnings(do.call(rma, args)), silent = TRUE)
  if (inherits(fit, "try-error")) { message(table, " ", mods, " ", method, " ", attr(fit, "condition")$message); return() }
  key <- paste(table, mods, method, test, weighting, sep = ",")
  fixed <- startsWith(weighting, "tau2=")
  emit(key, "tau2", fit$tau2); if (!fixed) emit(key, "se_tau2", fit$se.tau2); emit(key, "I2", fit$I2); emit(key, "H2", fit$H2)
  if (!method %in% c("FE", "EE") && !fixed) emit(key, "R2", fit$R2)
  emit(key, "beta", c(fit$beta)); emit(key, "se", fit$se); emit(key, "p", fit$pval)
  emit(key, "ci_lower", fit$ci.lb); emit(key, "ci_upper", fit$ci.ub)
  emit(key, "QE", fit$QE); emit(key, "QE_p", fit$QEp); emit(key, "QM", fit$QM); emit(key, "QM_p", fit$QMp)
  emit(key, "loglik", c(logLik(fit))); emit(key, "deviance", c(deviance(fit)))
  emit(key, "aic", AIC(fit)); emit(key, "bic", BIC(fit)); emit(key, "aicc", AIC(fit, correct = TRUE))
  if (mods == "1") { pr <- predict(fit); if (!is.null(pr$pi.lb) && !method %in% c("FE", "EE")) emit(key, "pi", c(pr$pi.lb, pr$pi.ub)) }
  if (method == "REML" && test == "z" && weighting == "inverse") {
    ci <- suppressWarnings(confint(fit, type = "QP", control = list(tol = 1e-14, tau2.max = 1e6)))$random
    emit(key, "tau2_ci", ci["tau^2", 2:3]); emit(key, "I2_ci", ci["I^2(%)", 2:3]); emit(key, "H2_ci", ci["H^2", 2:3])
    ci <- suppressWarnings(confint(fit, type = "PL", control = list(tol = 1e-14)))$random
    emit(key, "tau2_pl", ci["tau^2", 2:3])
  }
}
methods <- c("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "DLIT", "SJIT")
mods <- list(bcg = c("1", "ablat", "ablat + alloc", "ablat * alloc", "0 + alloc", "I(year - 1948)"), raudenbush = c("1", "weeks"),
  hackshaw = "1", normand = "1", three = "1", two = "1", alike = "1")
for (table in names(mods)) for (m in mods[[table]]) for (method in methods)
  if (m == "1" || !method %in% c("DLIT", "SJIT")) one(table, m, method, "z", "inverse")
for (test in c("t", "knha", "adhoc")) for (method in c("FE", "DL", "REML"))
  for (case in list(c("bcg", "1"), c("bcg", "ablat + alloc"), c("alike", "1"), c("three", "1"), c("two", "1")))
    one(case[1], case[2], method, test, "inverse")
for (weighting in c("user", "equal", "tau2=0.25")) for (test in c("z", "knha")) for (method in c("FE", "DL", "REML", "ML"))
  for (m in c("1", "ablat + alloc")) if (method != "FE" || weighting != "tau2=0.25") one("bcg", m, method, test, weighting)
for (m in c("1", "ablat + alloc")) one("bcg", m, "GENQ", "z", "user")
