# Golden values: means and slopes of a model whose slope over time changes, at times on both sides of the change.
# R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, emmeans 1.8.4.
# Run from the root of the repository: Rscript tests/ref/mixed/change_of_slope.R > tests/ref/mixed/change_of_slope.csv
suppressMessages({library(lmerTest); library(emmeans)})
tight <- lme4::lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, maxeval = 10000))
emm_options(lmer.df = "satterthwaite")
emit <- function(case, quantity, name, value) cat(sprintf("%s,%s,%s,%.15g\n", case, quantity, name, value), sep = "")
cat("# made by change_of_slope.R; see there\ncase,quantity,name,value\n")
tests <- function(case, name, found, estimate) {
  emit(case, "estimate", name, found[[estimate]])
  emit(case, "se", name, found$SE)
  emit(case, "df", name, found$df)
}
o <- read.csv("data/published/orthodont.csv", stringsAsFactors = TRUE)
m <- lmerTest::lmer(distance ~ (age + pmax(age - 11, 0)) * Sex + (1 | Subject), o, control = tight)
e <- emmeans(m, ~ age | Sex, at = list(age = c(9, 14)))
d <- summary(e)
tests("means", sprintf("%g:%s", d$age, d$Sex), d, "emmean")
d <- summary(pairs(e, reverse = TRUE))
tests("means", sprintf("14 - 9 | %s", d$Sex), d, "estimate")
for (age in c(9, 14)) {
  d <- summary(emtrends(m, ~ Sex, var = "age", at = list(age = age)))
  tests(sprintf("slopes at %g", age), as.character(d$Sex), d, "age.trend")
}
a <- anova(lme4::lmer(distance ~ age * Sex + (1 | Subject), o), m, refit = TRUE)
emit("compare", "chisq", "", a$Chisq[2]); emit("compare", "p", "", a$`Pr(>Chisq)`[2]); emit("compare", "df", "", a$Df[2])
