# Profile intervals and leverages of models by glmer and glmmTMB.
# Run: Rscript profile.R > profile.csv   (R 4.2.2, lme4 1.1-31, glmmTMB 1.1.5)
# lme4 takes leverages with its prior weights where the last regression has working ones; here they stand with the
# working ones, whose sum is the number of effects that the rows determine.
suppressMessages({library(lme4); library(glmmTMB)})
epil <- read.csv("../../../data/published/epil.csv"); cbpp <- read.csv("../../../data/published/cbpp.csv"); cbpp$period <- factor(cbpp$period)
cat("program,data,family,link,formula,field,index,lower,upper\n")
put <- function(program, data, family, link, formula, field, index, lower, upper)
  cat(sprintf("%s,%s,%s,%s,\"%s\",%s,%d,%.12g,%.12g\n", program, data, family, link, formula, field, index, lower, upper))
ctl <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, check.conv.grad = "ignore", optCtrl = list(rhoend = 1e-8, maxfun = 1e5))
es <- "y ~ lbase * trt + lage + period + (period | subject)"
g <- suppressWarnings(glmer(as.formula(es), epil, family = poisson, control = ctl))
# Before the profile, which leaves the model elsewhere.
h <- suppressWarnings(hatvalues(g)) * weights(g, "working") / weights(g, "prior")
for (i in seq_along(h)) put("lme4", "epil", "poisson", "log", es, "leverage", i, h[i], NA)
ci <- suppressWarnings(suppressMessages(confint(g, method = "profile", oldNames = FALSE, quiet = TRUE)))
for (i in 1:nrow(ci)) put("lme4", "epil", "poisson", "log", es, "confint", i, ci[i, 1], ci[i, 2])
cb <- "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)"
g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial, control = ctl)
h <- suppressWarnings(hatvalues(g)) * weights(g, "working") / weights(g, "prior")
for (i in seq_along(h)) put("lme4", "cbpp", "binomial", "logit", cb, "leverage", i, h[i], NA)
# glmmTMB: roots of the profile in its own parameters: coefficients, the logarithm of the dispersion, of the SD.
tight <- glmmTMBControl(optCtrl = list(iter.max = 1e4, eval.max = 1e4, rel.tol = 1e-15, x.tol = 1e-12))
roots <- function(data, family, link, formula, fam, D) {
  f <- as.formula(gsub("factor\\((\\w+)\\)", "\\1", formula))
  g <- glmmTMB(f, D, family = fam, control = tight)
  k <- length(fixef(g)$cond); has <- family %in% c("nbinom1", "nbinom2")
  for (i in seq_len(k + has + 1)) {
    r <- TMB::tmbroot(g$obj, name = i, target = 0.5 * qchisq(0.95, 1), trace = FALSE)
    field <- if (i <= k) "coefficient" else if (has && i == k + 1) "dispersion" else "sd"
    if (field != "coefficient") r <- exp(r)
    put("glmmTMB", data, family, link, formula, field, if (field == "coefficient") i else 1, r[1], r[2])
  }
}
ep <- "y ~ lbase * trt + lage + V4 + (1 | subject)"
roots("epil", "nbinom2", "log", ep, nbinom2(), epil)
roots("epil", "nbinom1", "log", ep, nbinom1(), epil)
roots("cbpp", "binomial", "probit", cb, binomial("probit"), cbpp)
