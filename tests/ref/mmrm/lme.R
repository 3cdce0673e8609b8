# Random effects beside correlated residuals: criterion, coefficients, standard errors, standard deviations and
# parameters of the residuals, with random effects of some levels.
# Ovary and BodyWeight come with nlme: Pierson & Ginther (1987), Anim Reprod Sci 14:219; Hand & Crowder (1996), Practical
# Longitudinal Data Analysis, table 2.4. Orthodont is in data/published.
# Run: Rscript lme.R > lme.csv   (R 4.2.2, nlme 3.1-162: lme with tight control; writes ovary.csv and bodyweight.csv)
library(nlme)
ctl <- lmeControl(tolerance = 1e-13, msTol = 1e-15, msMaxIter = 5000, maxIter = 2000, niterEM = 100, opt = "nlminb")
ovary <- data.frame(mare = as.integer(as.character(Ovary$Mare)), time = Ovary$Time, follicles = Ovary$follicles)
ovary$s <- sin(2 * pi * ovary$time); ovary$c <- cos(2 * pi * ovary$time)
ovary$k <- ave(ovary$time, ovary$mare, FUN = seq_along)
write.csv(ovary, "ovary.csv", row.names = FALSE, quote = FALSE)
weight <- data.frame(rat = as.integer(as.character(BodyWeight$Rat)), day = BodyWeight$Time, weight = BodyWeight$weight,
                     diet = paste0("d", BodyWeight$Diet))
write.csv(weight, "bodyweight.csv", row.names = FALSE, quote = FALSE)
orthodont <- read.csv("../../../data/published/orthodont.csv", stringsAsFactors = TRUE)
orthodont$k <- (orthodont$age - 6) / 2
cat("data,formula,structure,time,subject,by,method,field,index,value\n")
put <- function(data, formula, structure, time, subject, by, method, fit, residual) {
  head <- paste(data, formula, structure, time, subject, by, method, sep = ",")
  line <- function(field, values) for (i in seq_along(values)) cat(sprintf("%s,%s,%d,%.15g\n", head, field, i, values[[i]]))
  line("criterion", -2 * as.numeric(logLik(fit)))
  line("estimate", fixef(fit)); line("se", sqrt(diag(vcov(fit))))
  sd <- suppressWarnings(as.numeric(VarCorr(fit)[, "StdDev"])); line("sd", sd[-length(sd)])
  line("residual", residual(fit))
  b <- ranef(fit); line("ranef", unlist(b[order(as.character(rownames(b))), , drop = FALSE][1:3, ]))
}
cor1 <- function(fit) c(sigma(fit), coef(fit$modelStruct$corStruct, unconstrained = FALSE))
sds <- function(fit, levels) sigma(fit) * c(1, coef(fit$modelStruct$varStruct, unconstrained = FALSE))[levels]
for (m in c("REML", "ML")) {
  put("ovary", "follicles ~ s + c + (1 + s || mare)", "ar1", "k", "mare", "", m, lme(follicles ~ s + c, ovary,
    random = list(mare = pdDiag(~ s)), correlation = corAR1(form = ~ k | mare), method = m, control = ctl), cor1)
  put("ovary", "follicles ~ s + c + (1 | mare)", "car1", "time", "mare", "", m, lme(follicles ~ s + c, ovary,
    random = ~ 1 | mare, correlation = corCAR1(0.001, form = ~ time | mare), method = m, control = ctl), cor1)
  put("orthodont", "distance ~ age * Sex + (1 | Subject)", "ar1", "age", "Subject", "", m, lme(distance ~ age * Sex,
    orthodont, random = ~ 1 | Subject, correlation = corAR1(form = ~ k | Subject), method = m, control = ctl), cor1)
  put("orthodont", "distance ~ age * Sex + (1 | Subject)", "idh", "age", "Subject", "", m, lme(distance ~ age * Sex,
    orthodont, random = ~ 1 | Subject, weights = varIdent(form = ~ 1 | k), method = m, control = ctl),
    function(fit) sds(fit, 1:4))
  put("orthodont", "distance ~ age * Sex + (age | Subject)", "id", "age", "Subject", "Sex", m, lme(distance ~ age * Sex,
    orthodont, random = ~ age | Subject, weights = varIdent(form = ~ 1 | Sex), method = m, control = ctl),
    function(fit) sds(fit, 1:2))
  put("orthodont", "distance ~ age * Sex + (1 | Subject)", "ar1h", "age", "Subject", "", m, lme(distance ~ age * Sex,
    orthodont, random = ~ 1 | Subject, correlation = corAR1(form = ~ k | Subject), weights = varIdent(form = ~ 1 | k),
    method = m, control = ctl), function(fit) c(sds(fit, 1:4), coef(fit$modelStruct$corStruct, unconstrained = FALSE)))
  put("bodyweight", "weight ~ day * diet + (1 | rat)", "car1", "day", "rat", "", m, lme(weight ~ day * diet, weight,
    random = ~ 1 | rat, correlation = corCAR1(0.8, form = ~ day | rat), method = m, control = ctl), cor1)
  put("bodyweight", "weight ~ day * diet + (day | rat)", "car1", "day", "rat", "", m, lme(weight ~ day * diet, weight,
    random = ~ day | rat, correlation = corCAR1(0.8, form = ~ day | rat), method = m, control = ctl), cor1)
}
