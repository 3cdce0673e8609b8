# Polynomials over levels in order, R 4.2.2:
#   Rscript tests/ref/formula/ordered.R > tests/ref/formula/ordered.csv
cat("levels,column,values\n")
for (k in c(2:8, 12, 16, 20)) {
  own <- model.matrix(~ ordered(x), data.frame(x = rev(seq_len(k))))
  for (column in 2:ncol(own)) {
    cat(sprintf("%d,%s,%s\n", k, colnames(own)[column], paste(sprintf("%.17g", own[, column]), collapse = " ")))
  }
}
