# Model matrices with natural splines, polynomials, scaled columns and comparisons, R 4.2.2 with splines 4.2.2:
#   Rscript tests/ref/formula/curves.R > tests/ref/formula/curves.csv
suppressMessages(library(splines))
fit <- c(1.5, 2, 3.5, 4, 7, 9, 9.5, 12, 2.2, 6.1)
new <- c(0, 1.5, 5, 9.2, 12, 15)
cat("term,rows,column,values\n")
for (term in c("ns(x, df = 1)", "ns(x, df = 2)", "ns(x, df = 3)", "ns(x, 4)", "ns(x, df = 5)", "ns(x, knots = c(3, 8))", "ns(x, knots = 5)", "poly(x, 2)", "poly(x, 3)", "poly(x, 2, raw = TRUE)", "poly(x, degree = 3, raw = TRUE)", "poly(x, 2, raw = FALSE)", "ns(x, df = 3, Boundary.knots = c(0, 10))", "ns(x, knots = c(3, 8), Boundary.knots = c(12.5, -1))", "ns(x, df = 1, Boundary.knots = c(2, 9))", "ns(x, 4, Boundary.knots = c(1.5, 12))", "scale(x)", "scale(x, scale = FALSE)", "scale(x, center = FALSE)", "scale(x, FALSE, FALSE)", "sin(2 * pi * x)", "I(x > 5)", "I(x <= 4) + x", "I(2 * x == 7)", "I(x != 2):x", "x * I(x - 1 >= 3)", "relevel(factor(round5), ref = \"5\")", "bs(x, df = 3)", "bs(x, df = 5)", "bs(x, df = 4, degree = 2)", "bs(x, knots = c(3, 8))", "bs(x, knots = 5, degree = 1)", "bs(x, df = 5, Boundary.knots = c(0, 13))", "cut(x, c(-1, 4, 8, Inf))", "cut(x, breaks = c(0, 4, 8, 16), right = FALSE, include.lowest = TRUE)", "cut(x, c(-1, 5, 20), labels = c(\"low\", \"high\"))", "I(x%%2)", "x%/%2", "I(x%%3):factor(round5)", "floor(x) + ceiling(x) + trunc(-x)", "round(x/3, 1)", "round(x)", "sign(x - 5)", "factor(round5, levels = c(10, 0, 5))", "ordered(round5)", "ordered(round5, levels = c(10, 0, 5)) * x", "x:ordered(round5)", "interaction(x > 3, x%%2 > 1)")) {
  formula <- as.formula(paste("~", term))
  frame <- model.frame(formula, data.frame(x = fit, round5 = 5 * round(fit / 5)))
  own <- model.matrix(formula, frame)
  other <- model.matrix(delete.response(terms(frame)), model.frame(terms(frame), data.frame(x = new, round5 = c(5, 0, 0, 10, 10, 5))))
  for (column in 2:ncol(own)) {
    quoted <- function(text) gsub("\"", "\"\"", text)
    cat(sprintf("\"%s\",fit,\"%s\",\"%s\"\n", quoted(term), quoted(colnames(own)[column]), paste(sprintf("%.17g", own[, column]), collapse = " ")))
    cat(sprintf("\"%s\",new,\"%s\",\"%s\"\n", quoted(term), quoted(colnames(other)[column]), paste(sprintf("%.17g", other[, column]), collapse = " ")))
  }
}
