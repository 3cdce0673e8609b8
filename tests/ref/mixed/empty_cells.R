# Type III tests where combinations of levels have no rows: lmerTest 3.1-3 with lme4 1.1-31, R 4.2.2.
# Rscript empty_cells.R > empty_cells.csv; it also writes empty_cells_data.csv.
suppressMessages(library(lmerTest))
n <- 60
i <- 0:(n - 1)
d <- data.frame(
  g = paste0("s", i %% 10),
  arm = c("A", "B")[1 + (i %% 10 >= 5)],
  h = c("p", "q", "r", "s")[1 + (i * 7 + i %/% 10) %% 4],
  k = c("x", "y", "z")[1 + (i * 5 + i %/% 7) %% 3],
  x = (i * 13 %% 17) / 10
)
d$y <- round(3 * sin(i * 1.7) + (d$arm == "B") + 0.8 * (d$h == "r") + 0.5 * (i %% 10) + 0.2 * d$x, 3)
d <- d[!(d$arm == "A" & d$h == "q") & !(d$arm == "B" & d$h == "r" & d$k == "z"), ]
write.csv(d, "empty_cells_data.csv", row.names = FALSE, quote = FALSE)
cat("# empty_cells.R: lmerTest", as.character(packageVersion("lmerTest")), "\n")
cat("formula,term,F,num_df,den_df\n")
for (f in c("y ~ arm * h + (1 | g)", "y ~ arm * h + x * arm + (1 | g)", "y ~ arm * h * k + (1 | g)", "y ~ arm * h + h * x + (1 | g)", "y ~ arm:h:x + arm * h + (1 | g)")) {
  m <- suppressMessages(lmer(as.formula(f), d))
  t <- suppressMessages(anova(m))
  for (r in rownames(t)) cat(sprintf("%s,%s,%.10g,%d,%.8g\n", f, r, t[r, "F value"], t[r, "NumDF"], t[r, "DenDF"]))
}
