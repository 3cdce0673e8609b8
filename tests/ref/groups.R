# Two groups drawn from data sets of R, printed as papers do, with what R's t.test makes of them. All of them are honest.
# Rscript tests/ref/groups.R > tests/ref/groups.csv      (R 4.2.2, package datasets)
set.seed(20261126)
f <- function(x, d) formatC(x, format = "f", digits = d)
data <- list(mtcars$mpg, iris$Sepal.Length, faithful$waiting, precip, na.omit(airquality$Ozone), women$weight, attitude$rating,
             swiss$Fertility, trees$Volume, quakes$mag, ChickWeight$weight, ToothGrowth$len, warpbreaks$breaks)
cat("# Honest rows of two groups. Made by groups.R, R 4.2.2.\n")
cat("m1i,sd1i,n1i,m2i,sd2i,n2i,t,df,p,se,ci_lower,ci_upper,test\n")
show <- function(text) if (runif(1) < 0.6) text else ""
for (i in 1:600) {
  v <- data[[sample(length(data), 1)]]
  n <- sample(3:40, 2, TRUE)
  x <- sample(v, n[1], TRUE); y <- sample(v, n[2], TRUE) + sample(c(0, 0, sd(v) / 2), 1)
  if (sd(x) == 0 || sd(y) == 0) next
  student <- runif(1) < 0.5; digits <- sample(0:3, 1); sign <- sample(c(1, -1), 1)
  test <- t.test(x, y, var.equal = student)
  # Some make the interval with 1.96.
  ci <- if (runif(1) < 0.2) test$estimate[1] - test$estimate[2] + c(-1.96, 1.96) * test$stderr else test$conf.int
  ci <- f(if (sign < 0) -rev(ci) else ci, digits)
  if (runif(1) < 0.5) ci <- c("", "")
  p <- if (test$p.value < 0.001) "< 0.001" else f(test$p.value, sample(2:4, 1))
  cat(f(mean(x), digits), f(sd(x), digits), n[1], f(mean(y), digits), f(sd(y), digits), n[2],
      show(f(sign * test$statistic, sample(1:3, 1))), show(f(test$parameter, if (student) 0 else sample(0:2, 1))),
      show(p), show(f(test$stderr, digits)), ci[1], ci[2], if (student) "student" else "welch", sep = ",")
  cat("\n")
}
