# Golden values of linear mixed models. R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2.
# Run from the root of the repository: Rscript tests/ref/mixed/lmm.R > tests/ref/mixed/lmm.csv
# lme4's default optimum is polished: theta minimises the deviance function with nlminb at its tightest,
# and then by Newton's steps with derivatives of numDeriv, before anything is computed from it.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(numDeriv)})
options(warn = -1)
read <- function(file) read.csv(file.path("data", file), stringsAsFactors = TRUE)
polish <- function(formula, data, REML = TRUE, ...) {
  # lFormula looks weights up by name.
  parsed <- do.call(lFormula, c(list(formula, data = data, REML = REML,
    control = lmerControl(check.nobs.vs.nRE = "ignore", check.conv.singular = "ignore")), list(...)))
  devfun <- do.call(mkLmerDevfun, parsed)
  lower <- parsed$reTrms$lower
  theta <- parsed$reTrms$theta
  for (i in 1:5) theta <- nlminb(theta, devfun, lower = lower, control = list(rel.tol = 1e-15, x.tol = 1e-13, iter.max = 2000, eval.max = 4000))$par
  free <- !(lower == 0 & theta < 1e-4)
  theta[!free] <- 0
  f <- function(x) { t <- theta; t[free] <- x; devfun(t) }
  if (any(free)) for (i in 1:3) {
    x <- theta[free]; step <- solve(hessian(f, x), grad(f, x)); if (max(abs(step)) < 0.1) theta[free] <- x - step
  }
  devfun(theta)
  opt <- list(par = theta, fval = devfun(theta), conv = 0, feval = 0, message = "")
  fit <- mkMerMod(environment(devfun), opt, parsed$reTrms, fr = parsed$fr, mc = quote(lmer()))
  fit@call <- as.call(c(list(quote(lmer), formula, data = quote(d), REML = REML), list(...)))
  list(fit = fit, devfun = devfun, theta = theta, parsed = parsed)
}
emit <- function(case, quantity, name, value) cat(sprintf("%s,%s,%s,%.15g\n", case, quantity, gsub(",", ";", name), value), sep = "")
satterthwaite <- function(p, case) {
  # As lmerTest computes it, at the polished theta; singular columns stay out, as their derivatives vanish.
  fit <- p$fit; n <- nrow(p$parsed$X); REML <- lme4::isREML(fit); df.n <- if (REML) n - ncol(p$parsed$X) else n
  free <- p$theta != 0; theta <- p$theta; sigma <- sigma(fit)
  V <- function(x) { t <- theta; t[free] <- x[-length(x)]; p$devfun(t); s2 <- x[length(x)]^2
    e <- environment(p$devfun)$pp; s2 * e$unsc() }
  dev <- function(x) { t <- theta; t[free] <- x[-length(x)]; p$devfun(t); s2 <- x[length(x)]^2
    e <- environment(p$devfun); pw <- e$resp$wrss() + e$pp$sqrL(1)
    w <- e$resp$weights
    v <- df.n * log(2 * pi * s2) + e$pp$ldL2() + pw / s2 - sum(log(w)); if (REML) v + e$pp$ldRX2() else v }
  x <- c(theta[free], sigma)
  A <- 2 * solve(hessian(dev, x)); J <- jacobian(function(x) as.vector(V(x)), x)
  V0 <- V(x); b <- names(fixef(fit)); k <- length(b); p$devfun(theta)
  for (i in seq_len(k)) { g <- J[(i - 1) * k + i, ]; emit(case, "satterthwaite", b[i], 2 * V0[i, i]^2 / sum(g * (A %*% g))) }
}
run <- function(case, formula, d, REML = TRUE, kr = TRUE, ...) {
  d <<- d
  p <- polish(formula, d, REML, ...); fit <- p$fit
  emit(case, "criterion", "", -2 * as.numeric(logLik(fit)))
  emit(case, "aic", "", AIC(fit)); emit(case, "bic", "", BIC(fit)); emit(case, "sigma", "", sigma(fit))
  for (i in seq_along(p$theta)) emit(case, "theta", i, p$theta[i])
  b <- fixef(fit); se <- sqrt(diag(as.matrix(vcov(fit))))
  for (i in seq_along(b)) { emit(case, "estimate", names(b)[i], b[i]); emit(case, "se", names(b)[i], se[i]) }
  vc <- VarCorr(fit)
  for (t in seq_along(vc)) { sd <- attr(vc[[t]], "stddev")
    for (i in seq_along(sd)) emit(case, "sd", paste(t, i), sd[i])
    co <- attr(vc[[t]], "correlation")
    if (length(sd) > 1 && all(sd > 0)) for (i in 2:length(sd)) for (j in 1:(i - 1)) emit(case, "cor", paste(t, i, j), co[i, j]) }
  re <- as.data.frame(ranef(fit, condVar = TRUE))
  re <- re[!duplicated(paste(re$grpvar, re$term)), ]
  for (i in seq_len(nrow(re))) { emit(case, "ranef", paste(re$grpvar[i], re$term[i], re$grp[i], sep = "|"), re$condval[i])
    emit(case, "condsd", paste(re$grpvar[i], re$term[i], re$grp[i], sep = "|"), re$condsd[i]) }
  emit(case, "fitted", 1, fitted(fit)[1])
  satterthwaite(p, case)
  if (kr && REML) {
    V <- vcovAdj(fit); kse <- sqrt(diag(as.matrix(V)))
    for (i in seq_along(b)) { L <- rep(0, length(b)); L[i] <- 1
      emit(case, "kr_se", names(b)[i], kse[i]); emit(case, "kr_df", names(b)[i], Lb_ddf(L, vcov(fit), V)) }
  }
}
cat("# made by lmm.R; see there\ncase,quantity,name,value\n")
s <- read("published/sleepstudy.csv"); s$Subject <- factor(s$Subject)
run("sleepstudy", Reaction ~ Days + (Days | Subject), s)
run("sleepstudy_ml", Reaction ~ Days + (Days | Subject), s, REML = FALSE)
run("sleepstudy_apart", Reaction ~ Days + (Days || Subject), s)
run("sleepstudy_intercept", Reaction ~ factor(Days) + (1 | Subject), s)
run("dyestuff", Yield ~ 1 + (1 | Batch), read("published/dyestuff.csv"))
run("dyestuff2", Yield ~ 1 + (1 | Batch), read("published/dyestuff2.csv"))
run("pastes", strength ~ 1 + (1 | batch/cask), read("published/pastes.csv"))
run("penicillin", diameter ~ 1 + (1 | plate) + (1 | sample), read("published/penicillin.csv"))
run("orthodont", distance ~ age * Sex + (age | Subject), read("published/orthodont.csv"))
run("orthodont_apart", log(distance) ~ age + (1 | Subject) + (0 + age | Subject), read("published/orthodont.csv"))
cb <- read("published/cbpp.csv"); cb$herd <- factor(cb$herd); cb$period <- factor(cb$period)
run("cbpp_weighted", incidence/size ~ period + (1 | herd), cb, kr = FALSE, weights = quote(size)) # pbkrtest leaves prior weights out
e <- read("published/epil.csv"); e$subject <- factor(e$subject)
run("epil_log", log1p(y) ~ lbase * trt + factor(period) + offset(0.1 * lage) + (1 | subject), e)
g <- read("published/grouseticks.csv"); for (x in c("BROOD", "LOCATION", "YEAR")) g[[x]] <- factor(g[[x]])
run("grouseticks_log", log1p(TICKS) ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION), g)
a5 <- read("examples/als-5.csv"); a40 <- read("examples/als-40.csv")
run("als5_slope", alsfrs ~ month + post + (month | patient), a5)
run("als5_apart", alsfrs ~ month + post + (month + post || patient), a5)
run("als40", alsfrs ~ month + post + (month + post | patient), a40)
run("als40_slope", alsfrs ~ month + post + (month | patient), a40)
