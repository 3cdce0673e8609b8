# Criterion, coefficients, standard errors and residual covariance of models with correlated residuals.
# corCAR1 starts from 0.97: from its default of 0.2 a day gls stays where all correlations are 0.
# Run after data.R: Rscript gls.R > gls.csv   (R 4.2.2, nlme 3.1-162: gls with tight control)
library(nlme)
ctl <- glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 1000, maxIter = 500, returnObject = FALSE)
v <- read.csv("../../../data/examples/visits.csv", stringsAsFactors = TRUE); v$t <- as.integer(v$visit)
o <- read.csv("../../../data/published/orthodont.csv", stringsAsFactors = TRUE); o$t <- (o$age - 6) / 2
cat("data,formula,structure,time,subject,method,field,index,value\n")
put <- function(data, formula, structure, time, subject, method, fit) {
  head <- paste(data, formula, structure, time, subject, method, sep = ",")
  line <- function(field, index, value) cat(sprintf("%s,%s,%d,%.15g\n", head, field, index, value))
  line("criterion", 1, -2 * as.numeric(logLik(fit)))
  for (i in seq_along(coef(fit))) { line("estimate", i, coef(fit)[[i]]); line("se", i, sqrt(vcov(fit)[i, i])) }
  line("sigma", 1, sigma(fit))
}
structures <- list(
  id = function(g, t, x) list(NULL, NULL),
  cs = function(g, t, x) list(corCompSymm(form = as.formula(paste("~ 1 |", g))), NULL),
  csh = function(g, t, x) list(corCompSymm(form = as.formula(paste("~ 1 |", g))), varIdent(form = ~ 1 | t)),
  ar1 = function(g, t, x) list(corAR1(form = as.formula(paste("~ t |", g))), NULL),
  ar1h = function(g, t, x) list(corAR1(form = as.formula(paste("~ t |", g))), varIdent(form = ~ 1 | t)),
  us = function(g, t, x) list(corSymm(form = as.formula(paste("~ t |", g))), varIdent(form = ~ 1 | t)))
for (method in c("REML", "ML")) {
  for (s in names(structures)) {
    p <- structures[[s]]("patient")
    put("visits", "change ~ base + visit * arm", s, "visit", "patient", method,
        gls(change ~ base + visit * arm, v, correlation = p[[1]], weights = p[[2]], method = method, control = ctl))
    p <- structures[[s]]("Subject")
    put("orthodont", "distance ~ age * Sex", s, "age", "Subject", method,
        gls(distance ~ age * Sex, o, correlation = p[[1]], weights = p[[2]], method = method, control = ctl))
  }
  put("visits", "change ~ base + day * arm", "car1", "day", "patient", method,
      gls(change ~ base + day * arm, v, correlation = corCAR1(0.97, form = ~ day | patient), method = method, control = ctl))
}
