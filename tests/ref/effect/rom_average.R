# Variances of ROM at average coefficients of variation, by metafor's escalc.
#
#   Rscript rom_average.R > rom_average.csv
suppressMessages(library(metafor))
cat(sprintf("# vi of metafor's escalc for ROM with vtype AV and AVHO; 17 significant digits. Tool: %s, metafor %s. Date: 2026-11-21.\n",
            R.version.string, packageDescription("metafor")$Version))
cat("# Regenerate: Rscript rom_average.R > rom_average.csv\n")
d <- data.frame(m1i = c(5, 7, 3, 9), sd1i = c(1.2, 2, 1, 3), n1i = c(10, 22, 7, 40),
                m2i = c(4, 6, 5, 8), sd2i = c(1.5, 1.1, 2, 2.5), n2i = c(12, 19, 9, 35))
for (v in c("AV", "AVHO")) d[[v]] <- as.numeric(escalc("ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d, vtype = v)$vi)
cat(paste(names(d), collapse = ","), "\n", sep = "")
for (i in seq_len(nrow(d))) cat(paste(sapply(d[i, ], function(x) formatC(x, digits = 17, width = 1, format = "g")), collapse = ","), "\n", sep = "")
