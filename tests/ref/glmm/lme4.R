# Criterion, coefficients, standard errors, theta of models by glmer and glmmTMB.
# Run after data.R: Rscript lme4.R > lme4.csv   (R 4.2.2, lme4 1.1-31, glmmTMB 1.1.5)
# glmer: tolPwrss 1e-13 so that its weights do not lag behind its random effects.
suppressMessages({library(lme4); library(glmmTMB)})
d <- lapply(c(cbpp = "cbpp", grouseticks = "grouseticks", epil = "epil", relapses = "relapses"),
            function(n) read.csv(paste0("../../../data/", if (n == "relapses") "examples/" else "published/", n, ".csv")))
d$verbagg <- read.csv("verbagg.csv.gz")
d$cbpp$period <- factor(d$cbpp$period); d$grouseticks$YEAR <- factor(d$grouseticks$YEAR)
cat("program,data,family,link,agq,formula,offset,field,index,value\n")
put <- function(program, data, family, link, agq, formula, offset, values) {
  for (f in names(values)) for (i in seq_along(values[[f]]))
    cat(sprintf("%s,%s,%s,%s,%d,\"%s\",%s,%s,%d,%.15g\n", program, data, family, link, agq, formula, offset, f, i, values[[f]][[i]]))
}
ctl <- glmerControl(optimizer = "nloptwrap", tolPwrss = 1e-13, check.conv.singular = "ignore", check.conv.grad = "ignore",
                    optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5))
lm4 <- function(data, family, link, agq, formula, offset = "") {
  D <- d[[data]]; D$off <- if (offset == "") 0 else eval(parse(text = offset), D)
  fam <- if (family == "binomial") binomial(link) else poisson(link)
  f <- as.formula(gsub("factor\\((\\w+)\\)", "\\1", formula))
  g <- suppressWarnings(glmer(f, D, family = fam, nAGQ = agq, control = ctl, offset = off))
  g <- suppressWarnings(update(g, start = getME(g, c("theta", "fixef")), control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13,
       check.conv.singular = "ignore", check.conv.grad = "ignore", optCtrl = list(rhoend = 1e-9, maxfun = 1e5))))
  v <- list(estimate = fixef(g), se = sqrt(diag(vcov(g, use.hessian = TRUE))), theta = getME(g, "theta"))
  # with quadrature lme4 leaves out constants of the likelihood
  if (agq == 1) v$criterion <- -2 * as.numeric(logLik(g))
  put("lme4", data, family, link, agq, formula, offset, v)
}
tmb <- function(data, family, link, formula, offset = "") {
  D <- d[[data]]; D$off <- if (offset == "") 0 else eval(parse(text = offset), D)
  fam <- switch(family, binomial = binomial(link), poisson = poisson(link), nbinom2 = nbinom2(), nbinom1 = nbinom1())
  f <- as.formula(gsub("factor\\((\\w+)\\)", "\\1", formula))
  g <- suppressWarnings(glmmTMB(f, D, family = fam, offset = off, control = glmmTMBControl(optCtrl = list(iter.max = 1e4, eval.max = 1e4, rel.tol = 1e-15, x.tol = 1e-12))))
  # where its second derivatives fail, glmmTMB gives no likelihood
  if (is.na(logLik(g))) return(invisible())
  sd <- unlist(lapply(VarCorr(g)$cond, function(x) attr(x, "stddev")))
  v <- list(criterion = -2 * as.numeric(logLik(g)), estimate = fixef(g)$cond, se = sqrt(diag(vcov(g)$cond)), sd = sd)
  if (family %in% c("nbinom1", "nbinom2")) v$dispersion <- sigma(g)
  put("glmmTMB", data, family, link, 1, formula, offset, v)
}
cb <- "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)"
gt <- "TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)"
ep <- "y ~ lbase * trt + lage + V4 + (1 | subject)"
es <- "y ~ lbase * trt + lage + period + (period | subject)"
va <- "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)"
rl <- "relapses ~ after + (1 | patient)"
d$verbagg$r2 <- as.integer(d$verbagg$r2 == "Y")
for (agq in c(1, 9, 25)) lm4("cbpp", "binomial", "logit", agq, cb)
lm4("grouseticks", "poisson", "log", 1, gt); lm4("epil", "poisson", "log", 1, ep); lm4("epil", "poisson", "log", 9, ep)
lm4("epil", "poisson", "log", 1, es); lm4("verbagg", "binomial", "logit", 1, va); lm4("relapses", "poisson", "log", 1, rl, "log(years)")
lm4("relapses", "poisson", "log", 15, rl, "log(years)")
for (link in c("logit", "probit", "cloglog")) tmb("cbpp", "binomial", link, cb)
tmb("grouseticks", "poisson", "log", gt)
for (family in c("poisson", "nbinom2", "nbinom1")) { tmb("epil", family, "log", ep); tmb("relapses", family, "log", rl, "log(years)") }
tmb("epil", "poisson", "log", es); tmb("epil", "nbinom2", "log", es); tmb("verbagg", "binomial", "logit", va)
tmb("grouseticks", "nbinom2", "log", "TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD)")
