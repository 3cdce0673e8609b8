# F tests of types I and II: lmerTest with lme4 and pbkrtest.
# Rscript types_one_two.R > types_one_two.csv, in this folder.
suppressMessages(library(lmerTest))
published <- function(name) read.csv(file.path("../../../data/published", name), comment.char = "#")
cat("# types_one_two.R: lmerTest", as.character(packageVersion("lmerTest")), "lme4", as.character(packageVersion("lme4")),
    "pbkrtest", as.character(packageVersion("pbkrtest")), "\n")
cat("formula,file,df,type,term,F,num_df,den_df\n")
tight <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, maxeval = 10000))
cases <- list(
  c("distance ~ age * Sex + (age | Subject)", "orthodont.csv"),
  c("log1p(y) ~ lbase * trt + trt * factor(period) + (1 | subject)", "epil.csv"),
  c("log1p(TICKS) ~ factor(YEAR) * cHEIGHT + (1 | BROOD) + (1 | LOCATION)", "grouseticks.csv"),
  c("y ~ arm + h + k + arm:k + (1 | g)", "../../tests/ref/mixed/empty_cells_data.csv"),
  c("y ~ x + h * k + (1 | g)", "../../tests/ref/mixed/empty_cells_data.csv")
)
for (case in cases) {
  d <- published(case[2])
  m <- suppressMessages(lmer(as.formula(case[1]), d, control = tight))
  for (df in c("Satterthwaite", "Kenward-Roger")) for (type in 1:2) {
    t <- suppressMessages(anova(m, type = type, ddf = df))
    for (r in rownames(t))
      cat(sprintf("%s,%s,%s,%d,%s,%.10g,%d,%.10g\n", case[1], case[2], tolower(df), type, r, t[r, "F value"], t[r, "NumDF"], t[r, "DenDF"]))
  }
}
