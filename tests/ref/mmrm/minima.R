# Log-likelihoods of models with correlated residuals that have several maxima: the highest one that gls finds from
# correlations of its own, 0.3, 0.9, 0.98 and 0.998, and from the standard deviations given here.
# Dialyzer and Cefamandole come with nlme: Vonesh & Carter (1992), Biometrics 48:1; Davidian & Giltinan (1995),
# Nonlinear Models for Repeated Measurement Data, section 1.1.2.
# Run: Rscript minima.R > minima.csv   (R 4.2.2, nlme 3.1-162; writes dialyzer.csv and cefamandole.csv)
library(nlme)
ctl <- glsControl(maxIter = 500, msMaxIter = 1000, tolerance = 1e-10, msTol = 1e-12, returnObject = TRUE)
dialyzer <- data.frame(subject = as.integer(as.character(Dialyzer$Subject)), qb = paste0("q", Dialyzer$QB),
                       pressure = Dialyzer$pressure, rate = Dialyzer$rate, k = Dialyzer$index)
write.csv(dialyzer, "dialyzer.csv", row.names = FALSE, quote = FALSE)
cefamandole <- data.frame(subject = as.integer(as.character(Cefamandole$Subject)), time = Cefamandole$Time,
                          conc = Cefamandole$conc)
write.csv(cefamandole, "cefamandole.csv", row.names = FALSE, quote = FALSE)
cefamandole$k <- as.integer(factor(cefamandole$time))
sds <- c(1.54, 1.85, 2.05, 2.36, 2.52, 2.74, 2.84, 2.95, 3.11, 3.41, 3.55, 3.35, 3.45, 3.28)
highest <- function(formula, d, kind, sd = NULL) {
  d$visit <- factor(d$k)
  best <- -Inf
  for (start in c(NA, 0.3, 0.9, 0.98, 0.998)) for (known in unique(c(FALSE, !is.null(sd)))) {
    value <- if (is.na(start)) 0 else start
    cor <- if (kind == "csh") corCompSymm(value, form = ~ 1 | subject) else corAR1(value, form = ~ k | subject)
    ratios <- if (known) setNames(sd[-1] / sd[1], levels(d$visit)[-1]) else numeric(0)
    weights <- if (kind == "ar1") NULL else varIdent(ratios, form = ~ 1 | visit)
    fit <- try(suppressWarnings(gls(formula, d, correlation = cor, weights = weights, control = ctl)), silent = TRUE)
    if (!inherits(fit, "try-error")) best <- max(best, as.numeric(logLik(fit)))
  }
  best
}
cat("data,formula,time,structure,loglik\n")
put <- function(data, d, formula, time, kind, sd = NULL)
  cat(sprintf("%s,%s,%s,%s,%.12g\n", data, formula, time, kind, highest(as.formula(formula), d, kind, sd)))
put("dialyzer", dialyzer, "rate ~ k * qb", "k", "ar1h")
put("dialyzer", dialyzer, "rate ~ (pressure + I(pressure^2)) * qb", "k", "ar1h")
put("dialyzer", dialyzer, "rate ~ pressure", "k", "csh")
put("cefamandole", cefamandole, "log(conc) ~ time", "time", "ar1h", sds)
