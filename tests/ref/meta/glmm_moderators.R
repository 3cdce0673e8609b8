# Models of counts with moderators, and without heterogeneity: metafor beside direct integration.
#
#   Rscript glmm_moderators.R > glmm_moderators.csv      (in this folder)
#
# `direct` rows: integrals by the trapezoidal rule over z in [-9, 9], every parameter (also the levels of the studies)
# moved together by Newton's method on central differences until the step is below 1e-8; standard errors from the
# inverse of these second derivatives. `metafor` rows: rma.glmm with 25 points and a tight search, where it has the model
# without further packages (CM.EL needs BiasedUrn).
suppressMessages({library(metafor); library(lme4)})
cat(sprintf("# Tool: %s, metafor %s, lme4 %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version, packageDescription("lme4")$Version))
cat("# Regenerate: Rscript glmm_moderators.R > glmm_moderators.csv\n")
cat("by,data,model,mods,method,estimates,ses,tau2,loglik,QE,QE_Wld,QM\n")

bcg <- read.csv("../../../data/published/bcg.csv")
infections <- read.csv("../../../data/published/nielweise2007.csv")
infections <- infections[infections$ai + infections$ci > 0, ]
rates <- get(data(dat.nielweise2008, package = "metadat"))
pritz <- get(data(dat.pritz1997, package = "metadat"))

z <- seq(-9, 9, length.out = 361)
lw <- dnorm(z, log = TRUE) + log(z[2] - z[1])
lse <- function(x) { m <- max(x); m + log(sum(exp(x - m))) }
# ln of the integral of exp(f(eta + tau z)).
over <- function(f, eta, tau) if (tau == 0) f(eta) else lse(f(eta + tau * z) + lw)
binomial_at <- function(x, n) function(l) lchoose(n, x) + x * l - n * (pmax(l, 0) + log1p(exp(-abs(l))))
poisson_at <- function(x, t) function(l) x * (l + log(t)) - t * exp(l) - lgamma(x + 1)
hypergeometric_at <- function(a, n1, c, n2) {
  u <- max(0, a + c - n2):min(n1, a + c)
  w <- lchoose(n1, u) + lchoose(n2, a + c - u)
  own <- w[u == a]
  function(l) sapply(l, function(l) own + a * l - lse(w + u * l))
}

# Newton's method on central differences, from a start of nlm.
highest <- function(f, start) {
  at <- suppressWarnings(nlm(function(x) -f(x), start, gradtol = 1e-9, steptol = 1e-10, iterlim = 2000)$estimate)
  n <- length(at); h <- 1e-4
  for (turn in 1:30) {
    g <- numeric(n); H <- matrix(0, n, n); here <- f(at)
    e <- diag(h, n)
    up <- sapply(1:n, function(i) f(at + e[, i])); down <- sapply(1:n, function(i) f(at - e[, i]))
    g <- (up - down) / (2 * h)
    for (i in 1:n) {
      H[i, i] <- (up[i] - 2 * here + down[i]) / h^2
      for (j in seq_len(i - 1)) {
        H[i, j] <- H[j, i] <- (f(at + e[, i] + e[, j]) - up[i] - up[j] + 2 * here - down[i] - down[j] + f(at - e[, i] - e[, j])) / (2 * h^2)
      }
    }
    step <- -solve(H, g)
    at <- at + step
    if (max(abs(step)) < 1e-8) break
  }
  list(at = at, value = f(at), cov = solve(-H))
}

# X made orthogonal, with columns of mean square 1: the coefficients of X are solve(R) times those of Q.
direct <- function(name, model, mods, method, X, fs, pairs = NULL) {
  k <- nrow(X); p <- ncol(X)
  Q <- qr.Q(qr(X)) * sqrt(k); B <- solve(qr.R(qr(X))) * sqrt(k)
  random <- method == "ML"
  f <- if (model == "UM.FS") function(x) {
    eta <- drop(Q %*% x[1:p]); tau <- if (random) abs(x[p + 1]) else 0
    alpha <- x[p + random + 1:k]
    sum(sapply(1:k, function(i) over(function(e) pairs[[i]][[1]](alpha[i] + e / 2) + pairs[[i]][[2]](alpha[i] - e / 2), eta[i], tau)))
  } else if (model == "UM.RS") function(x) {
    eta <- drop(Q %*% x[1:p]); tau <- if (random) abs(x[p + 1]) else 0
    level <- x[p + random + 1]; sigma <- abs(x[p + random + 2])
    # The level has a narrow integrand: a grid about its mode at the mean effect, 12 widths and 3 tau to either side.
    sum(sapply(1:k, function(i) {
      joint <- function(a) pairs[[i]][[1]](a + eta[i] / 2) + pairs[[i]][[2]](a - eta[i] / 2) + dnorm(a, level, sigma, log = TRUE)
      mode <- optimize(joint, c(-12, 6), maximum = TRUE, tol = 1e-6)$maximum
      width <- 1 / sqrt(-(joint(mode + 1e-3) - 2 * joint(mode) + joint(mode - 1e-3)) / 1e-6)
      a <- seq(-1, 1, length.out = 241) * (12 * width + 3 * tau) + mode
      lse(sapply(a, function(a) over(function(e) pairs[[i]][[1]](a + e / 2) + pairs[[i]][[2]](a - e / 2), eta[i], tau)) +
        dnorm(a, level, sigma, log = TRUE)) + log(a[2] - a[1])
    }))
  } else function(x) {
    eta <- drop(Q %*% x[1:p]); tau <- if (random) abs(x[p + 1]) else 0
    sum(sapply(1:k, function(i) over(fs[[i]], eta[i], tau)))
  }
  start <- c(rep(0, p), if (random) 0.3, if (model == "UM.FS") sapply(1:k, function(i) {
    optimize(function(a) pairs[[i]][[1]](a) + pairs[[i]][[2]](a), c(-15, 5), maximum = TRUE)$maximum
  }), if (model == "UM.RS") c(-3, 1))
  if (model == "PLO" || model == "IRLN") start[1] <- if (model == "PLO") 1 else -6
  found <- highest(f, start)
  beta <- drop(B %*% found$at[1:p]); V <- B %*% found$cov[1:p, 1:p, drop = FALSE] %*% t(B)
  tested <- if (p > 1 && all(X[, 1] == 1)) 2:p else 1:p
  qm <- drop(beta[tested] %*% solve(V[tested, tested, drop = FALSE], beta[tested]))
  put("direct", name, model, mods, method, beta, sqrt(diag(V)), if (random) found$at[p + 1]^2 else 0, found$value, NA, NA, qm)
}
put <- function(by, name, model, mods, method, b, se, tau2, ll, qe, wld, qm) {
  list_of <- function(x) paste(sprintf("%.12g", x), collapse = " ")
  one <- function(x) if (is.na(x)) "" else sprintf("%.12g", x)
  cat(paste(by, name, model, mods, method, list_of(b), list_of(se), one(tau2), one(ll), one(qe), one(wld), one(qm), sep = ","), "\n", sep = "")
}
tight <- list(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, ftol_rel = 1e-14, maxfun = 1e5, maxeval = 1e5))
beside <- function(name, model, mods, method, call) {
  call$method <- method; call$nAGQ <- 25; call$control <- tight
  m <- try(suppressWarnings(eval(call)), silent = TRUE)
  if (inherits(m, "try-error")) stop(m)
  put("metafor", name, model, mods, method, m$beta, m$se, m$tau2, NA, m$QE.LRT, m$QE.Wld, m$QM)
}

tables <- function(d) lapply(seq_len(nrow(d)), function(i) with(d[i, ], list(binomial_at(ai, n1i), binomial_at(ci, n2i))))
bcg$n1i <- bcg$ai + bcg$bi; bcg$n2i <- bcg$ci + bcg$di
conditional <- function(d) lapply(seq_len(nrow(d)), function(i) with(d[i, ], { f <- binomial_at(ai, ai + ci); function(e) f(e + log(n1i / n2i)) }))
exact <- function(d) lapply(seq_len(nrow(d)), function(i) with(d[i, ], hypergeometric_at(ai, n1i, ci, n2i)))

for (case in list(list("bcg", bcg, "ablat"), list("bcg", bcg, "alloc"), list("bcg", bcg, "ablat - 1"), list("nielweise2007", infections, "year"))) {
  name <- case[[1]]; d <- case[[2]]; mods <- case[[3]]
  X <- model.matrix(as.formula(paste("~", mods)), d)
  for (method in c("ML", "FE")) for (model in c("UM.FS", "CM.AL", "CM.EL", "UM.RS")) {
    if (model == "UM.RS" && !(name == "bcg" && mods == "ablat")) next
    direct(name, model, mods, method, X, if (model == "CM.AL") conditional(d) else if (model == "CM.EL") exact(d), tables(d))
    if (model != "CM.EL" && model != "UM.RS") beside(name, model, mods, method, bquote(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, mods = .(as.formula(paste("~", mods))), model = .(model))))
  }
}
for (method in c("ML", "FE")) {
  X <- model.matrix(~ year, rates)
  pairs <- lapply(seq_len(nrow(rates)), function(i) with(rates[i, ], list(poisson_at(x1i, t1i), poisson_at(x2i, t2i))))
  direct("nielweise2008", "UM.FS", "year", method, X, NULL, pairs)
  beside("nielweise2008", "UM.FS", "year", method, quote(rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rates, mods = ~ year, model = "UM.FS")))
  one <- lapply(seq_len(nrow(rates)), function(i) with(rates[i, ], poisson_at(x1i, t1i)))
  direct("nielweise2008", "IRLN", "year", method, X, one)
  beside("nielweise2008", "IRLN", "year", method, quote(rma.glmm(measure = "IRLN", xi = x1i, ti = t1i, data = rates, mods = ~ year)))
  X <- model.matrix(~ ni, pritz)
  one <- lapply(seq_len(nrow(pritz)), function(i) with(pritz[i, ], binomial_at(xi, ni)))
  direct("pritz1997", "PLO", "ni", method, X, one)
  beside("pritz1997", "PLO", "ni", method, quote(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = pritz, mods = ~ ni)))
}
