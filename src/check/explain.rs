//! What each check does, why it matters and what to do about it.

use std::fmt;

/// The page of one check.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The code in results.
    pub code: &'static str,
    /// The check in a few words.
    pub title: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// An example.
    pub example: &'static str,
    /// What to do if it fails, and what it means if it cannot be decided.
    pub action: &'static str,
    /// Where the method comes from.
    pub source: &'static str,
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n", self.code, self.title)?;
        for (heading, text) in [
            ("What it does", self.what),
            ("Why it matters", self.why),
            ("Example", self.example),
            ("What to do", self.action),
            ("Source", self.source),
        ] {
            if !text.is_empty() {
                writeln!(f, "{heading}\n  {}\n", text.replace('\n', "\n  "))?;
            }
        }
        Ok(())
    }
}

/// The page of a code.
pub fn page(code: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.code == code)
}

/// Every page, in the order in which the checks are made.
pub const PAGES: [Page; 24] = [
    Page {
        code: "quote-number",
        title: "every number stands in the phrase that it was read from",
        what: "Looks for the printed number in the `quote` beside it, without regard to white space and width, and\n\
               not inside a longer number, nor in front of what multiplies it: 5 does not stand in \"5万人\" or \"5 million\",\n\
               unless the unit beside it begins so.",
        why: "A digit that was mistyped while transcribing is found without the source.",
        example: "`value = 5` with the quote \"7 名中 5 名\" passes; `value = 6` fails.",
        action: "Compare the number and the quote with the source, and correct whichever was mistyped.",
        source: "",
    },
    Page {
        code: "quote-source",
        title: "every quote stands in the source, on the line that the file gives",
        what: "With --sources DIR, looks for each quote in the text of the source, over broken lines and in any width.",
        why: "Whoever doubts a number can go to its place.",
        example: "A quote on line 110 with `line = 111` fails, and the message names line 110.",
        action: "Correct the line or the quote. Quotes with `from = \"paper\"` are not looked for.",
        source: "",
    },
    Page {
        code: "source-hash",
        title: "the source is the text that was transcribed",
        what: "With --sources DIR, compares the SHA-256 of the source with the one in the release file.",
        why: "A source that was edited or replaced may no longer say what was transcribed.",
        example: "One changed byte fails.",
        action: "Transcribe again from the new source, or restore the old one.",
        source: "",
    },
    Page {
        code: "total",
        title: "the parts of a whole add up to it",
        what: "Adds the numbers that share `of` and `split`, and compares the sum with the whole. Where subgroups of an arm\n\
               (`of`) have all of its people between them, a count of the arm is their sum, and a mean or percentage\n\
               lies at that of theirs, weighted by how many they are. Its SD is that of their SDs and of how far their\n\
               means lie apart: (n − 1)·s² = Σ (nᵢ − 1)·sᵢ² + Σ nᵢ·(mᵢ − m)². Its median lies between the smallest and\n\
               the largest of theirs.",
        why: "Six women and one man are seven patients; anything else is a slip of whoever counted or typed.",
        example: "6 + 1 = 7 passes. Twelve women at 50.0 and eight men at 51.0 are twenty people at 50.4, and not at 55.0.",
        action: "Look whether a part is missing (write it) or a number is wrong. \"About\" and \"or more\" cannot be added. A number\n\
               that is marked as rounded (`rounded_to`, 5万) is added as all that it stands for. Percentages with intervals\n\
               may be those of curves, whose subgroups have other weights, and so may medians of times.",
        source: "Cochrane Handbook 2024, table 6.5.a (the SD)",
    },
    Page {
        code: "percentage",
        title: "a percentage is that of a count",
        what: "Looks for whole numbers k with 100·k/n printing as the percentage; where the count stands beside it, as in\n\
               27 (13.6%), only that one will do. Without a whole, lists the fractions that it can be.",
        why: "Of 7 patients, 14.3 % and 28.6 % are possible and 20 % is not.",
        example: "85.7 % is 6/7, 12/14, 18/21 …: with 10 animals it is impossible.",
        action: "If it fails, the percentage, the whole or both are wrong, or some patients are missing from the whole.",
        source: "Brown & Heathers 2017, Soc Psychol Personal Sci 8:363",
    },
    Page {
        code: "grim",
        title: "a total prints as the mean (GRIM)",
        what: "The values of n people on a scale with steps have a total that is a whole number of steps. Looks for a\n\
               total whose mean prints as reported, in whole-number arithmetic, and says how many random means would\n\
               have been caught. A percentage of a table is that of some count of n, and where the count stands beside it, as\n\
               in 12 (34.3%), of that one; above all of them it can be a change alone, and is noted. Texts are searched for\n\
               such counts, 8 of 60 (13.3%); in a paragraph that speaks of estimated or adjusted shares they are not\n\
               decidable. A mean beside\n\
               which no SD stands is looked at as well; beside an interval it may be that of a model.",
        why: "With few people most means of two decimals are impossible.",
        example: "A mean of 5.19 of 28 whole numbers is impossible: 145/28 = 5.18 and 146/28 = 5.21.",
        action: "See which slip of a digit explains it, or which smaller n: tables name both. Also consider that the scale has\n\
                 other steps (in tables whole numbers are supposed, unless columns `step` or `scale` say otherwise), or that the\n\
                 rounding was another (--rounding).",
        source: "Brown & Heathers 2017, Soc Psychol Personal Sci 8:363",
    },
    Page {
        code: "grimmer",
        title: "whole numbers print as mean and SD (GRIMMER)",
        what: "For every total that prints as the mean, looks for a whole-number sum of squares that prints as the SD,\n\
               is even where the total is, and belongs to some data. Limits of the scale are left aside.",
        why: "An SD can be impossible where the mean is not.",
        example: "0.4 ± 0.8 of 7 people with the population SD: the sum of squares would be 6, and 3 is odd.",
        action: "As for grim. The failing stage says how far the numbers came. An unexplained ± fails only if it has data\n\
                 in no reading (see plus-minus); else it is not decidable.",
        source: "Anaya 2016, PeerJ Preprints 4:e2400; Allard 2018 (Analytic-GRIMMER). Both look at one total; every\n\
                 total is tried here.",
    },
    Page {
        code: "sd-limits",
        title: "the scale allows the SD beside the mean",
        what: "Compares the SD with that of the most even and of the most extreme data that have the mean. Of a mean with its\n\
               interval in brackets, the SD that this makes at least (by t) is held against the largest one.",
        why: "An SD that is too large for the scale is seen at once; one that no data have is grimmer's affair.",
        example: "3.81 ± 3.09 on 1 to 7: even with everybody at 1 or 7 the SD is below 3.05.",
        action: "Look whether the ± is something else, or the scale is another. An interval in brackets that makes the SD larger than\n\
                 the mean allows is not decidable, since a model has one SD for several means, and fails where it is 1.5 times\n\
                 that of values at both limits; where it is that of a model or of clusters, `adjusted` says of which. A table\n\
                 holds a standard error or an interval without an SD against min and max in the same way, as existence, and\n\
                 there 2.5 times fail. Both are conventions.",
        source: "Bhatia & Davis 2000, Am Math Mon 107:353",
    },
    Page {
        code: "existence",
        title: "data on the scale print as mean and SD",
        what: "Searches for a data set on the scale, with its gaps and limits, that prints as reported, and counts all of\n\
               them where that is quick.",
        why: "This is the last word: grim, grimmer and sd-limits can pass where no data exist.",
        example: "0.9 ± 1.2 of 7 ratings from 0 to 10 with the population SD passes grimmer, and has no data.",
        action: "As for grim. `reffect reconstruct` lists the data sets. An unexplained ± fails only if it has data in no\n\
                 reading (see plus-minus); else it is not decidable, nor is an\n\
                 interval that has data where it is made with 1.96 in place of t.",
        source: "after CLOSURE (Larigaldie & Heathers)",
    },
    Page {
        code: "median",
        title: "a median is one of the values, or the middle between two",
        what: "Of an odd number of people the median is the value of one of them, of an even number the middle between two\n\
               values. Looks for such a number on the scale that prints as the median. In a row of a table that has a mean\n\
               and an SD as well, mean and median lie no more than SD·√((n − 1)/n) apart.",
        why: "Of seven counts no median is 2.5, and of any number of them none is 2.3.",
        example: "2.25 attacks of 8 patients is impossible; an EDSS of 4.25 lies between 4.0 and 4.5.",
        action: "Look whether it is a mean, whether fewer people were measured (n), or whether the source interpolates\n\
                 within classes (in a table say step `any` there). Quartiles have many definitions and are not judged.",
        source: "Hotelling & Solomons 1932, Ann Math Stat 3:141 (mean and median)",
    },
    Page {
        code: "debit",
        title: "ones among zeros and ones print as mean and SD (DEBIT)",
        what: "For data that are 0 or 1, tries every number of ones.",
        why: "Mean and SD of zeros and ones determine each other.",
        example: "0.36 ± 0.11 of 20: no number of ones gives this SD.",
        action: "As for grim. In tables it is judged where min is 0, max 1 and step 1.",
        source: "Heathers & Brown 2019, osf.io/5vb3u",
    },
    Page {
        code: "plus-minus",
        title: "what an unexplained ± can be",
        what: "Where a release does not say what its ± is, asks for each cell whether any data set prints so with the ±\n\
               as sample SD, population SD, standard error or half of a 95 % interval. What has no data set in some\n\
               cell is excluded, if the ± means the same everywhere.",
        why: "Read as a standard error, an SD is √n times as large.",
        example: "In release nmo-tocilizumab-2014 only the sample SD has data in all eight cells.",
        action: "If nothing is left, the ± has several meanings, or a number is wrong. In the other checks (estimate, change,\n\
                 p-value, sd-limits) an unexplained ± is read in each of these ways, and what none of them allows fails.",
        source: "",
    },
    Page {
        code: "slope",
        title: "which follow-up gives a mean slope of a score",
        what: "A score has steps, so that the mean slope of n people is a whole number of steps over n times the\n\
               follow-up. Lists the follow-ups, in whole units of time up to 60, that can print as the slope.",
        why: "Releases report \"0.47 points a month\" without saying over how many months.",
        example: "0.25 points a month in 5 people can be over 4, 8, 11–13 … months, and not over 10.",
        action: "Compare with the follow-up that the release states. People who were followed for different times make\n\
                 more slopes possible.",
        source: "GRIM with the follow-up for the number of items",
    },
    Page {
        code: "change",
        title: "a reported change fits the values before and after",
        what: "Where a result has a change (statistic = \"change\") beside the values of its arm, compares it with their\n\
               difference, and its SD with what the SDs before and after allow (from their difference, at r = 1, to\n\
               their sum, at r = −1), for all numbers that print so.",
        why: "Three numbers of one patient group, of which any two limit the third.",
        example: "6.0 ± 1.5 → 3.0 ± 1.6 changes by −3.10 to −2.90, with an SD of 0 to 3.2; of 20 people \"−2.0 ± 1.2\" does\n\
                  not fit.",
        action: "Look for a mistyped digit or the other sign. A change that is off by up to two of its own standard errors\n\
                 (four where it is printed with an SE or interval), or by up to two of the values before or after (SD/√n, the\n\
                 larger), or that is of other people than the values, is not decidable: a model (least-squares means) or\n\
                 missing values may have made the difference. Two and four are conventions.",
        source: "Cochrane Handbook (2024), 6.5.2.8",
    },
    Page {
        code: "interval",
        title: "a reported effect lies in the middle of its interval",
        what: "Takes an [[estimate]], or an effect that a text names (hazard ratio, 0.74; 95% CI, 0.65 to 0.85), and its\n\
               confidence interval to the scale on which such intervals are symmetric (ratios to their logarithm, correlations\n\
               to Fisher's z), and looks whether the effect lies in the middle, for all numbers\n\
               that print so. A standard error beside it is compared with that of the interval; where n is not given,\n\
               one of fewer than 3 degrees of freedom is not decidable. In a table a median lies within its interval.\n\
               That of a percentage of people is held against the usual ones of the count that prints so (exact, mid-p,\n\
               Wilson's with and without correction for continuity, Jeffreys', Agresti's and Coull's, Wald's).\n\
               Where `method` names how the interval was made, one by t or the normal distribution has the effect in its\n\
               middle, and no other is asked for that; by normal, newcombe, miettinen-nurminen and exact, it is computed of the\n\
               counts of both arms and compared.",
        why: "One digit of three numbers that was mistyped moves the middle.",
        example: "\"−0.46 (95 % CI −0.81 to −0.21)\": the middle is −0.51.",
        action: "Compare the three numbers and `measure` with the source. For odds ratios, risks, rates, correlations,\n\
                 standardised differences, ratios of means, percentages and coefficients of regressions it is not decidable: exact, score,\n\
                 bootstrap, profile and Fieller's intervals are not symmetric. Those of hazard ratios may be of a profile likelihood,\n\
                 of which one half is no more than 1 + 0.2·width times the other. But those of odds, risk and rate ratios are never so lopsided that,\n\
                 on the scale of the logarithm, one half is more than 1.3 + 0.3·width times the other, and those of ratios\n\
                 of means and of percentages 1.5 + 1.5·width: beyond that, conventions, they fail. The unit of what an odds\n\
                 ratio of no two arms (`versus`) is of is not known, and one of a regression may be up to 2.5 times as lopsided\n\
                 (3 where z is below 1). A difference of risks whose counts are known is no more than 1.3 times as\n\
                 lopsided as their usual intervals. Means of arms with both ends of their interval are looked at as well; there,\n\
                 and of differences and changes of means, one half may be up to 1.3 times the other, and three times beside SDs above their mean, or where the interval\n\
                 of a mean makes an SD above half of it and the upper half is the longer one: a bootstrap interval may be meant. Where a difference of means that is not adjusted has another precision than Student's or Welch's t\n\
                 makes of the values or the changes, that is not decidable. A standard error beside a ratio may be that of its\n\
                 logarithm, or of the ratio itself; one that is neither, nor near, is not decidable. The interval of a percentage of\n\
                 people that is none of the usual ones may be that of a curve or of a model, and is not decidable; it fails where\n\
                 it is 2.5 times narrower than all of them, or no wider and 2.5 times as lopsided. A percentage of change may be the mean of each one's, which lies in the middle as it\n\
                 is printed. The width of the interval of a correlation is that of the people of its arm: a narrower one fails,\n\
                 as does one of less than half of them.",
        source: "Cochrane Handbook (2024), 6.3.1",
    },
    Page {
        code: "estimate",
        title: "the reported values give the reported effect",
        what: "Computes the effect of an [[estimate]] that names its outcome from the values of its arms and occasions: the\n\
               difference, the change, the ratio, the percentage, or that of counts, for all numbers that print so.",
        why: "\"Fell by 86 %\" and \"from 2.9 to 0.4\" are said in one sentence, and one of them may be wrong.",
        example: "2.9 → 0.4 is a percent-reduction of 84.2 to 88.1.",
        action: "Look for a mistyped digit, another occasion or the other sign. An effect that is adjusted (`adjusted`) does\n\
                 not follow from the values, and is not decidable, unless it is more than 6 standard errors off and within 2 of\n\
                 them with the other sign; nor is a percentage that is off by up to 10 points (the\n\
                 mean of each one's percentage is no percentage of the means), a rate ratio, or a standardised difference of\n\
                 the same sign whose interval has another middle. A ratio that fits turned round is that of the other direction.\n\
                 A change of other people than those of both means (different n) is that of who was measured\n\
                 twice. Odds ratios may be Fisher's conditional ones, or with half a person added to each count. An odds ratio\n\
                 that is called a risk ratio, and the like, fails where the counts give it with its interval to the last digit.\n\
                 A change whose interval makes its SD larger than the SDs before and after allow, by a quarter, fails, and so\n\
                 does one that is half as wide again as the reported SD of the change makes it; else it may be that of a model.\n\
                 A standardised difference of values with an unexplained ± may be by SDs or by standard errors. So does a difference of two arms whose interval is half as wide again as their SDs make it (of more\n\
                 arms twice), and a ratio of counts whose interval is 2.5 times too wide or too narrow. A rate ratio, a\n\
                 ratio of means or a standardised difference fails where its interval is 5 times narrower than events, SDs and\n\
                 sizes make it. Where SDs would fit as standard errors, or these as SDs, that is said: the two are often taken for each other.",
        source: "Cochrane Handbook (2024), 6.5.2.2 and 10.4.1",
    },
    Page {
        code: "to-do",
        title: "a draft is finished",
        what: "Looks for the words \"to do\", which `reffect transcribe` writes where a person has to decide, in labels, title\n\
               and publisher.",
        why: "A draft gives every number to one arm and one outcome; what follows from it is not yet a result.",
        example: "`label = \"to do: 2.9 ± 1.1\"` is not decidable.",
        action: "Name what the number is, give it to its outcome and arm, and take out what is no result. `reffect check --strict`\n\
                 ends with exit status 1 until that is done.",
        source: "reffect",
    },
    Page {
        code: "claim",
        title: "a claim of significance follows from the numbers",
        what: "Computes p over every data set behind before and after and every way to pair them, for the paired t-test,\n\
               the signed-rank test (exact with zeros dropped, exact with zeros ranked, by normal approximation with and\n\
               without correction for continuity) and the sign test. Where the release reports the change itself with its SD, SE or interval, the paired t-test is that of\n\
               the change. The claim is certain if the t-test bears it out always, impossible if no test ever does, and\n\
               possible otherwise. Tests of ranks are made of up to 16 people and 100,000 tables; beyond, what the t-test\n\
               makes impossible is not decidable, and doubtful where no test that was made comes near: that is shown\n\
               without --verbose. Where the scale has no steps, or there are too many data sets, the\n\
               paired t-test is that of the means and SDs at every correlation. Where nothing varies and nothing changed,\n\
               no p is below 1.",
        why: "The correlation between before and after is almost never reported, and it decides.",
        example: "\"EDSS 5.1 ± 1.7 → 4.1 ± 1.6, n = 7, significantly improved\" needs a correlation of 0.74 at least.",
        action: "An impossible claim means a wrong number, another test, or other people before and after; where twice the\n\
                 printed p is possible, a one-sided one may have been meant, and it is not decidable. Counts of the same people\n\
                 before and after bound the p of McNemar's test, and no more. A claim between two arms (`versus`) is certain if the interval that is reported for their difference, or else\n\
                 Welch's t-test of the reported values, Fisher's exact test of the counts or the exact tests of the rates bears\n\
                 it out always, and otherwise not decidable, or doubtful: changes or adjusted values may have been compared, and\n\
                 counts by another test than Fisher's (Pearson's χ², Yates', likelihood ratio), whose p is told. A claim\n\
                 about three arms or more (`between`) is judged so by Welch's analysis of variance of the reported values, or by the\n\
                 exact test of the counts. It has to hold\n\
                 for each arm and at each occasion but `before`, where it names none. Above 0.1 no p is significant;\n\
                 one below 0.05 that is called not significant, or a tendency, is told. A\n\
                 possible one is not decidable from the release: ask for the p, the SD of change or the data.",
        source: "Student 1908; Wilcoxon 1945; Pratt 1959; rearrangement inequality",
    },
    Page {
        code: "p-value",
        title: "a test statistic, or an interval, and its p belong together",
        what: "In tables with a statistic (t and df, z, f with df1 and df2, chi2 and df, or r and df) and p, and in texts (t(18) = 2.31,\n\
               p = .03), recomputes p for every statistic, with degrees of freedom that have decimals, that prints as the\n\
               reported one. In releases and texts, recomputes the p of an effect from its\n\
               confidence interval, or from its standard error where it has no interval: by the normal distribution, for means\n\
               also by t with as few degrees of freedom as the smaller arm has, for coefficients of regressions by t with three and\n\
               more, and for correlations by the t-test (without an interval by the people of the arm). A t or z beside a\n\
               coefficient or a difference and its standard error has to be the one over the other, or Wald's χ² its square; a\n\
               standardised coefficient (β) is often printed beside the error of the other, and not decidable. Beside counts of both arms, the p of a ratio or difference of risks may\n\
               also be that of Fisher's exact test, of the χ² test, with and without Yates' correction, or of the likelihood-ratio\n\
               test; without an interval it has to be one of theirs, or Wald's, or near, or one that McNemar's may have where both arms have as many people. Beside means without\n\
               an interval, it is held against Student's and Welch's t-test of the values or changes that both arms report, and\n\
               that of a change against its own SD; where they report no SDs, it is not decidable, and says so.",
        why: "One in eight papers has a p on the wrong side of 0.05.",
        example: "t(28) = 2.20 has p = 0.036; \"p = 0.06\" is inconsistent, and the decision changes.",
        action: "Look whether a digit was mistyped. A p below 0 or above 1 is none, and 0 without decimals is not decidable where the recomputed p is above 0.005. In texts, p between two\n\
                 bounds (.01 < p < .05) and percentages are not read. A p that is printed as .000 is one of everything that prints so, n.s. one above\n\
                 the level; where a number stands beside n.s., that is read. Whole degrees of freedom (of t, and of the denominator\n\
                 of F) with which p does not fit, while it does with some that round to them, are not decidable: Welch's are printed\n\
                 so. Of several statistics in one row p has to be that of each; where it is that of some alone, it is not\n\
                 decidable. A column `sided` (one, two), or \"(one-sided)\" behind the p or in the sentence, decides of a half, or of 1\n\
                 less a half, of statistics and of intervals. Where nothing says so, a p that is half of that of the interval (one-sided), 1 less half of it, or\n\
                 two or three times as much (adjusted for several comparisons) is not decidable; nor is one beside means of which\n\
                 an SD is above the mean: such values are much skewed, and a test of ranks may give it. An estimate whose p\n\
                 is that of another test says so in `test`; Fisher's exact test is made of the counts of both arms, where they\n\
                 are reported. Without that, a p that another test of the same data may give (log-rank beside Cox, Fisher\n\
                 beside Wald, ranks beside t) is not decidable: by convention, one whose normal quantile is off by no more\n\
                 than 0.5 or 15 %; for hazard ratios also up to cosh(ln HR/2) times as large, since the log-rank and the\n\
                 likelihood-ratio test have the standard error of no effect; for ratios of sparse counts, than 0.9 standard errors of the logarithm; for\n\
                 ratios and differences of risks, than 1.3; for those of medians, than 1.5; for means, than 0.7, and below 30 people in an arm 0.85. There, tests of ranks do not follow\n\
                 small p either (with n = 7 no p is below 1/64), and any p below 0.05 may stand beside one; n.s. may where n is\n\
                 so small that no p of ranks is below 0.05.",
        source: "Nuijten et al. 2016, Behav Res 48:1205 (statcheck); Altman & Bland 2011, BMJ 343:d2304",
    },
    Page {
        code: "spread",
        title: "SD, standard error and confidence interval belong together",
        what: "In tables with se, or ci_lower and ci_upper, beside sd and n: SE = SD/√n, and mean ± t·SD/√n (or with the\n\
               normal quantile), for one mean and one SD that print so. Without an SD the interval is held against the\n\
               standard error, and the mean has to lie in it. A note says where only the normal quantile fits.",
        why: "An SE that was typed for an SD is found where both are given.",
        example: "SD 5.3 and SE 0.64 with n = 68 belong together.",
        action: "Look which of the numbers is mistyped, and whether the columns are named right.",
        source: "Cochrane Handbook (2024), 6.5.2.2",
    },
    Page {
        code: "groups",
        title: "t, F, χ², p and interval of groups are those of their values",
        what: "In tables with m1i, sd1i, n1i, m2i, sd2i and n2i, computes Student's and Welch's t-test for all means and SDs that\n\
               print so, and looks whether t, df, p, se, and ci_lower and ci_upper, as far as they are there, are those of one of\n\
               the two, in either direction. An estimate whose measure is a difference of means has to be theirs, with its interval\n\
               and p; a standardised difference or ratio of means, and beside counts a ratio or difference of risks or odds, that is not\n\
               theirs is not decidable, since it may be that of a model, and fails where its interval is that of the counts;\n\
               other effects are held against their own interval alone. An effect that is theirs and whose interval is 2.5 times\n\
               too narrow for the counts (5 times for means) fails; one that is narrower or wider than usual intervals of\n\
               counts is not decidable, since clusters and strata make it so. Numbers that the values allow each, and not together,\n\
               fail as well: a t and its p, or an interval. With ai, n1i, ci and n2i it is chi2 and p by Pearson's, Yates' and the\n\
               likelihood-ratio test, and p by Fisher's. Of three groups or more (m3i, sd3i, n3i up to m9i, sd9i, n9i; a row may have\n\
               fewer) f, df1, df2 and p are those of the usual analysis of variance or of Welch's, for all means and SDs that print\n\
               so, and an F of two groups is t²; with x1i, n1i, x2i, n2i, x3i, n3i and so on, chi2, df and p are Pearson's, of the likelihood ratio, the p of the\n\
               exact test of Fisher, Freeman and Halton where there are not too many tables, or those of a linear trend over the\n\
               groups (Cochran and Armitage, or N − 1 for N). A p beside χ² may be that of another of these tests. Where the row names the scale of the values (min, max, step, items, scale,\n\
               values), all means and SDs are held against it as one is: grim, grimmer, debit, existence. --baseline combines Student's p of\n\
               all rows, or that of the analysis of variance, by Stouffer's method, and gives the probability that chance makes groups as\n\
               different as these, and as alike.",
        why: "Means, SDs and p of a table are typed by hand, and the p of many rows together tells of groups that chance did not make.",
        example: "50.00 ± 5.00 of 30 and 47.00 ± 6.00 of 25: t(53) = 2.02, p = 0.048 (Student), or t(46.8) = 1.99, p = 0.052 (Welch).",
        action: "Look for a mistyped digit, and for standard errors in the place of SDs, which is told where they would fit. Where t is\n\
                 of one test and p of the other it is not decidable, nor is a t below 0 beside an interval or a difference\n\
                 above 0 (a t above 0 is often printed without its sign, and a note says so), nor a p alone that is one-sided, adjusted, of another test\n\
                 (column `test`), beside an SD above its mean, or as near as tests of ranks come (see p-value).\n\
                 Beside three groups or more a p alone is not decidable where it may be that of two of them, as it is or adjusted for\n\
                 all pairs (Tukey, Bonferroni, Holm), of a trend over them, also by other scores than 1, 2, 3 …, or of\n\
                 a test of ranks, which no means give (its normal quantile is off by no more than 1; Kruskal and Wallis), nor is an F\n\
                 with up to five degrees of freedom fewer, as of a model with covariates, nor an F of two groups that is not t².\n\
                 Of honest p of analyses of covariance, of adjusted logistic regressions and of logarithms of which no test is named, one or\n\
                 two in a hundred are too far from all of these, and fail: name the test in `test`. A name of which every word\n\
                 is of a test that is made here (t-test, ANOVA, one-way, F, Welch's ANOVA, χ², Fisher's exact test, trend; several with \"or\")\n\
                 leaves that test alone. Any other word (log, adjusted, repeated, two-way, paired, Tukey, Wald, simulated, stratified …) makes\n\
                 it another analysis, which is not decidable unless its numbers fit. A row in which a group of the table has a size and no\n\
                 values is judged by the others, and never fails by that; one in which a group has a mean or an SD alone is not judged.\n\
                 --baseline needs one row for each variable and takes them as independent, which age, height and weight are not;\n\
                 printed numbers give each p a range, and its middle is used beside the range of all. Means that are printed\n\
                 in units of half a standard error of their difference, or more, leave ranges so wide that nothing is found.",
        source: "Student 1908; Welch 1938, Biometrika 29:350, and 1951, 38:330; Freeman & Halton 1951, Biometrika 38:141; Armitage 1955,\n\
                 Biometrics 11:375; Carlisle 2017, Anaesthesia 72:944",
    },
    Page {
        code: "expectation",
        title: "a result comes out as it was printed",
        what: "Computes the result that an `[[expect]]` of the file names, and compares it with the printed value: a number\n\
               holds for everything that prints so, `p < 0.005` for everything below, `refused: no SD` for a refusal with\n\
               that reason. `within` allows a distance instead.",
        why: "A mistyped digit, a corrected release or a changed library alters a result, and somebody should know.",
        example: "`result = \"effect\"`, `outcome = \"relapse-rate\"`, `measure = \"MC\"`, `is = \"−2.5\"` holds for 0.4 − 2.9.",
        action: "Find out whether the data, the expectation or the method changed. `reffect check --update` shows what would\n\
                 have to be rewritten, and `--accept` writes it.",
        source: "",
    },
    Page {
        code: "ignore",
        title: "an accepted inconsistency is still one",
        what: "Looks whether each `[[ignore]]` of the file meets a check that fails.",
        why: "What is accepted stays visible with its reason, and an acceptance that nothing needs any more hides the next slip.",
        example: "`[[ignore]]` with check = \"grim\" and a subject whose mean was corrected since: nothing fails any more.",
        action: "Take the entry out.",
        source: "",
    },
    Page {
        code: "file",
        title: "a file can be read",
        what: "Reads the release, what is expected of it, and with --sources its source.",
        why: "One file that is broken must not hide what is wrong with the others.",
        example: "`n = seven` without quotation marks is no TOML: the line and the column are told, and the exit status is 2.",
        action: "Correct the file at the place that is told.",
        source: "",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_page() {
        for (position, own) in PAGES.iter().enumerate() {
            assert!(!PAGES[..position].iter().any(|other| other.code == own.code), "{}", own.code);
            assert!(page(own.code).is_some_and(|page| page.to_string().contains(own.title)));
        }
    }
}
