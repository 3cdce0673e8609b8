# What effects that share groups must give (--v-shared, --v-groups), by metafor with a V that is built here by hand: lines as
# in walk.tsv.
#
#   Rscript shared.R > shared.tsv      (in this folder; writes shared_*.csv as well)
#
# Gleser & Olkin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., chapter 19: tables 19.1 and 19.3.
# Hasselblad (1998), Med Decis Making 18:37: smoking cessation, studies of two and three arms (metadat, dat.hasselblad1998).
# Senn et al. (2013), Stat Methods Med Res 22:169: HbA1c, one study of three arms (metadat, dat.senn2013).
suppressMessages(library(metafor))
counts <- data.frame(study = c(1,1,2,3,3,3), trt = c(1,2,1,1,2,3), ai = c(100,150,15,40,80,50), n1i = c(4000,4000,400,1000,1000,1000),
                     ci = c(40,40,10,150,150,150), n2i = c(1000,1000,200,2000,2000,2000))
means <- data.frame(study = c(1,1,2,3,4,4), trt = c(1,2,1,1,1,2), m1i = c(7.87,4.35,9.32,8.08,7.44,5.34), m2i = c(-1.36,-1.36,0.98,1.17,0.45,0.45),
                    sd1i = c(4.2593,4.2593,2.8831,3.1764,2.9344,2.9344), n1i = c(25,22,38,50,30,30), n2i = c(25,25,40,50,30,30))
means$sd2i <- means$sd1i
# Each further arm of a study against its first one; where a study has three arms also the second against the third would
# follow from these.
smoke <- do.call(rbind, lapply(split(dat.hasselblad1998, dat.hasselblad1998$study), function(d) {
  d <- d[order(d$trt), ]
  data.frame(study = d$study[-1], a = d$trt[-1], b = d$trt[1], ai = d$xi[-1], n1i = d$ni[-1], ci = d$xi[1], n2i = d$ni[1])
}))
# The same in a chain: first against second, second against third.
chain <- do.call(rbind, lapply(split(dat.hasselblad1998, dat.hasselblad1998$study), function(d) {
  d <- d[order(d$trt), ]; k <- nrow(d)
  data.frame(study = d$study[-1], a = d$trt[-k], b = d$trt[-1], ai = d$xi[-k], n1i = d$ni[-k], ci = d$xi[-1], n2i = d$ni[-1])
}))
sugar <- do.call(rbind, lapply(split(dat.senn2013, dat.senn2013$study), function(d) {
  d <- d[order(d$treatment == "placebo", d$treatment), ]; k <- nrow(d)
  data.frame(study = d$study[-k], a = d$treatment[-k], b = d$treatment[k], m1i = d$mi[-k], sd1i = d$sdi[-k], n1i = d$ni[-k],
             m2i = d$mi[k], sd2i = d$sdi[k], n2i = d$ni[k])
}))
for (name in c("counts", "means", "smoke", "chain", "sugar")) write.csv(get(name), sprintf("shared_%s.csv", name), row.names = FALSE, quote = FALSE)
cat("# What effects that share groups give. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-25.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript shared.R > shared.tsv\n")
put <- function(call, place, value, close) {
  value <- unname(c(unlist(value)))
  for (i in seq_along(value)) if (!is.na(value[i]) && is.finite(value[i]))
    cat(sprintf("%s\t%s\t%.17g\t%g\n", call, if (length(value) > 1) paste0(place, "/", i - 1) else place, value[i], close))
}
show <- function(call, f, close) {
  for (j in seq_along(f$beta)) {
    put(call, sprintf("/coefficients/%d/estimate", j - 1), f$beta[j], close); put(call, sprintf("/coefficients/%d/se", j - 1), f$se[j], close)
  }
  put(call, "/QE", f$QE, 1e-9); put(call, "/QM", f$QM, close); put(call, "/fit/loglik", c(logLik(f)), 1e-8)
  if (f$withS) { if (length(f$sigma2) == 1) put(call, "/sigma2/0", f$sigma2, close) else put(call, "/sigma2", f$sigma2, close) }
}
# The variance of the risk, mean or rate of each group on the scale of the measure, after the constant that escalc adds.
own <- function(measure, d) {
  if (measure %in% c("MD", "ROM", "SMD")) return(with(d, switch(measure, MD = cbind(sd1i^2/n1i, sd2i^2/n2i), SMD = cbind(1/n1i, 1/n2i),
    ROM = cbind((sd1i/m1i)^2/n1i, (sd2i/m2i)^2/n2i))))
  zero <- with(d, ai == 0 | ci == 0 | ai == n1i | ci == n2i)
  add <- if (measure == "AS") 0 else ifelse(zero, 0.5, 0)
  x <- cbind(d$ai, d$ci) + add; n <- cbind(d$n1i, d$n2i) + 2*add; p <- x/n
  switch(measure, RD = p*(1 - p)/n, RR = (1 - p)/(n*p), OR = 1/(n*p*(1 - p)), AS = 1/(4*n))
}
V.of <- function(measure, d, yi, vi, one.sd = FALSE) {
  u <- own(measure, d); k <- nrow(d); V <- diag(vi)
  names <- if (!("a" %in% colnames(d))) cbind(paste0("t", seq_len(k)), "control") else cbind(as.character(d$a), as.character(d$b))
  if (one.sd) for (s in unique(d$study)) { rows <- which(d$study == s); if (length(rows) > 1) for (i in rows)
    V[i, i] <- sum(u[i, ]) + yi[i]^2/2/(sum(d$n1i[rows]) + d$n2i[rows[1]]) }
  for (i in seq_len(k)) for (j in seq_len(k)) if (i != j && d$study[i] == d$study[j]) {
    rows <- which(d$study == d$study[i])
    for (a in 1:2) for (b in 1:2) if (names[i, a] == names[j, b]) {
      V[i, j] <- V[i, j] + (if (a == b) 1 else -1)*sqrt(u[i, a]*u[j, b])
      n <- if (a == 1) d$n1i[i] else d$n2i[i]
      if (measure == "SMD") V[i, j] <- V[i, j] + yi[i]*yi[j]/2*(if (one.sd) 1/(sum(d$n1i[rows]) + d$n2i[rows[1]]) else
        n/(d$n1i[i] + d$n2i[i])/(d$n1i[j] + d$n2i[j]))
    }
  }
  V
}
effects <- function(measure, d, ...) if (is.null(d$m1i)) escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, ...) else
  escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d, ...)
