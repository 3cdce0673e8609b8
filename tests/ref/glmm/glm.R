# Models of independent rows, without random effects: glm, MASS::glm.nb and glmmTMB.
# Run: Rscript glm.R > glm.csv   (R 4.2.2, MASS 7.3-58.2, glmmTMB 1.1.5)
# glm's standard errors are those of the expected information, which is the observed one where the link is canonical;
# those of negative binomial models are glmmTMB's, whose joint information of coefficients and dispersion is the observed one.
suppressMessages({library(MASS); library(glmmTMB)})
read <- function(n) read.csv(paste0("../../../data/", if (n == "relapses") "examples/" else "published/", n, ".csv"))
d <- sapply(c("cbpp", "grouseticks", "epil", "relapses"), read, simplify = FALSE)
cat("program,data,family,link,agq,formula,offset,field,index,value\n")
put <- function(program, data, family, link, formula, offset, values)
  for (f in names(values)) for (i in seq_along(values[[f]]))
    cat(sprintf("%s,%s,%s,%s,1,\"%s\",%s,%s,%d,%.15g\n", program, data, family, link, formula, offset, f, i, values[[f]][[i]]))
off <- function(D, offset) if (offset == "") rep(0, nrow(D)) else eval(parse(text = offset), D)
plain <- function(data, family, link, formula, offset = "") {
  D <- d[[data]]; D$off <- off(D, offset)
  g <- glm(as.formula(formula), D, family = if (family == "binomial") binomial(link) else poisson(link), offset = off,
           control = list(epsilon = 1e-15, maxit = 100))
  v <- list(criterion = -2 * as.numeric(logLik(g)), estimate = coef(g))
  if (link %in% c("logit", "log")) v$se <- sqrt(diag(vcov(g)))
  put("glm", data, family, link, formula, offset, v)
}
nb <- function(data, formula, offset = "") {
  D <- d[[data]]; D$off <- off(D, offset)
  g <- glm.nb(as.formula(paste(formula, "+ offset(off)")), D, control = glm.control(epsilon = 1e-15, maxit = 500))
  put("glm.nb", data, "nbinom2", "log", formula, offset, list(criterion = -2 * as.numeric(logLik(g)), estimate = coef(g), dispersion = g$theta))
}
tmb <- function(data, family, formula, offset = "") {
  D <- d[[data]]; D$off <- off(D, offset)
  g <- glmmTMB(as.formula(formula), D, family = if (family == "nbinom2") nbinom2() else nbinom1(), offset = off,
               control = glmmTMBControl(optCtrl = list(iter.max = 1e4, eval.max = 1e4, rel.tol = 1e-15, x.tol = 1e-12)))
  put("glmmTMB", data, family, "log", formula, offset,
      list(criterion = -2 * as.numeric(logLik(g)), estimate = fixef(g)$cond, se = sqrt(diag(vcov(g)$cond)), dispersion = sigma(g)))
}
# glmmTMB leaves a gradient of up to 5e-4 in nbinom1; Newton's method on dnbinom, from there, leaves 1e-12.
nb1 <- function(data, formula, start) {
  D <- d[[data]]; X <- model.matrix(as.formula(formula), D); y <- D[[all.vars(as.formula(formula))[1]]]; k <- ncol(X)
  gradient <- function(p) {
    phi <- exp(p[k + 1]); size <- exp(as.vector(X %*% p[1:k])) / phi
    slope <- digamma(y + size) - digamma(size) - log1p(phi)
    -c(t(X) %*% (slope * size), sum(-slope * size - size * phi / (1 + phi) + y / (1 + phi)))
  }
  p <- start
  for (i in 1:30) {
    g <- gradient(p)
    H <- sapply(seq_along(p), function(j) { e <- replace(0 * p, j, 1e-5); (gradient(p + e) - gradient(p - e)) / 2e-5 })
    p <- p - solve((H + t(H)) / 2, g)
  }
  mu <- exp(as.vector(X %*% p[1:k])); phi <- exp(p[k + 1])
  put("Newton", data, "nbinom1", "log", formula, "",
      list(criterion = -2 * sum(dnbinom(y, mu = mu, size = mu / phi, log = TRUE)), estimate = p[1:k], dispersion = phi))
}
cb <- "cbind(incidence, size - incidence) ~ factor(period)"
gt <- "TICKS ~ factor(YEAR) + cHEIGHT"
ep <- "y ~ lbase * trt + lage + V4"
rl <- "relapses ~ after"
for (link in c("logit", "probit", "cloglog")) plain("cbpp", "binomial", link, cb)
plain("grouseticks", "poisson", "log", gt); plain("epil", "poisson", "log", ep); plain("relapses", "poisson", "log", rl, "log(years)")
nb("grouseticks", gt); nb("epil", ep)
for (family in c("nbinom2", "nbinom1")) { tmb("grouseticks", family, gt); tmb("epil", family, ep) }
nb1("grouseticks", gt, c(1.49, 0.67, -0.6, -0.0148, log(10.67))); nb1("epil", ep, c(1.94, 0.85, -0.34, 0.79, -0.084, 0.56, log(2.69)))
