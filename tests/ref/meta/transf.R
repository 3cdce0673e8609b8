# The ways back from the scales on which effects are pooled, and pooled effects that are taken back.
#
#   Rscript transf.R > transf.csv      (in this folder)
suppressMessages(library(metafor))
cat("# transf.* of metafor, pnorm and tanh of R: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript transf.R > transf.csv\n")
cat("name,size,x,value\n")
emit <- function(name, size, x, value) cat(sprintf("%s,%s,%.17g,%.17g\n", name, size, x, value), sep = "")
x <- c(-0.4, 0, 0.05, 0.2, 0.37, 0.6, 0.8, 1.1, 1.3, 1.55, 1.7)
emit("exp", "", x, exp(x)); emit("ilogit", "", x, transf.ilogit(x)); emit("ztor", "", x, transf.ztor(x))
emit("ztor2", "", x[x >= 0], transf.ztor(x[x >= 0])^2)
emit("iprobit", "", x, pnorm(x)); emit("iarcsin", "", x, transf.iarcsin(x)); emit("isqrt", "", x, transf.isqrt(x))
emit("iahw", "", x, transf.iahw(x)); emit("iabt", "", x, transf.iabt(x))
for (n in c(3, 20, 412.5)) emit("ipft", n, x, suppressWarnings(transf.ipft(x, n)))
for (t in c(2, 40)) emit("iirft", t, x, transf.iirft(x, t))
# Pooled: the mean, its interval, the prediction interval; each study by its own size.
tight <- list(threshold = 1e-13, maxiter = 5000, tol = 1e-14)
pooled <- function(code, name, transf, targs) {
  d <- escalc(measure = code, xi = xi, ni = ni, data = dat.pritz1997)
  fit <- rma(yi, vi, data = d, control = tight)
  p <- if (is.null(targs)) predict(fit, transf = transf) else predict(fit, transf = transf, targs = list(ni = targs))
  emit(paste0("pooled-", code), name, 1:5, c(p$pred, p$ci.lb, p$ci.ub, p$pi.lb, p$pi.ub))
}
pooled("PFT", "ipft", transf.ipft.hm, dat.pritz1997$ni)
pooled("PAS", "iarcsin", transf.iarcsin, NULL)
d <- escalc(measure = "PFT", xi = xi, ni = ni, data = dat.pritz1997)
s <- summary(d)
emit("lower-PFT", "ipft", seq_len(nrow(d)), transf.ipft(s$ci.lb, d$ni))