for (m in c("RD", "OR", "RR", "AS")) {
  e <- effects(m, counts); V <- V.of(m, counts, e$yi, e$vi)
  show(sprintf("shared_counts.csv --measure %s --v-shared study --mods \"0 + factor(trt)\"", m), rma.mv(e$yi, V, mods = ~ 0 + factor(counts$trt)), 1e-9)
  put(sprintf("shared_counts.csv --measure %s --v-shared study --mods \"0 + factor(trt)\"", m), "/sampling_covariances/0/covariance", V[1, 2], 1e-12)
}
e <- with(means, data.frame(yi = (m1i - m2i)/sd1i)); e$vi <- with(means, 1/n1i + 1/n2i + e$yi^2/2/(n1i + n2i)); V <- V.of("SMD", means, e$yi, e$vi, one.sd = TRUE)
show("shared_means.csv --measure SMD --no-correct --v-shared study --mods \"0 + factor(trt)\"", rma.mv(e$yi, V, mods = ~ 0 + factor(means$trt)), 1e-9)
for (m in c("OR", "RD")) for (name in c("smoke", "chain")) {
  d <- get(name); e <- suppressWarnings(effects(m, d)); V <- V.of(m, d, e$yi, e$vi); d$row <- seq_len(nrow(d))
  call <- sprintf("shared_%s.csv --measure %s --random \"1 | study\" --v-shared study%s", name, m, if (name == "chain") " --v-groups a,b" else "")
  show(call, suppressWarnings(rma.mv(e$yi, V, random = ~ 1 | study, data = d, control = list(rel.tol = 1e-10))), 2e-5)
}
for (m in c("MD", "SMD")) {
  e <- effects(m, sugar); V <- V.of(m, sugar, e$yi, e$vi)
  show(sprintf("shared_sugar.csv --measure %s --v-shared study --mods \"0 + a\" --v-groups a,b", m), rma.mv(e$yi, V, mods = ~ 0 + a, data = sugar), 1e-9)
}
# The formula for an SMD by an SD that is pooled over both groups of each row, against 400,000 simulated studies.
set.seed(1); n <- c(40, 60, 30); mu <- c(1, 0.4, 0); R <- 4e5
m <- sapply(1:3, function(g) rnorm(R, mu[g], 1/sqrt(n[g]))); s2 <- sapply(1:3, function(g) rchisq(R, n[g] - 1)/(n[g] - 1))
d <- sapply(1:2, function(g) (m[, g] - m[, 3])/sqrt(((n[g] - 1)*s2[, g] + (n[3] - 1)*s2[, 3])/(n[g] + n[3] - 2)))
formula <- 1/n[3] + mu[1]*mu[2]*n[3]/2/(n[1] + n[3])/(n[2] + n[3])
stopifnot(abs(cov(d)[1, 2]/formula - 1) < 0.1) # these are small samples
cat(sprintf("# Simulated covariance of two SMDs %.5f, by the formula for large samples %.5f\n", cov(d)[1, 2], formula))
