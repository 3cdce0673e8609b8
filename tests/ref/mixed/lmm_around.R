# Golden values of what surrounds linear mixed models: F tests of type III, profile intervals, likelihood
# ratios, predictions. R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2.
# Run from the root of the repository: Rscript tests/ref/mixed/lmm_around.R > tests/ref/mixed/lmm_around.csv
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
options(warn = -1)
tight <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, maxeval = 10000))
read <- function(file) read.csv(file.path("data", file), stringsAsFactors = TRUE)
emit <- function(case, quantity, name, value) cat(sprintf("%s,%s,%s,%.15g\n", case, quantity, gsub(",", ";", name), value), sep = "")
cat("# made by lmm_around.R; see there\ncase,quantity,name,value\n")
tests <- function(case, m) for (ddf in c("Satterthwaite", "Kenward-Roger")) {
  a <- anova(m, type = 3, ddf = ddf); code <- if (ddf == "Satterthwaite") "s" else "kr"
  for (t in rownames(a)) { emit(case, paste0("F_", code), t, a[t, "F value"]); emit(case, paste0("num_", code), t, a[t, "NumDF"])
    emit(case, paste0("den_", code), t, a[t, "DenDF"]) }
}
s <- read("published/sleepstudy.csv"); s$Subject <- factor(s$Subject)
e <- read("published/epil.csv"); e$subject <- factor(e$subject)
o <- read("published/orthodont.csv")
d <- s; m <- lmer(Reaction ~ factor(Days) + (1 | Subject), d, control = tight); tests("sleepstudy_factor", m)
d <- o; mo <- lmer(distance ~ age * Sex + (age | Subject), d, control = tight); tests("orthodont", mo)
d <- e; me <- lmer(log1p(y) ~ lbase * trt + trt * factor(period) + (1 | subject), d, control = tight); tests("epil", me)
d <- read("published/grouseticks.csv"); for (x in c("BROOD", "LOCATION")) d[[x]] <- factor(d[[x]])
tests("grouseticks", lmer(log1p(TICKS) ~ factor(YEAR) * cHEIGHT + (1 | BROOD) + (1 | LOCATION), d, control = tight))
m <- lmer(Reaction ~ Days + (Days | Subject), s, control = tight)
profiles <- function(case, m) {
  # A fine step, so that the splines of the intervals are close.
  ci <- confint(profile(m, signames = FALSE, delta.cutoff = 1/24, devtol = 1e-6), signames = FALSE)
  for (i in seq_len(nrow(ci))) { emit(case, "lower", rownames(ci)[i], ci[i, 1]); emit(case, "upper", rownames(ci)[i], ci[i, 2]) }
}
profiles("profile_sleepstudy", m)
profiles("profile_pastes", lmer(strength ~ 1 + (1 | batch/cask), read("published/pastes.csv"), control = tight))
profiles("profile_dyestuff", lmer(Yield ~ 1 + (1 | Batch), read("published/dyestuff.csv"), control = tight))
m1 <- lmer(Reaction ~ Days + (1 | Subject), s, control = tight)
m0 <- lmer(Reaction ~ 1 + (Days | Subject), s, control = tight)
emit("compare", "chisq", "slope by REML", 2 * as.numeric(logLik(m) - logLik(m1)))
emit("compare", "chisq", "Days by ML", 2 * as.numeric(logLik(refitML(m)) - logLik(refitML(m0))))
emit("compare", "chisq", "subjects by REML", 2 * as.numeric(logLik(m1) - logLik(lm(Reaction ~ Days, s), REML = TRUE)))
new <- data.frame(Days = c(3, 12, 5), Subject = factor(c("308", "372", "999")))
emit("predict", "population", 1:3, predict(m, new, re.form = NA))
emit("predict", "conditional", 1:3, predict(m, new, allow.new.levels = TRUE))
X <- cbind(1, new$Days); emit("predict", "se", 1:3, sqrt(diag(X %*% as.matrix(vcov(m)) %*% t(X))))
