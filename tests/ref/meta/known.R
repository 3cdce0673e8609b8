# Random effects with known correlations: those of species by a random tree with Brownian motion along its branches.
#
#   Rscript known.R > known.tsv      (in this folder; writes known_effects.csv and known_tree.csv as well)
#
# The lines are as in walk.tsv, with calls in this folder.
suppressMessages(library(metafor))
source("polish.R")
set.seed(20261125)
n <- 24
# A tree by joining two random lineages after the other, at growing ages: the time that two species share.
tree <- function(n) {
  age <- cumsum(rexp(n - 1, choose(n:2, 2))); shared <- matrix(0, n, n); groups <- as.list(seq_len(n))
  for (join in seq_len(n - 1)) {
    two <- sample(length(groups), 2); a <- groups[[two[1]]]; b <- groups[[two[2]]]
    shared[a, b] <- shared[b, a] <- age[join]
    groups <- c(groups[-two], list(c(a, b)))
  }
  A <- 1 - shared / max(age); diag(A) <- 1
  dimnames(A) <- list(paste0("sp_", seq_len(n)), paste0("sp_", seq_len(n))); A
}
A <- round(tree(n), 12)
k <- 60
d <- data.frame(species = sample(c(rownames(A)[1:20], sample(rownames(A)[1:20], k - 20, TRUE))), study = sprintf("st%02d", sample(18, k, TRUE)), effect = seq_len(k))
u <- setNames(drop(t(chol(A)) %*% rnorm(n)) * 0.5, rownames(A)); s <- setNames(rnorm(18, 0, 0.3), sprintf("st%02d", 1:18))
d$dose <- round(runif(k, 0, 10), 1); d$vi <- round(runif(k, 0.01, 0.08), 4)
d$yi <- round(0.3 + 0.04 * d$dose + u[d$species] + s[d$study] + rnorm(k, 0, 0.2) + rnorm(k, 0, sqrt(d$vi)), 4)
write.csv(d, "known_effects.csv", row.names = FALSE, quote = FALSE)
# With the names of the rows in a first column, and rows in another order than the columns.
write.csv(A[sample(n), ], "known_tree.csv")
d$other <- d$species
cat("# What known correlations of species give. Values to 17 significant digits, then how close they must be, relative.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript known.R > known.tsv\n")
put <- function(call, place, value, close) {
  value <- unname(c(unlist(value)))
  for (i in seq_along(value)) if (!is.na(value[i]) && is.finite(value[i]))
    cat(sprintf("known_effects.csv %s\t%s\t%.17g\t%g\n", call, if (length(value) > 1) paste0(place, "/", i - 1) else place, value[i], close))
}
show <- function(call, f, close = 1e-6) {
  for (j in seq_along(f$beta)) {
    put(call, sprintf("/coefficients/%d/estimate", j - 1), f$beta[j], close); put(call, sprintf("/coefficients/%d/se", j - 1), f$se[j], close)
  }
  put(call, "/QE", f$QE, 1e-8); put(call, "/QM", f$QM, 1e-6)
  if (length(f$sigma2) == 1) put(call, "/sigma2/0", f$sigma2, close) else put(call, "/sigma2", f$sigma2, close)
  put(call, "/fit/loglik", c(logLik(f)), 1e-8); put(call, "/fit/aic", AIC(f), 1e-8)
}
ranef_of <- function(call, f, at, name, close) {
  re <- ranef(f)[[at]]
  for (i in seq_len(nrow(re))) { level <- rownames(re)[i]
    if (level %in% if (name == "species") d$species else d$study) {
      put(paste(call, "--ranef"), sprintf("/ranef/%s/%s/estimate", name, level), re$intrcpt[i], close)
      put(paste(call, "--ranef"), sprintf("/ranef/%s/%s/se", name, level), re$se[i], close)
    }
  }
}
for (m in c("REML", "ML")) {
  known <- paste("--known-cor species=known_tree.csv --method", m)
  show(paste("--random \"1 | species\"", known), mv(yi, vi, random = ~ 1 | species, R = list(species = A), data = d, method = m))
  call <- paste("--random \"1 | species\" --random \"1 | study\" --random \"1 | effect\"", known)
  f <- mv(yi, vi, random = list(~ 1 | species, ~ 1 | study, ~ 1 | effect), R = list(species = A), data = d, method = m)
  show(call, f)
  for (j in 1:3) { ci <- confint(f, sigma2 = j, control = list(tol = 1e-10))$random[1, 2:3]; put(call, sprintf("/sigma2_ci/%d", j - 1), ci, 1e-6) }
  ranef_of(call, f, 1, "species", 1e-6); ranef_of(call, f, 2, "study", 1e-6)
  call <- paste("--random \"1 | species\" --random \"1 | study\" --random \"1 | species\" --random \"1 | effect\" --mods dose", known)
  show(call, mv(yi, vi, mods = ~ dose, random = list(~ 1 | species, ~ 1 | study, ~ 1 | other, ~ 1 | effect), R = list(species = A), data = d, method = m), 1e-6)
  call <- paste("--random \"1 | species\" --random \"1 | study\" --random \"1 | effect\" --mods dose --sigma2 0.2,NA,0.05 --test t", known)
  show(call, mv(yi, vi, mods = ~ dose, random = list(~ 1 | species, ~ 1 | study, ~ 1 | effect), R = list(species = A), sigma2 = c(0.2, NA, 0.05), data = d, method = m, test = "t"))
}
