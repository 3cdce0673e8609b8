# The work of benches/beside.rs in R, which that bench runs: Rscript benches/beside.R ROOT FOLDER
arguments <- commandArgs(TRUE)
has <- function(package) suppressWarnings(suppressMessages(requireNamespace(package, quietly = TRUE)))
data <- function(file) read.csv(file.path(arguments[1], "data", file))
made <- function(file) read.csv(file.path(arguments[2], file))
used <- Filter(has, c("metafor", "lme4", "lmerTest", "pbkrtest"))
versions <- vapply(used, function(package) paste(package, packageVersion(package)), "")
cat("versions\t", paste(c(paste("R", getRversion()), versions), collapse = ", "), "\n", sep = "")
timed <- function(name, runs, inner, work) {
  suppressMessages(suppressWarnings(work()))
  one <- function() system.time(for (i in seq_len(inner)) suppressMessages(suppressWarnings(work())))[["elapsed"]]
  times <- quantile(replicate(runs, one()) / inner, c(0.5, 0.25, 0.75))
  cat(name, sprintf("%.1f", 1e6 * times), sep = "\t")
  cat("\n")
}
if ("metafor" %in% used) {
  library(metafor, quietly = TRUE)
  few <- made("few.csv")
  fit <- rma(yi, vi, data = few)
  timed("REML of 13 studies with every interval", 7, 10, function() {
    fit <- rma(yi, vi, data = few); confint(fit); predict(fit)
  })
  many <- made("many.csv")
  timed("REML of 1,000 studies", 3, 1, function() rma(yi, vi, data = many))
  timed("leaving out each of 13 studies", 7, 5, function() leave1out(fit))
  exact <- rma(yi, vi, data = made("exact.csv"))
  timed("exact permutation test of 8 studies (256)", 3, 1, function() permutest(exact, exact = TRUE, progbar = FALSE))
  crossed <- made("crossed.csv")
  timed("500 effects of crossed studies and species", 1, 1, function() {
    rma.mv(yi, vi, random = list(~ 1 | study, ~ 1 | species, ~ 1 | effect), data = crossed)
  })
}
if ("lme4" %in% used) {
  library(lme4, quietly = TRUE)
  sleep <- data("published/sleepstudy.csv")
  slope <- Reaction ~ Days + (Days | Subject)
  fit <- lmer(slope, sleep)
  timed("sleepstudy, correlated slope", 7, 10, function() lmer(slope, sleep))
  if ("lmerTest" %in% used) {
    timed("sleepstudy with Satterthwaite's df", 7, 5, function() summary(lmerTest::lmer(slope, sleep)))
    if ("pbkrtest" %in% used) {
      timed("sleepstudy with Kenward and Roger's df", 5, 3, function() {
        summary(lmerTest::lmer(slope, sleep), ddf = "Kenward-Roger")
      })
    }
  }
  timed("profile intervals of sleepstudy", 3, 1, function() confint(fit, method = "profile"))
  timed("100 bootstrap refits of sleepstudy", 3, 1, function() bootMer(fit, fixef, nsim = 100))
  als <- data("examples/als-40.csv")
  timed("40 patients, correlated slope", 7, 5, function() lmer(alsfrs ~ month + (month | patient), als))
  pastes <- data("published/pastes.csv")
  timed("Pastes, nested", 7, 5, function() lmer(strength ~ 1 + (1 | batch / cask), pastes))
  penicillin <- data("published/penicillin.csv")
  timed("Penicillin, crossed", 7, 5, function() lmer(diameter ~ 1 + (1 | plate) + (1 | sample), penicillin))
  timed("InstEval (73,421 ratings, three factors)", 1, 1, function() {
    lmer(y ~ service + (1 | s) + (1 | d) + (1 | dept:service), InstEval)
  })
}
