# Multilevel and multivariate models of metafor on published tables; CR2 by its formula.
#
#   Rscript multilevel.R > multilevel.csv      (in this folder)
suppressMessages(library(metafor))
source("polish.R")
folder <- "../../../data/published/"
konst <- read.csv(paste0(folder, "konstantopoulos2011.csv")); berkey <- read.csv(paste0(folder, "berkey1998.csv"))
ishak <- read.csv(paste0(folder, "ishak2007.csv")); bcg <- read.csv(paste0(folder, "bcg.csv"))
cat("# Multilevel and multivariate models: 17 significant digits.\n")
cat(sprintf("# Tool: %s, metafor %s. Date: 2026-11-26.\n", R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript multilevel.R > multilevel.csv\n")
cat("# CR2 by the formulas of Pustejovsky & Tipton (2018), with matrices over all rows.\n")
cat("case,method,quantity,value\n")
emit <- function(case, method, name, value) { value <- unname(c(value)); for (i in seq_along(value))
  if (is.finite(value[i])) cat(sprintf("%s,%s,%s[%d],%.17g\n", case, method, name, i, value[i])) }
power <- function(m, e) { s <- eigen(m, symmetric = TRUE); v <- ifelse(s$values > 1e-12 * max(s$values), s$values^e, 0); s$vectors %*% diag(v, length(v)) %*% t(s$vectors) }
cr2 <- function(fit, cluster) {
  X <- model.matrix(fit); M <- fit$M; W <- solve(M); C <- solve(t(X) %*% W %*% X); e <- c(fit$yi - X %*% coef(fit)); n <- nrow(X)
  IH <- diag(n) - X %*% C %*% t(X) %*% W; S <- IH %*% M %*% t(IH); V <- 0; G <- list(); p <- ncol(X)
  for (g in unique(cluster)) { i <- which(cluster == g); D <- chol(M[i, i, drop = FALSE]); B <- D %*% S[i, i, drop = FALSE] %*% t(D)
    A <- t(D) %*% power(B, -1/2) %*% D; U <- matrix(0, n, p); U[i, ] <- t(A) %*% W[i, i, drop = FALSE] %*% X[i, , drop = FALSE] %*% C
    s <- t(U) %*% e; V <- V + s %*% t(s); G <- c(G, list(U)) }
  df <- sapply(seq_len(p), function(j) { u <- sapply(G, function(U) U[, j]); O <- t(u) %*% S %*% u; sum(diag(O))^2 / sum(O^2) })
  list(se = sqrt(diag(V)), df = df)
}
show <- function(case, fit, cluster = NULL, profile = FALSE) {
  m <- fit$method
  emit(case, m, "beta", fit$beta); emit(case, m, "se", fit$se); emit(case, m, "sigma2", fit$sigma2)
  if (fit$withG) { emit(case, m, "tau2", fit$tau2); emit(case, m, "rho", fit$rho) }
  emit(case, m, "QE", fit$QE); emit(case, m, "QM", fit$QM); emit(case, m, "loglik", logLik(fit)); emit(case, m, "aic", AIC(fit)); emit(case, m, "bic", BIC(fit))
  if (profile) for (j in seq_along(fit$sigma2)) { ci <- confint(fit, sigma2 = j, control = list(tol = 1e-10)); emit(case, m, paste0("sigma2_ci", j), ci$random[1, 2:3]) }
  if (!is.null(cluster)) {
    for (adjust in c(FALSE, TRUE)) { r <- robust(fit, cluster = cluster, adjust = adjust); emit(case, m, paste0("se_CR", as.numeric(adjust)), r$se); emit(case, m, paste0("p_CR", as.numeric(adjust)), r$pval); emit(case, m, paste0("QM_CR", as.numeric(adjust)), r$QM) }
    r <- cr2(fit, cluster); emit(case, m, "se_CR2", r$se); emit(case, m, "df_CR2", r$df)
  }
}
V <- bldiag(lapply(split(berkey[c("v1i", "v2i")], berkey$trial), as.matrix))
for (m in c("REML", "ML")) {
  fit <- mv(yi, vi, random = ~ 1 | district/school, data = konst, method = m)
  show("konst", fit, konst$district, profile = m == "REML")
  if (m == "REML") { re <- ranef(fit); emit("konst", m, "ranef_district", re[[1]]$intrcpt); emit("konst", m, "ranef_district_se", re[[1]]$se); emit("konst", m, "ranef_school", re[[2]]$intrcpt); emit("konst", m, "ranef_school_se", re[[2]]$se) }
  show("konst-year", mv(yi, vi, mods = ~ I(year - 1990), random = ~ 1 | district/school, data = konst, method = m), konst$district)
  for (s in c("ID", "DIAG", "CS", "HCS", "UN")) show(paste0("berkey-", s), mv(yi, V, mods = ~ outcome - 1, random = ~ outcome | trial, struct = s, data = berkey, method = m))
  show("berkey-rho", mv(yi, vcalc(vi, cluster = trial, obs = outcome, rho = 0.6, data = berkey), mods = ~ outcome - 1, random = ~ outcome | trial, struct = "UN", data = berkey, method = m))
  for (s in c("AR", "HAR", "CS")) show(paste0("ishak-", s), mv(yi, vi, mods = ~ factor(time) - 1, random = ~ time | study, struct = s, data = ishak, method = m))
}
fit <- rma(yi ~ ablat, vi, data = bcg, control = list(threshold = 1e-13, maxiter = 5000)); fit$withG <- FALSE; fit$sigma2 <- fit$tau2
show("bcg-ablat", fit, bcg$year)
