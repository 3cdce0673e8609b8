# CR2 of the R package clubSandwich, its Satterthwaite df and its joint test (HTZ).
#
#   Rscript robust_clubsandwich.R > robust_clubsandwich.csv      (in this folder)
suppressMessages({library(metafor); library(clubSandwich)})
bcg <- read.csv("../../../data/published/bcg.csv")
cat(sprintf("# Tool: %s, metafor %s, clubSandwich %s. Date: 2026-11-21.\n", R.version.string, packageDescription("metafor")$Version, packageDescription("clubSandwich")$Version))
cat("# Regenerate: Rscript robust_clubsandwich.R > robust_clubsandwich.csv\n")
cat("cluster,quantity,value\n")
fit <- rma(yi, vi, mods = ~ ablat + year, data = bcg, control = list(threshold = 1e-14, maxiter = 1000))
for (cluster in c("alloc", "year")) {
  test <- coef_test(fit, vcov = "CR2", cluster = bcg[[cluster]], p_values = TRUE)
  for (j in 1:3) cat(sprintf("%s,se%d,%.17g\n%s,df%d,%.17g\n", cluster, j, test$SE[j], cluster, j, test$df[j]))
  if (cluster == "year") {
    joint <- Wald_test(fit, constraints = constrain_zero(2:3), vcov = "CR2", cluster = bcg[[cluster]])
    cat(sprintf("%s,F,%.17g\n%s,df_denom,%.17g\n%s,p,%.17g\n", cluster, joint$Fstat, cluster, joint$df_denom, cluster, joint$p_val))
  }
}
