# Golden values: all pairs of ten means with adjusted p-values, slopes by group, slopes of a curve, slopes before and after a
# change by group, models side by side, means and ratios of counts on the scale of the response.
# R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, glmmTMB 1.1.5.
# Run from the root of the repository: Rscript tests/ref/mixed/differences.R > tests/ref/mixed/differences.csv
suppressMessages({library(lme4); library(lmerTest); library(splines); library(glmmTMB)})
lmer <- lmerTest::lmer
options(warn = -1)
tight <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, maxeval = 10000))
read <- function(file) read.csv(file.path("data", file), stringsAsFactors = TRUE)
emit <- function(case, quantity, name, value) cat(sprintf("%s,%s,%s,%.15g\n", case, quantity, name, value), sep = "")
cat("# made by differences.R; see there\ncase,quantity,name,value\n")
# Linear functions by name, each a row of weights.
tests <- function(case, m, rows) {
  found <- do.call(rbind, lapply(rows, function(l) contest1D(m, l)))
  emit(case, "estimate", names(rows), found$Estimate)
  emit(case, "se", names(rows), found$`Std. Error`)
  emit(case, "df", names(rows), found$df)
  emit(case, "p", names(rows), found$`Pr(>|t|)`)
  invisible(found)
}
s <- read("published/sleepstudy.csv"); s$Subject <- factor(s$Subject)
m <- lmer(Reaction ~ factor(Days) + (1 | Subject), s, control = tight)
X <- diag(10); X[, 1] <- 1
pairs <- list()
for (b in 2:10) for (a in seq_len(b - 1)) pairs[[sprintf("%d - %d", b - 1, a - 1)]] <- X[b, ] - X[a, ]
d <- tests("pairs", m, pairs)
emit("pairs", "bonferroni", names(pairs), p.adjust(d$`Pr(>|t|)`, "bonferroni"))
emit("pairs", "holm", names(pairs), p.adjust(d$`Pr(>|t|)`, "holm"))
emit("pairs", "tukey", names(pairs), ptukey(abs(d$Estimate / d$`Std. Error`) * sqrt(2), 10, d$df, lower.tail = FALSE))
emit("pairs", "tukey upper", names(pairs), d$Estimate + qtukey(0.95, 10, d$df) / sqrt(2) * d$`Std. Error`)
# A curve: its derivative at day 3 by differences of the columns.
c <- lmer(Reaction ~ ns(Days, df = 3) + (1 | Subject), s, control = tight)
at <- function(x) c(1, predict(ns(s$Days, df = 3), x))
tests("curve", c, list("slope of Days" = (at(3 + 1e-4) - at(3 - 1e-4)) / 2e-4))
# Slopes by group, and before and after a change.
o <- read("published/orthodont.csv")
g <- lmer(distance ~ age * Sex + (age | Subject), o, control = tight)
tests("slopes", g, list(Female = c(0, 1, 0, 0), Male = c(0, 1, 0, 1), "Male - Female" = c(0, 0, 0, 1)))
o$after <- pmax(o$age - 11, 0)
h <- lmer(distance ~ (age + after) * Sex + (1 | Subject), o, control = tight)
# (Intercept), age, after, SexMale, age:SexMale, after:SexMale
w <- function(...) { l <- rep(0, 6); l[c(...)] <- 1; l }
tests("change", h, list(
  "slope before Female" = w(2), "slope before Male" = w(2, 5), "slope before Male - Female" = w(5),
  "slope after Female" = w(2, 3), "slope after Male" = w(2, 3, 5, 6), "slope after Male - Female" = w(5, 6),
  "change of slope Female" = w(3), "change of slope Male" = w(3, 6), "change of slope Male - Female" = w(6)))
# Models side by side: by full maximum likelihood, as anova() fits them again.
a <- anova(lmer(Reaction ~ Days + (Days | Subject), s, control = tight), m, refit = TRUE)
for (row in 1:2) {
  name <- c("line", "days")[if (a$npar[row] == 6) 1 else 2]
  emit("compare", "npar", name, a$npar[row]); emit("compare", "aic", name, a$AIC[row])
  emit("compare", "bic", name, a$BIC[row]); emit("compare", "loglik", name, a$logLik[row])
}
# Rates: means as counts and their ratio.
r <- read("published/epil.csv")
p <- glmmTMB(y ~ trt + (1 | subject), r, family = poisson)
b <- fixef(p)$cond; V <- vcov(p)$cond
for (arm in 1:2) {
  l <- c(1, arm - 1); se <- sqrt(drop(l %*% V %*% l)); name <- levels(r$trt)[arm]
  emit("counts", "response", name, exp(sum(l * b)))
  emit("counts", "lower", name, exp(sum(l * b) - qnorm(0.975) * se))
}
emit("counts", "ratio", "progabide - placebo", exp(b[2]))
emit("counts", "ratio upper", "progabide - placebo", exp(b[2] + qnorm(0.975) * sqrt(V[2, 2])))
