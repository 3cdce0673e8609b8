# The best fit of metafor to the last digits: its minimisers end where the likelihood no longer changes, where the
# parameters have half of their digits. From there, steps of Newton's method with numerical derivatives (package
# numDeriv) lead on, and metafor fits once more from that place without a search of its own.
newton <- function(theta, value, steps = 4) {
  for (step in seq_len(steps)) theta <- theta - solve(numDeriv::hessian(value, theta), numDeriv::grad(value, theta))
  theta
}
there <- list(optimizer = "BFGS", maxit = 0)
# rma.mv() in all digits.
mv <- function(...) {
  call <- match.call(); call[[1]] <- quote(rma.mv); close <- call; where <- parent.frame()
  close$control <- list(rel.tol = 1e-12, iter.max = 2000, eval.max = 4000)
  f <- tryCatch(suppressWarnings(eval(close, where)), error = function(e) suppressWarnings(eval(call, where)))
  polish.mv(f, call, where)
}
# rma() with `scale` in all digits.
ls <- function(...) {
  call <- match.call(); call[[1]] <- quote(rma); where <- parent.frame()
  polish.scale(eval(call, where), call, where)
}
# A fit of rma.mv by its `call`; variances at 0 and correlations at a border stay as they were found.
polish.mv <- function(f, call, where) {
  at <- f[c("sigma2", "tau2", "rho", "gamma2", "phi")[c(f$withS, f$withG, f$withG, f$withH, f$withH)]]
  correlation <- function(name) name %in% c("rho", "phi")
  given <- f$vc.fix[names(at)]
  free <- Map(function(part, fixed, name) !fixed & if (correlation(name)) abs(part) < 0.999 & part != 0 else part > 1e-6, at, given, names(at))
  if (!any(unlist(free))) return(f)
  set <- function(theta) {
    start <- 0
    for (name in names(at)) { n <- sum(free[[name]]); now <- theta[start + seq_len(n)]; start <- start + n
      at[[name]][free[[name]]] <- if (correlation(name)) tanh(now) else exp(now) }
    at
  }
  fit <- function(at, control) { call[names(at)] <- at; call$control <- control; suppressWarnings(eval(call, where)) }
  value <- function(theta) -c(logLik(fit(set(theta), list())))
  theta <- unlist(Map(function(part, which, name) if (correlation(name)) atanh(part[which]) else log(part[which]), at, free, names(at)))
  best <- set(newton(theta, value))
  begin <- Map(function(part, name) if (correlation(name)) part else pmax(part, 1e-12), best, names(best))
  # (By its Cholesky factors, metafor 3.8 takes the start of UN for another.)
  call$control <- c(there, list(cholesky = c(FALSE, FALSE)), setNames(begin, paste0(names(begin), ".init")))
  polished <- suppressWarnings(eval(call, where))
  polished$control <- f$control
  polished
}
# A location-scale model by rma() with its `call`. Gradient of half the deviance as it is written down, its Jacobian by
# complex steps, for the best fit and for the errors of the scale: metafor's by differences of the deviance have four
# digits.
polish.scale <- function(f, call, where) {
  X <- f$X; y <- c(f$yi); v <- f$vi; Z <- f$Z
  gradient <- function(alpha) {
    t <- exp(drop(Z %*% alpha)); w <- 1 / (v + t); C <- solve(t(X) %*% (w * X)); e <- drop(y - X %*% (C %*% (t(X) %*% (w * y))))
    hat <- if (f$method == "REML") rowSums((X %*% C) * X) else 0
    drop(t(Z) %*% (t * (w - w^2 * e^2 - w^2 * hat))) / 2
  }
  hessian <- function(alpha) numDeriv::jacobian(gradient, alpha, method = "complex")
  alpha <- c(f$alpha)
  for (step in 1:6) alpha <- alpha - solve(hessian(alpha), gradient(alpha))
  call$control <- c(there, list(alpha.init = alpha))
  f <- eval(call, where)
  V <- solve(hessian(alpha)); se <- sqrt(diag(V)); z <- alpha / se
  f$se.alpha <- se; f$zval.alpha <- z; at <- f$att; Q <- drop(alpha[at] %*% solve(V[at, at], alpha[at]))
  if (f$test == "t") {
    df <- f$ddf.alpha; half <- qt(0.975, df) * se; f$pval.alpha <- 2 * pt(-abs(z), df)
    f$QS <- Q / length(at); f$QSp <- pf(f$QS, length(at), df, lower.tail = FALSE)
  } else {
    half <- qnorm(0.975) * se; f$pval.alpha <- 2 * pnorm(-abs(z)); f$QS <- Q; f$QSp <- pchisq(Q, length(at), lower.tail = FALSE)
  }
  f$ci.lb.alpha <- alpha - half; f$ci.ub.alpha <- alpha + half
  f
}
