# Models of counts by lme4 through metafor: estimate, SE, tau2 and (UM.RS) sigma2 of nielweise2007.
#
#   Rscript glmm_lme4.R > glmm_lme4.csv      (in this folder)
suppressMessages({library(metafor); library(lme4)})
d <- read.csv("../../../data/published/nielweise2007.csv")
cat(sprintf("# Tool: %s, metafor %s, lme4 %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version, packageDescription("lme4")$Version))
cat("# Regenerate: Rscript glmm_lme4.R > glmm_lme4.csv\nmodel,estimate,se,tau2,sigma2\n")
tight <- list(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, ftol_rel = 1e-14, maxfun = 1e5, maxeval = 1e5))
for (model in c("UM.FS", "UM.RS", "CM.AL")) {
  m <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = model, nAGQ = if (model == "UM.RS") 1 else 25, control = tight))
  cat(sprintf("%s,%.10g,%.10g,%.10g,%s\n", model, m$beta[1], m$se[1], m$tau2, if (model == "UM.RS") sprintf("%.10g", m$sigma2) else ""))
}
