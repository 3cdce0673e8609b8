# What every flag of `reffect meta` must give, by metafor: a call, a place in its JSON, a value, and how close.
#
#   Rscript walk.R > walk.tsv      (in this folder)
#
# Generalised Q needs the package CompQuadForm for the distribution of quadratic forms. Where it is not installed, a
# package with its function `farebrother` by the series of Ruben (1962), Ann Math Stat 33:542, is made for the time of
# the script.
suppressMessages(library(metafor))
source("polish.R")
folder <- "../../../data/published/"
read <- function(name) read.csv(paste0(folder, name, ".csv"))
bcg <- read("bcg"); konst <- read("konstantopoulos2011"); berkey <- read("berkey1998"); ishak <- read("ishak2007")
hack <- read("hackshaw1998"); niel <- read("nielweise2007"); hine <- read("hine1989"); hart <- read("hart1999")
raud <- read("raudenbush1985"); yusuf <- read("yusuf1985-table6"); norm <- read("normand1999")
if (!requireNamespace("CompQuadForm", quietly = TRUE)) {
  where <- file.path(tempdir(), "CompQuadForm"); dir.create(file.path(where, "R"), recursive = TRUE)
  writeLines(c("Package: CompQuadForm", "Version: 0.0.1", "Title: Quadratic Forms", "Description: Ruben series.", "License: CC0", "Author: none", "Maintainer: none <none@none.none>"), file.path(where, "DESCRIPTION"))
  writeLines("export(farebrother)", file.path(where, "NAMESPACE"))
  writeLines(c("farebrother <- function(q, lambda, ...) {",
    "  # Ruben's series: sum of a_k P(chi2 with n + 2k df < q/beta), beta the least lambda.",
    "  beta <- min(lambda); n <- length(lambda); r <- 1 - beta/lambda; a <- prod(sqrt(beta/lambda)); g <- numeric(0)",
    "  p <- a*pchisq(q/beta, n); k <- 0",
    "  while (1 - sum(a) > 1e-14 && k < 20000) { k <- k + 1; g <- c(g, sum(r^k)/2); a <- c(a, sum(rev(g)*a)/k); p <- p + a[k + 1]*pchisq(q/beta, n + 2*k) }",
    "  list(Qq = 1 - p, res = 1 - p, ifault = 0)", "}"), file.path(where, "R", "f.R"))
  library_of <- file.path(tempdir(), "library"); dir.create(library_of)
  invisible(system2("R", c("CMD", "INSTALL", "--no-docs", paste0("--library=", library_of), where), stdout = FALSE, stderr = FALSE))
  .libPaths(c(library_of, .libPaths()))
}
tight <- list(threshold = 1e-13, maxiter = 5000, tol = 1e-14, tau2.max = 1e6)
cat("# What every flag gives. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript walk.R > walk.tsv\n")
# How close: closed forms and tau2 by a search that ends at the last digits, and below what metafor minimises.
exact <- 1e-8; searched <- 1e-6; within <- exact
put <- function(call, place, value, close = within) {
  value <- unname(c(unlist(value)))
  for (i in seq_along(value)) if (!is.null(value[i]) && !is.na(value[i]) && is.finite(value[i]))
    cat(sprintf("%s\t%s\t%.17g\t%g\n", call, if (length(value) > 1) paste0(place, "/", i - 1) else place, value[i], close))
}
coefs <- function(call, b, se, z, p, lb, ub, at = "/coefficients") for (j in seq_along(b)) {
  here <- paste0(at, "/", j - 1)
  put(call, paste0(here, "/estimate"), c(b)[j]); put(call, paste0(here, "/se"), se[j])
  put(call, paste0(here, "/statistic"), z[j]); put(call, paste0(here, "/p"), p[j])
  put(call, paste0(here, "/ci"), c(lb[j], ub[j]))
}
model <- function(call, f) {
  put(call, "/k", f$k); put(call, "/p", f$p)
  coefs(call, f$beta, f$se, f$zval, f$pval, f$ci.lb, f$ci.ub)
  put(call, "/QE", f$QE); put(call, "/QE_p", f$QEp); put(call, "/QM", f$QM); put(call, "/QM_p", f$QMp)
  put(call, "/QM_df", f$QMdf[1]); put(call, "/QM_df2", f$QMdf[2])
}
criteria <- function(call, f) {
  put(call, "/fit/loglik", c(logLik(f))); put(call, "/fit/deviance", c(deviance(f)))
  put(call, "/fit/aic", AIC(f)); put(call, "/fit/bic", BIC(f)); put(call, "/fit/aicc", AIC(f, correct = TRUE))
}
uni <- function(call, f, intervals = TRUE, se = TRUE, pi = TRUE) {
  call <- paste0("data/published/", call); model(call, f); put(call, "/tau2", f$tau2); put(call, "/I2", f$I2); put(call, "/H2", f$H2)
  if (se && !is.null(f$se.tau2)) put(call, "/se_tau2", f$se.tau2)
  if (!is.null(f$R2) && !f$tau2.fix) put(call, "/R2", f$R2)
  criteria(call, f)
  if (intervals && !f$tau2.fix && !f$method %in% c("FE", "EE")) {
    ci <- suppressWarnings(confint(f, type = "QP", control = list(tol = 1e-14, tau2.max = 1e6)))$random
    if (!anyNA(ci)) { put(call, "/tau2_ci", ci["tau^2", 2:3]); put(call, "/I2_ci", ci["I^2(%)", 2:3]); put(call, "/H2_ci", ci["H^2", 2:3]) }
  }
  if (pi && f$int.only && !f$method %in% c("FE", "EE")) { pr <- predict(f); put(call, "/prediction", c(pr$pi.lb, pr$pi.ub)) }
  invisible(f)
}
r <- function(..., data) {
  call <- match.call(); call[[1]] <- quote(rma); call$control <- tight; if (missing(data)) call$data <- quote(bcg)
  suppressWarnings(eval(call, parent.frame()))
}

