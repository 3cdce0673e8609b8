# Golden values: points of profiles, leverage and residuals, influence of groups, marginal means of
# combinations, contrasts, splines, interactions as groups, intervals of a generalised model.
# R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, emmeans 1.8.4, nlme 3.1-162.
# Run from the root of the repository: Rscript tests/ref/mixed/more.R > tests/ref/mixed/more.csv
suppressMessages({library(lme4); library(lmerTest); library(emmeans); library(nlme); library(splines)})
lmer <- lmerTest::lmer
options(warn = -1)
tight <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, maxeval = 10000))
read <- function(file) read.csv(file.path("data", file), stringsAsFactors = TRUE)
emit <- function(case, quantity, name, value) cat(sprintf("%s,%s,%s,%.15g\n", case, quantity, gsub(",", ";", name), value), sep = "")
cat("# made by more.R; see there\ncase,quantity,name,value\n")
s <- read("published/sleepstudy.csv"); s$Subject <- factor(s$Subject)
o <- read("published/orthodont.csv"); p <- read("published/pastes.csv"); pen <- read("published/penicillin.csv")
m <- lmer(Reaction ~ Days + (Days | Subject), s, control = tight)
# Profiles: every third point.
points <- as.data.frame(profile(lme4::lmer(Reaction ~ Days + (Days | Subject), s, control = tight), signames = FALSE, devtol = 1e-6))
for (parameter in levels(points$.par)) {
  own <- points[points$.par == parameter & abs(points$.zeta) > 0.1, ]
  own <- own[seq(1, nrow(own), 3), ]
  emit("profile", parameter, sprintf("%.15g", own$.focal), own$.zeta)
}
# Leverage and residuals, every seventh row.
rows <- function(case, m) {
  at <- seq(1, nobs(m), 7)
  emit(case, "leverage", at, hatvalues(m)[at])
  emit(case, "fitted", at, fitted(m)[at])
  emit(case, "response", at, residuals(m, type = "response")[at])
  emit(case, "pearson", at, residuals(m, type = "pearson")[at])
  emit(case, "scaled", at, residuals(m, type = "pearson", scaled = TRUE)[at])
}
s$w <- 1 + (seq_len(nrow(s)) %% 5) / 3
rows("rows sleepstudy", m)
rows("rows weights", lmer(Reaction ~ Days + (Days | Subject), s, weights = w, control = tight))
rows("rows nested", lmer(strength ~ 1 + (1 | batch/cask), p, control = tight))
rows("rows crossed", lmer(diameter ~ 1 + (1 | plate) + (1 | sample), pen, control = tight))
# Influence of subjects; Cook's distance by its definition.
C <- as.matrix(vcov(m))
for (subject in levels(s$Subject)) {
  out <- lmer(Reaction ~ Days + (Days | Subject), subset(s, Subject != subject), control = tight)
  b <- fixef(out); change <- fixef(m) - b
  emit("influence", "(Intercept)", subject, b[1]); emit("influence", "Days", subject, b[2])
  emit("influence", "dfbetas", subject, change[2] / sqrt(vcov(out)[2, 2]))
  emit("influence", "cook_d", subject, sum(change * solve(C, change)) / 2)
  emit("influence", "sigma", subject, sigma(out))
  emit("influence", "sd_Days", subject, attr(VarCorr(out)$Subject, "stddev")[2])
}
# Marginal means and differences.
means <- function(case, grid) {
  d <- as.data.frame(grid); by <- names(d)[seq_len(which(names(d) == "emmean") - 1)]
  name <- do.call(paste, c(lapply(by, function(x) as.character(d[[x]])), sep = ":"))
  for (q in c("emmean", "SE", "df")) emit(case, q, name, d[[q]])
}
differences <- function(case, grid, by) {
  d <- as.data.frame(contrast(grid, "revpairwise", by = by, adjust = "none"))
  name <- as.character(d$contrast); if (!is.null(by)) name <- paste(name, d[[by]], sep = " | ")
  for (q in c("estimate", "SE", "df", "t.ratio", "p.value")) emit(case, q, name, d[[q]])
}
mo <- lmer(distance ~ age * Sex + (age | Subject), o, control = tight)
for (mode in c("satterthwaite", "kenward-roger")) {
  g <- emmeans(mo, ~ Sex | age, at = list(age = c(8, 14)), lmer.df = mode)
  means(paste("means", mode), g); differences(paste("differences", mode), g, "age")
}
o$visit <- factor(paste0("V", o$age), levels = c("V8", "V10", "V12", "V14"))
mf <- lmer(distance ~ Sex * factor(age) + (1 | Subject), o, control = tight)
g <- emmeans(mf, ~ Sex | age, lmer.df = "satterthwaite"); means("means visits", g); differences("differences visits", g, "age")
v <- read("examples/visits.csv"); v$visit <- factor(v$visit, levels = paste0("V", 1:6)); v$day2 <- as.integer(v$visit)
gl <- gls(change ~ base + visit * arm, v, correlation = corSymm(form = ~ day2 | patient), weights = varIdent(form = ~ 1 | visit),
          control = glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 500, opt = "optim", optimMethod = "BFGS"))
