# Tables of papers from the R package metadat, with the columns that the tests need.
#
#   Rscript export.R      (in this folder)
#
# lee2004: Lee & Done (2004), Cochrane Database Syst Rev, as Henmi & Copas (2010), Stat Med 29:2969, use it.
# collins1985b: Collins, Yusuf & Peto (1985), BMJ 290:17, pre-eclampsia, as in Viechtbauer (2007), Stat Med 26:37.
# nielweise2008: Niël-Weise et al. (2008), as in Stijnen, Hamza & Özdemir (2010), Stat Med 29:3046.
# collins1985a: Collins & Langman (1985), N Engl J Med 313:660, persistent or recurrent bleeding, control group
# first, as in van Houwelingen, Zwinderman & Stijnen (1993), Stat Med 12:2273.
suppressMessages(library(metadat))
put <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
put(dat.lee2004[c("ai", "n1i", "ci", "n2i")], "lee2004")
put(with(dat.collins1985b, data.frame(ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci)), "collins1985b")
put(with(dat.nielweise2008, data.frame(x1i, t1i = t1i / 1000, x2i, t2i = t2i / 1000)), "nielweise2008")
put(with(dat.collins1985a, data.frame(ai = b.xci, n1i = nci, ci = b.xti, n2i = nti)), "collins1985a")
