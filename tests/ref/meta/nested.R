# Data on which the search of a larger multilevel model ends lower than a smaller model that lies within it, unless it
# also looks where a variance is 0 and from the maximum of the simpler structure. R 4.2.2, metafor 3.8-1.
suppressMessages(library(metafor))

# From its own start rma.mv of UN ends at -8.67259, and that of HCS takes a rho below -0.5, which is no covariance. By the
# likelihood itself, with rho at 1:
d <- read.csv("nested_outcomes.csv")
x <- cbind(1, d$x)
level <- as.integer(factor(d$out))
log_likelihood <- function(log_sd) {
  sd <- exp(log_sd)
  w <- solve(diag(d$vi) + outer(d$study, d$study, "==") * outer(sd[level], sd[level]))
  e <- d$yi - x %*% solve(t(x) %*% w %*% x, t(x) %*% w %*% d$yi)
  -0.5 * (nrow(d) * log(2 * pi) - c(determinant(w)$modulus) + c(t(e) %*% w %*% e))
}
best <- optim(log(c(1, 2.7, 8)), function(p) -log_likelihood(p), control = list(reltol = 1e-15, maxit = 5000))
print(c(-best$value, exp(2 * best$par)), digits = 12)

d <- read.csv("nested_singular.csv")
print(c(logLik(rma.mv(yi, vi, random = ~ out | study, struct = "HCS", data = d, method = "ML"))), digits = 12)
d <- read.csv("nested_levels.csv")
print(c(logLik(rma.mv(yi, vi, mods = ~ out, random = ~ 1 | study, data = d, method = "ML"))), digits = 12)
d <- read.csv("nested_left_out.csv")
d <- d[d$study != "s4", ]
fit <- rma.mv(yi, vi, random = ~ out | study, struct = "HCS", data = d, method = "ML", control = list(rho.init = 0.5))
print(c(logLik(fit), fit$b, fit$se), digits = 12)