gg <- emmeans(gl, ~ arm | visit, mode = "df.error"); d <- as.data.frame(gg)
emit("mmrm", "emmean", paste(d$arm, d$visit, sep = ":"), d$emmean); emit("mmrm", "SE", paste(d$arm, d$visit, sep = ":"), d$SE)
d <- as.data.frame(contrast(gg, "revpairwise", by = "visit", adjust = "none"))
emit("mmrm", "difference", paste(d$contrast, d$visit, sep = " | "), d$estimate); emit("mmrm", "difference SE", paste(d$contrast, d$visit, sep = " | "), d$SE)
# Contrasts of factors, splines and interactions as groups.
coefs <- function(case, m) { emit(case, "estimate", names(fixef(m)), fixef(m)); emit(case, "se", names(fixef(m)), sqrt(diag(as.matrix(vcov(m)))))
  emit(case, "criterion", "REML", -2 * as.numeric(logLik(m))) }
for (code in c("contr.sum", "contr.helmert")) coefs(code, lmer(distance ~ Sex * visit + (1 | Subject), o, control = tight, contrasts = list(Sex = code, visit = code)))
coefs("spline", lmer(distance ~ ns(age, df = 2) * Sex + (1 | Subject), o, control = tight))
coefs("spline slopes", lmer(Reaction ~ ns(Days, df = 3) + (1 | Subject), s, control = tight))
coefs("interaction", lmer(strength ~ 1 + (1 | batch) + (1 | batch:cask), p, control = tight))
coefs("crossed interaction", lmer(diameter ~ 1 + (1 | plate) + (1 | sample), pen, control = tight))
# A shared baseline: arms part at month 0 alone in their slopes.
a <- read("examples/als-40.csv"); a$arm <- factor(ifelse(as.integer(a$patient) %% 2 == 0, "active", "placebo"), levels = c("placebo", "active"))
coefs("shared baseline", lmer(alsfrs ~ month + post + post:arm + (month | patient), a, control = tight))
# A generalised model: profile intervals.
cb <- read("published/cbpp.csv"); cb$herd <- factor(cb$herd); cb$period <- factor(cb$period)
gm <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cb, family = binomial,
            control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-9)))
ci <- confint(profile(gm, signames = FALSE, delta.cutoff = 1/16), signames = FALSE)
emit("cbpp", "lower", rownames(ci), ci[, 1]); emit("cbpp", "upper", rownames(ci), ci[, 2])
at <- seq(1, nrow(cb), 5)
emit("cbpp", "fitted", at, fitted(gm)[at]); emit("cbpp", "pearson", at, residuals(gm, type = "pearson")[at]); emit("cbpp", "response", at, residuals(gm, type = "response")[at])