# Methods, alone and with moderators.
for (m in c("FE", "EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "DLIT", "SJIT"))
  uni(paste("bcg.csv --method", m), r(yi, vi, method = m))
for (m in c("FE", "DL", "HE", "HSk", "SJ", "ML", "REML", "PM", "PMM"))
  uni(paste("bcg.csv --mods ablat --method", m), r(yi, vi, mods = ~ ablat, method = m))
uni("bcg.csv --method GENQ --weights ablat", r(yi, vi, weights = ablat, method = "GENQ"))
uni("bcg.csv --method GENQM --weights ablat", r(yi, vi, weights = ablat, method = "GENQM"))
uni("bcg.csv --method GENQM --weights year --mods ablat", r(yi, vi, mods = ~ ablat, weights = year, method = "GENQM"))
uni("hackshaw1998.csv --method GENQM --weights cases", r(yi, vi, weights = cases, method = "GENQM", data = hack))
f <- r(yi, vi, weights = ablat, method = "GENQ")
A <- diag(bcg$ablat); P <- A - tcrossprod(bcg$ablat)/sum(bcg$ablat)
# confint() itself ends its search with R's loose default.
limit <- function(level, lower) uniroot(metafor:::.GENQ.func, c(0, 100), P = P, vi = bcg$vi, Q = c(t(bcg$yi) %*% P %*% bcg$yi), level = level, k = 13, p = 1, getlower = lower, tol = 1e-14)$root
put("data/published/bcg.csv --method GENQ --weights ablat --tau2-ci GENQ", "/tau2_ci", c(limit(0.025, TRUE), limit(0.025, FALSE)))
# Tests.
for (t in c("z", "t", "knha", "adhoc")) for (mods in c("", "ablat + alloc")) {
  f <- if (mods == "") r(yi, vi, test = t) else r(yi, vi, mods = ~ ablat + alloc, test = t)
  uni(paste0("bcg.csv --test ", t, if (mods != "") ' --mods "ablat + alloc"'), f)
}
uni("bcg.csv --test hk", r(yi, vi, test = "knha"))
# Weights, tau2, level, formulas.
uni("bcg.csv --weights year", r(yi, vi, weights = year)); uni("bcg.csv --unweighted", r(yi, vi, weighted = FALSE))
uni("bcg.csv --unweighted --test knha --mods ablat", r(yi, vi, mods = ~ ablat, weighted = FALSE, test = "knha"))
uni("bcg.csv --tau2 0.2", r(yi, vi, tau2 = 0.2), se = FALSE)
uni("bcg.csv --level 0.9", r(yi, vi, level = 90), intervals = FALSE)
uni('bcg.csv --mods "ablat * alloc"', r(yi, vi, mods = ~ ablat * alloc))
uni('bcg.csv --mods "0 + alloc"', r(yi, vi, mods = ~ 0 + alloc)); uni('bcg.csv --mods "alloc - 1"', r(yi, vi, mods = ~ alloc - 1))
uni('bcg.csv --mods "I(ablat^2) + factor(alloc)"', r(yi, vi, mods = ~ I(ablat^2) + factor(alloc)))
uni('bcg.csv --mods "ablat:alloc"', r(yi, vi, mods = ~ ablat:alloc))
uni('bcg.csv --mods "I(year - 1960)"', r(yi, vi, mods = ~ I(year - 1960)))
f <- r(yi, vi, mods = ~ I(year - 1960)); for (n in c("tau2", "QE", "I2", "R2")) put("data/published/bcg.csv --mods year", paste0("/", n), f[[n]])
put("data/published/bcg.csv --mods year", "/coefficients/1/estimate", f$beta[2]); put("data/published/bcg.csv --mods year", "/coefficients/1/se", f$se[2])
# Measures of counts and means.
for (m in c("RR", "OR", "RD", "AS", "PETO")) uni(paste("bcg.csv --measure", m), r(measure = m, ai = ai, bi = bi, ci = ci, di = di))
for (m in c("MD", "SMD")) uni(paste("normand1999.csv --method DL --measure", m), r(measure = m, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, method = "DL", data = norm))
uni("normand1999.csv --method DL --measure SMD --vtype UB", r(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, method = "DL", vtype = "UB", data = norm))
uni("nielweise2007.csv --measure OR --add 0.25 --to all", r(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, add = 0.25, to = "all", data = niel))
uni("nielweise2007.csv --measure OR --drop00", r(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, drop00 = TRUE, data = niel))
uni("hart1999.csv --measure IRR", r(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = hart))
# Intervals of tau2 and prediction.
for (m in c("ML", "REML")) { f <- r(yi, vi, method = m); put(paste("data/published/bcg.csv --tau2-ci PL --method", m), "/tau2_ci", confint(f, type = "PL", control = list(tol = 1e-14))$random["tau^2", 2:3]) }
for (t in c("default", "simple", "t", "riley", "hts")) for (test in c("z", "knha")) {
  p <- predict(r(yi, vi, test = test), pi.type = if (t == "hts") "riley" else t); put(paste("data/published/bcg.csv --pi-type", t, "--test", test), "/prediction", c(p$pi.lb, p$pi.ub))
}
pr <- function(call, p) for (i in seq_along(p$pred)) { here <- paste0("/predict/", i - 1)
  put(call, paste0(here, "/estimate"), p$pred[i]); put(call, paste0(here, "/se"), p$se[i]); put(call, paste0(here, "/ci"), c(p$ci.lb[i], p$ci.ub[i]))
  if (!is.null(p$pi.lb)) put(call, paste0(here, "/pi"), c(p$pi.lb[i], p$pi.ub[i])) }
pr("data/published/bcg.csv --predict", predict(r(yi, vi)))
f <- r(yi, vi, mods = ~ ablat + alloc)
pr('data/published/bcg.csv --mods "ablat + alloc" --predict', predict(f))
pr('data/published/bcg.csv --mods "ablat + alloc" --predict --newmods "ablat=13,alloc=random;ablat=55,alloc=systematic"', predict(f, newmods = rbind(c(13, 1, 0), c(55, 0, 1))))
pr('data/published/bcg.csv --mods "ablat + alloc" --predict --pi-type riley --test t', predict(r(yi, vi, mods = ~ ablat + alloc, test = "t"), pi.type = "riley"))
# Extras of one fit.
f <- r(yi, vi); B <- "data/published/bcg.csv "
l <- leave1out(f); for (i in 1:13) for (n in list(c("estimate", "estimate"), c("se", "se"), c("statistic", "zval"), c("p", "pval"), c("tau2", "tau2"), c("I2", "I2"), c("H2", "H2"), c("QE", "Q"), c("QE_p", "Qp"))) put(paste0(B, "--leave-one-out"), sprintf("/leave_one_out/%d/%s", i - 1, n[1]), l[[n[2]]][i])
l <- cumul(f, order = bcg$year); for (i in 1:13) for (n in c("estimate", "se", "tau2", "I2", "H2")) put(paste0(B, "--cumulative year"), sprintf("/cumulative/%d/%s", i - 1, n), l[[n]][i])
inf <- influence(f); for (i in 1:13) for (n in list(c("rstudent", "rstudent"), c("dffits", "dffits"), c("cook_d", "cook.d"), c("cov_r", "cov.r"), c("tau2_del", "tau2.del"), c("QE_del", "QE.del"), c("hat", "hat"), c("weight", "weight"))) put(paste0(B, "--influence"), sprintf("/influence/%d/%s", i - 1, n[1]), inf$inf[[n[2]]][i])
for (i in 1:13) put(paste0(B, "--influence"), sprintf("/influence/%d/dfbetas/0", i - 1), inf$dfbs[[1]][i])
b <- blup(f); for (i in 1:13) { put(paste0(B, "--blup"), sprintf("/blup/%d/estimate", i - 1), b$pred[i]); put(paste0(B, "--blup"), sprintf("/blup/%d/se", i - 1), b$se[i]); put(paste0(B, "--blup"), sprintf("/blup/%d/pi", i - 1), c(b$pi.lb[i], b$pi.ub[i])) }
pdf(NULL); bj <- baujat(f); for (i in 1:13) { put(paste0(B, "--baujat"), sprintf("/baujat/%d/x", i - 1), bj$x[i]); put(paste0(B, "--baujat"), sprintf("/baujat/%d/y", i - 1), bj$y[i]) }
f2 <- r(yi, vi, mods = ~ ablat + year); put(paste0(B, '--mods "ablat + year" --vif'), "/vif", vif(f2)$vif)
a <- anova(f2, X = rbind(c(0, 10, 1), c(1, 33, 1968)))
for (j in 1:2) { here <- sprintf("/contrasts/%d", j - 1); call <- paste0(B, '--mods "ablat + year" --contrast "change=0,10,1" --contrast "mean=1,33,1968"')
  put(call, paste0(here, "/estimate"), a$Xb[j]); put(call, paste0(here, "/se"), a$se[j]); put(call, paste0(here, "/statistic"), a$zval[j]); put(call, paste0(here, "/p"), a$pval[j]) }
a <- anova(r(yi, vi, mods = ~ ablat + year, method = "ML"), r(yi, vi, mods = ~ ablat, method = "ML"))
put(paste0(B, '--mods "ablat + year" --compare ablat'), "/compare/chisq", a$LRT); put(paste0(B, '--mods "ablat + year" --compare ablat'), "/compare/p", a$pval)
put(paste0(B, '--mods "ablat + year" --compare ablat'), "/compare/full/aic", a$fit.stats.f[["AIC"]]); put(paste0(B, '--mods "ablat + year" --compare ablat'), "/compare/reduced/bic", a$fit.stats.r[["BIC"]])
t <- trimfill(f, side = "right"); call <- paste0(B, "--trimfill --trimfill-side right"); put(call, "/trimfill/k0", t$k0); put(call, "/trimfill/se_k0", t$se.k0)
# trimfill() reflects about a mean whose tau2 it searches with the loose default: reflected anew, about the mean of tight.
for (e in c("L0", "R0", "Q0")) {
  t <- trimfill(r(yi, vi, data = hack), estimator = e); call <- paste0("data/published/hackshaw1998.csv --trimfill --trimfill-estimator ", e); put(call, "/trimfill/k0", t$k0)
  sign <- if (t$side == "right") -1 else 1; y <- sign * hack$yi; cut <- tail(order(y), t$k0); b <- c(rma(y[-cut], hack$vi[-cut], control = tight)$beta)
  stopifnot(t$k0 > 0, max(abs(sort(sign * c(y, 2 * b - y[cut])) - sort(c(t$yi)))) < 1e-5)
  g <- rma(c(y, 2 * b - y[cut]), hack$vi[c(seq_along(y), cut)], control = tight); put(call, "/trimfill/k", g$k); put(call, "/trimfill/tau2", g$tau2); put(call, "/trimfill/coefficients/0/estimate", sign * g$beta); put(call, "/trimfill/QE", g$QE)
}
for (p in c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")) for (m in c("rma", "lm")) {
  g <- rma(yi, vi, ni = n1i + n2i, data = raud, control = tight); e <- regtest(g, model = m, predictor = p); call <- paste("data/published/raudenbush1985.csv --egger --egger-model", m, "--egger-predictor", p)
  put(call, "/egger/statistic", e$zval); put(call, "/egger/p", e$pval); if (!is.null(e$est)) { put(call, "/egger/limit/estimate", e$est); put(call, "/egger/limit/ci", c(e$ci.lb, e$ci.ub)) } }
for (m in c("rma", "lm")) for (one in list(list(bcg, "bcg", "RR"), list(niel, "nielweise2007", "OR"), list(hart, "hart1999", "IRR"))) {
  d <- one[[1]]; g <- if (one[[3]] == "IRR") rma(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, control = tight) else if (is.null(d$bi)) rma(measure = one[[3]], ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, control = tight) else rma(measure = one[[3]], ai = ai, bi = bi, ci = ci, di = di, data = d, control = tight)
  e <- regtest(g, model = m, predictor = "sqrtninv"); call <- paste0("data/published/", one[[2]], ".csv --measure ", one[[3]], " --egger --egger-model ", m, " --egger-predictor sqrtninv")
  put(call, "/egger/statistic", e$zval); put(call, "/egger/p", e$pval); put(call, "/egger/limit/estimate", e$est); put(call, "/egger/limit/ci", c(e$ci.lb, e$ci.ub)) }
e <- ranktest(f); put(paste0(B, "--begg"), "/begg/tau", e$tau); put(paste0(B, "--begg"), "/begg/p", e$pval)
for (t in c("Rosenthal", "Rosenberg")) { e <- fsn(yi, vi, data = hack, type = t); put(paste0("data/published/hackshaw1998.csv --fsn --fsn-type ", tolower(t)), "/fsn/fsnum", e$fsnum); put(paste0("data/published/hackshaw1998.csv --fsn --fsn-type ", tolower(t)), "/fsn/p", e$pval) }
e <- tes(rma(yi, vi, data = hack, method = "EE")); call <- "data/published/hackshaw1998.csv --method EE --tes"; put(call, "/tes/observed", e$O); put(call, "/tes/expected", e$E); put(call, "/tes/p", e$pval)
e <- hc(f, control = list(tol = 1e-12)); put(paste0(B, "--hc"), "/hc/estimate", e$beta); put(paste0(B, "--hc"), "/hc/se", e$se); put(paste0(B, "--hc"), "/hc/ci", c(e$ci.lb, e$ci.ub)); put(paste0(B, "--hc"), "/hc/tau2", e$tau2)
within <- searched
for (s in list("0.05,0.5", "0.025")) { g <- r(yi, vi, data = hack, method = "ML"); m <- selmodel(g, type = "stepfun", steps = c(as.numeric(strsplit(s, ",")[[1]]), 1), control = list(optimizer = "BFGS", reltol = 1e-17, ndeps = rep(1e-5, 3 + length(strsplit(s, ",")[[1]])))); call <- paste("data/published/hackshaw1998.csv --selmodel stepfun --steps", s); put(call, "/selmodel/tau2", m$tau2); put(call, "/selmodel/delta", m$delta); put(call, "/selmodel/LRT", m$LRT) }
within <- exact
# Subgroups: own tau2 in each, and one for all.
g <- lapply(split(bcg, bcg$alloc), function(d) rma(yi, vi, data = d, control = tight)); m <- rma(sapply(g, coef), sapply(g, function(x) x$se^2), method = "FE")
call <- paste0(B, "--subgroup alloc"); for (i in 1:3) { put(call, sprintf("/subgroup/groups/%d/estimate", i - 1), coef(g[[i]])); put(call, sprintf("/subgroup/groups/%d/tau2", i - 1), g[[i]]$tau2); put(call, sprintf("/subgroup/groups/%d/I2", i - 1), g[[i]]$I2) }; put(call, "/subgroup/QB", m$QE); put(call, "/subgroup/QB_p", m$QEp)
m <- r(yi, vi, mods = ~ alloc); put(paste0(B, "--subgroup alloc --common-tau2"), "/subgroup/QB", m$QM); put(paste0(B, "--subgroup alloc --common-tau2"), "/subgroup/QB_p", m$QMp); put(paste0(B, "--subgroup alloc --common-tau2"), "/subgroup/groups/0/tau2", m$tau2)
# Robust tests.
robust.values <- function(call, f) { coefs(call, f$beta, f$se, f$zval, f$pval, f$ci.lb, f$ci.ub); put(call, "/QM", f$QM); put(call, "/QM_p", f$QMp) }
for (kind in c("CR0", "CR1", "CR2")) for (mods in c("1", "ablat")) {
  f <- if (mods == "1") r(yi, vi) else r(yi, vi, mods = ~ ablat)
  robust.values(paste0(B, "--cluster alloc --vcov ", kind, if (mods == "1") "" else " --mods ablat"), robust(f, cluster = alloc, adjust = kind == "CR1", clubSandwich = kind == "CR2"))
}
rob <- robust(r(yi, vi, mods = ~ ablat), cluster = year, clubSandwich = TRUE)
p <- predict(rob, newmods = c(13, 55)); pr(paste0(B, '--mods ablat --cluster year --predict --newmods "ablat=13;ablat=55"'), p)
# Counts.
for (m in c("OR", "RR", "RD")) { f <- suppressWarnings(rma.mh(ai, n1i = n1i, ci = ci, n2i = n2i, measure = m, data = niel)); call <- paste("data/published/nielweise2007.csv --mh --measure", m); model(call, f); for (n in c("MH", "TA", "BD")) { put(call, paste0("/mh/", n), f[[n]]); put(call, paste0("/mh/", n, "_p"), f[[paste0(n, "p")]]) }
  pr(paste(call, "--predict"), predict(f)) }
f <- suppressWarnings(rma.mh(ai, n1i = n1i, ci = ci, n2i = n2i, measure = "OR", add = c(1/2, 0.5), to = c("only0", "only0"), data = niel)); model("data/published/nielweise2007.csv --mh --measure OR --mh-add 0.5", f)
for (m in c("IRR", "IRD")) model(paste("data/published/hart1999.csv --mh --measure", m), rma.mh(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, measure = m, data = hart))
f <- rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = yusuf); model("data/published/yusuf1985-table6.csv --peto", f)
f <- rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, measure = "OR", data = hine)
l <- leave1out(f); for (i in seq_along(l$estimate)) for (n in c("estimate", "se", "Q")) put("data/published/hine1989.csv --mh --measure OR --leave-one-out", sprintf("/leave_one_out/%d/%s", i - 1, sub("Q", "QE", n)), l[[n]][i])
l <- cumul(f); for (i in seq_along(l$estimate)) for (n in c("estimate", "se")) put("data/published/hine1989.csv --mh --measure OR --cumulative n1i", "", NA)
o <- order(hine$n1i); l <- cumul(f, order = hine$n1i); for (i in seq_along(l$estimate)) for (n in c("estimate", "se")) put("data/published/hine1989.csv --mh --measure OR --cumulative n1i", sprintf("/cumulative/%d/%s", i - 1, n), l[[n]][i])
g <- rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = hine); l <- leave1out(g); for (i in seq_along(l$estimate)) put("data/published/hine1989.csv --peto --leave-one-out", sprintf("/leave_one_out/%d/estimate", i - 1), l$estimate[i])
# Location-scale models.
within <- searched
scale.values <- function(call, f) {
  coefs(call, f$beta, f$se, f$zval, f$pval, f$ci.lb, f$ci.ub); coefs(call, f$alpha, f$se.alpha, f$zval.alpha, f$pval.alpha, f$ci.lb.alpha, f$ci.ub.alpha, "/scale/coefficients")
  put(call, "/QE", f$QE); put(call, "/QM", f$QM); put(call, "/scale/QS", f$QS); put(call, "/scale/QS_p", f$QSp); put(call, "/tau2", f$tau2); criteria(call, f)
}
for (m in c("REML", "ML")) for (t in c("z", "t")) for (mods in c("1", "ablat")) {
  f <- if (mods == "1") ls(yi, vi, scale = ~ ablat, data = bcg, method = m, test = t) else ls(yi, vi, mods = ~ ablat, scale = ~ ablat, data = bcg, method = m, test = t)
  scale.values(paste0(B, "--scale ablat --method ", m, " --test ", t, if (mods == "1") "" else " --mods ablat"), f)
}
f <- ls(yi, vi, mods = ~ ablat, scale = ~ ablat, data = bcg)
p <- predict(f, newmods = c(13, 55), newscale = c(13, 55)); pr(paste0(B, '--scale ablat --mods ablat --predict --newmods "ablat=13;ablat=55"'), p)
scale.values("data/published/raudenbush1985.csv --scale setting", ls(yi, vi, scale = ~ setting, data = raud))
scale.values('data/published/bcg.csv --scale "0 + alloc"', ls(yi, vi, scale = ~ 0 + alloc, data = bcg))
# Multilevel models.
levels.values <- function(call, f) {
  model(call, f); criteria(call, f); weights <- weights(f); for (i in seq_along(weights)) put(call, sprintf("/studies/%d/weight", i - 1), weights[i])
  if (f$withS) for (j in seq_along(f$sigma2)) put(call, paste0("/sigma2/", j - 1), f$sigma2[j])
  if (f$withG) { put(call, "/tau2", f$tau2); put(call, "/rho", f$rho[f$rho != 0]) }
}
K <- "data/published/konstantopoulos2011.csv "
f <- mv(yi, vi, random = ~ 1 | district/school, data = konst); call <- paste0(K, '--random "1 | district/school"'); levels.values(call, f)
w <- weights(f, type = "rowsum"); for (i in seq_along(w)) put(call, sprintf("/studies/%d/weight_rowsum", i - 1), w[i])
for (j in 1:2) { ci <- confint(f, sigma2 = j, control = list(tol = 1e-10)); put(call, paste0("/sigma2_ci/", j - 1), ci$random[1, 2:3]) }
for (t in c("default", "simple", "t", "riley")) { p <- predict(f, pi.type = t); put(paste0(call, " --pi-type ", t), "/prediction", c(p$pi.lb, p$pi.ub)); pr(paste0(call, " --predict --pi-type ", t), p) }
levels.values(paste0(call, " --method ML --test t"), mv(yi, vi, random = ~ 1 | district/school, data = konst, method = "ML", test = "t"))
# What is small is a difference of two fits, of which metafor makes the one without the rows itself, by searching.
small <- function(value) if (abs(value) < 0.05) 1e-4 else searched
influence.values <- function(call, f, cluster, keep = TRUE) {
  s <- rstudent(f, cluster = cluster); ids <- sort(unique(cluster))
  put(call, "", NA); for (i in seq_along(ids)) { put(call, sprintf("/influence/%d/X2", i - 1), s$cluster$X2[i]); put(call, sprintf("/influence/%d/k", i - 1), s$cluster$k[i]); rows <- which(cluster == ids[i]); for (j in seq_along(rows)) for (n in c("resid", "se", "z")) put(call, sprintf("/influence/%d/residuals/%d/%s", i - 1, j - 1, n), s$obs[[n]][rows[j]]) }
  d <- cooks.distance(f, cluster = cluster); for (i in seq_along(ids)) put(call, sprintf("/influence/%d/cook_d", i - 1), d[i], small(d[i]))
  b <- try(dfbetas(f, cluster = cluster), silent = TRUE); if (!inherits(b, "try-error")) for (i in seq_along(ids)) for (j in seq_len(f$p)) put(call, sprintf("/influence/%d/dfbetas/%d", i - 1, j - 1), b[i, j], small(b[i, j]))
}
influence.values(paste0(call, " --influence"), f, konst$district)
influence.values(paste0(call, " --influence --delete-by study"), f, konst$study)
ids <- sort(unique(konst$district)); for (i in seq_along(ids)) { g <- mv(yi, vi, random = ~ 1 | district/school, data = konst[konst$district != ids[i], ]); here <- sprintf("/leave_one_out/%d", i - 1); for (n in c("estimate", "se")) put(paste0(call, " --leave-one-out"), paste0(here, "/", n), c(if (n == "estimate") c(g$beta) else g$se)); put(paste0(call, " --leave-one-out"), paste0(here, "/sigma2"), g$sigma2); put(paste0(call, " --leave-one-out"), paste0(here, "/QE"), g$QE) }
a <- anova(f, mv(yi, vi, random = ~ 1 | district, data = konst)); put(paste0(call, ' --compare-random "1 | district"'), "/compare_random/chisq", a$LRT); put(paste0(call, ' --compare-random "1 | district"'), "/compare_random/df", a$parms.f - a$parms.r)
re <- ranef(f); for (i in seq_along(ids)) { put(paste0(call, " --ranef"), sprintf("/ranef/district/%s/estimate", ids[i]), re[[1]]$intrcpt[i]); put(paste0(call, " --ranef"), sprintf("/ranef/district/%s/se", ids[i]), re[[1]]$se[i]) }
# The true effects by matrices over all rows.
blup.values <- function(call, f, G) { W <- solve(f$M); X <- model.matrix(f); C <- solve(t(X) %*% W %*% X); e <- c(f$yi - X %*% coef(f)); est <- c(X %*% coef(f) + G %*% W %*% e); D <- X - G %*% W %*% X; v <- diag(G) - diag(G %*% W %*% G) + diag(D %*% C %*% t(D)); for (i in seq_along(est)) { put(call, sprintf("/blup/%d/estimate", i - 1), est[i]); put(call, sprintf("/blup/%d/se", i - 1), sqrt(v[i])) } }
blup.values(paste0(call, " --blup"), f, f$M - f$V)
fy <- mv(yi, vi, mods = ~ I(year - 1990) + I((district - 300) / 100), random = ~ 1 | district/school, data = konst); callm <- paste0(call, ' --mods "I(year - 1990) + I((district - 300) / 100)"')
levels.values(callm, fy); put(paste0(callm, " --vif"), "/vif", vif(fy)$vif); pr(paste0(callm, " --predict"), predict(fy))
a <- anova(mv(yi, vi, mods = ~ I(year - 1990) + I((district - 300) / 100), random = ~ 1 | district/school, data = konst, method = "ML"), mv(yi, vi, random = ~ 1 | district/school, data = konst, method = "ML"))
put(paste0(callm, " --compare 1"), "/compare/chisq", a$LRT); put(paste0(callm, " --compare 1"), "/compare/p", a$pval)
a <- anova(fy, X = rbind(c(1, 0, 1))); put(paste0(callm, ' --contrast "high=1,0,1"'), "/contrasts/0/estimate", a$Xb[1]); put(paste0(callm, ' --contrast "high=1,0,1"'), "/contrasts/0/se", a$se[1])
rob <- robust(fy, cluster = district, clubSandwich = TRUE); robust.values(paste0(callm, " --cluster district --vcov CR2"), rob)
robust.values(paste0(callm, " --cluster district --vcov CR1"), robust(fy, cluster = district))
p <- predict(rob, newmods = rbind(c(0, -2.29), c(5, -2.89))); pr(paste0(callm, ' --cluster district --predict --newmods "year=1990,district=71;year=1995,district=11"'), p)
V <- vcalc(1, cluster = trial, rvars = c(v1i, v2i), data = berkey); Y <- "data/published/berkey1998.csv "
for (s in c("ID", "DIAG", "CS", "HCS", "UN")) {
  call <- paste0(Y, '--random "outcome | trial" --struct ', s, ' --mods "0 + outcome" --v-block v1i,v2i --v-cluster trial')
  f <- mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = s, data = berkey); levels.values(call, f); pr(paste0(call, " --predict"), predict(f))
  if (s %in% c("HCS", "UN", "CS")) { for (j in seq_along(f$tau2[f$tau2 > 0])) { if (f$tau2s < j) next; ci <- suppressWarnings(confint(f, tau2 = j, control = list(tol = 1e-10))); lim <- ci$random[1, 2:3]; if (f$tau2s > 1) { put(call, paste0("/tau2_ci/", j - 1), lim) } else put(call, "/tau2_ci", lim) }
    ci <- suppressWarnings(confint(f, rho = 1, control = list(tol = 1e-10))); lim <- ci$random[1, 2:3]; put(call, "/rho_ci/0", lim[1]) }
  if (s == "UN") { influence.values(paste0(call, " --influence"), f, berkey$trial); blup.values(paste0(call, " --blup"), f, f$M - f$V)
    a <- anova(f, X = rbind(c(-1, 1))); put(paste0(call, ' --contrast "PD-AL=-1,1"'), "/contrasts/0/estimate", a$Xb[1]); put(paste0(call, ' --contrast "PD-AL=-1,1"'), "/contrasts/0/se", a$se[1])
    p <- predict(f, newmods = rbind(c(1, 0)), tau2.levels = "AL"); pr(paste0(call, ' --predict --newmods "outcome=AL"'), p)
    a <- anova(f, mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", rho = 0, data = berkey)) }
}
f <- mv(yi, vcalc(vi, cluster = trial, obs = outcome, rho = 0.6, data = berkey), random = ~ 1 | trial, data = berkey); levels.values(paste0(Y, '--random "1 | trial" --v-cluster trial --v-rho 0.6'), f)
f <- mv(yi, vcalc(vi, cluster = study, time1 = time, phi = 0.9, data = ishak), mods = ~ factor(time) - 1, random = ~ time | study, struct = "HAR", data = ishak); levels.values('data/published/ishak2007.csv --random "time | study" --struct HAR --mods "factor(time) - 1" --v-cluster study --v-phi 0.9 --v-time time', f)
f <- mv(yi, vi, mods = ~ factor(time) - 1, random = ~ time | study, struct = "AR", data = ishak); levels.values('data/published/ishak2007.csv --random "time | study" --struct AR --mods "factor(time) - 1"', f)
konst$cross <- konst$year; f <- mv(yi, vi, random = list(~ 1 | district, ~ 1 | year), data = konst); levels.values(paste0(K, '--random "1 | district" --random "1 | year"'), f)
# Aggregation.
agg <- aggregate(escalc(yi = yi, vi = vi, data = berkey), cluster = trial, struct = "CS", rho = 0.6); uni("berkey1998.csv --aggregate trial --rho 0.6", rma(yi, vi, data = agg, control = tight))
