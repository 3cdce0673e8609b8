# Data on which the search of a larger model ends higher than a smaller model that lies within it, unless it also looks
# where a variance is 0 or a correlation 1 or -1. R 4.2.2, lme4 1.1-31, glmmTMB 1.1.5, nlme 3.1-162.
suppressMessages({library(lme4); library(glmmTMB); library(nlme)})

# lmer ends at 236.242, too; its own deviance function is lower at the border.
d <- read.csv("nested_centres.csv")
deviance_of <- do.call(mkLmerDevfun, lFormula(y ~ arm * t + (1 | cen/g), d, REML = FALSE))
print(optimize(function(theta) deviance_of(c(theta, 0)), c(0, 20), tol = 1e-10)$objective, digits = 12)

d <- read.csv("nested_slopes.csv")
shift <- -1.6237609094430876 * d$x
parts <- lFormula(y ~ arm + (x | g), d, REML = FALSE, offset = shift,
                  control = lmerControl(check.nobs.vs.nRE = "ignore"))
deviance_of <- do.call(mkLmerDevfun, parts)
print(nlminb(c(2, -1, 0.1), deviance_of, lower = c(0, -Inf, 0), control = list(rel.tol = 1e-14))$objective, digits = 12)

d <- read.csv("nested_counts.csv")
print(-2 * c(logLik(glmmTMB(k ~ arm * t + (1 | cen/g), d, family = poisson))), digits = 12)
d <- read.csv("nested_count_slopes.csv")
print(-2 * c(logLik(glmmTMB(y ~ arm + (x | g), d, family = poisson))), digits = 12)

d <- read.csv("nested_idh.csv")
print(-2 * c(logLik(gls(y ~ t, d, weights = varIdent(form = ~ 1 | t)))), digits = 12)

# lme ends at 85.0686 or 84.7139, by its start.
d <- read.csv("nested_ar1h.csv")
d$at <- as.integer(factor(d$visit))
alone <- gls(y ~ 1, d, correlation = corAR1(form = ~ at | id), weights = varIdent(form = ~ 1 | visit), method = "ML")
print(-2 * c(logLik(alone)), digits = 12)
