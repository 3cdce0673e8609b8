# The criterion of `y ~ f + (1 | g) + (0 + x | g)` on far_from_zero.csv, whose x lies far from 0: from its own start lmer ends
# where the variance of the intercept is 0, and from a large one at a lower minimum.
library(lme4)
d <- read.csv("far_from_zero.csv")
formula <- y ~ f + (1 | g) + (0 + x | g)
control <- lmerControl(optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12))
own <- lmer(formula, d, control = control)
other <- lmer(formula, d, control = control, start = c(27, 0.6))
for (fit in list(own, other)) print(sprintf("%.12g", c(REMLcrit(fit), getME(fit, "theta"), fixef(fit), sigma(fit))))
