//! The arms of a draft: groups that the text names, with their sizes, or all patients.

use super::assemble::Assembled;
use super::cells::only;
use super::draft::Drafted;
use super::flow::Flow;
use super::groups::is_control;
use super::named::Named;
use super::scan::{Form, Found};
use super::sentences::sentence;
use super::series::Placed;
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral, Qualifier, fold, fold_char};
use crate::reported::{Arm, LARGEST_COUNT, Localized};
use std::ops::Range;

impl Drafted<'_> {
    /// One arm for each group with results, if the text names two and more; and one for all patients, where there are
    /// results of no group.
    pub(super) fn arms(&mut self, found: &[Found], all: &Assembled<'_>) {
        let Assembled { series, effects, tallies, groups: names, .. } = all;
        let of_results = series.iter().flatten().filter_map(|placed| placed.group.as_ref());
        let of_effects = effects.iter().flat_map(|of| [&of.group, &of.versus]).flatten();
        let of_tallies = tallies.iter().flatten().filter_map(|tally| tally.group.as_ref());
        for group in of_results.chain(of_effects).chain(of_tallies) {
            if !self.groups.contains(group) {
                self.groups.push(group.clone());
            }
        }
        let sized = self.sized_groups(found, names);
        if sized.len() > 1 {
            self.groups.extend(sized.into_iter().filter(|group| !self.groups.contains(group)).collect::<Vec<_>>());
        }
        let is_another = |named: &Named<String>| !self.groups.contains(&named.what);
        let is_of_none = |placed: &Placed<'_>| placed.group.is_none();
        let has_none = series.iter().flatten().any(is_of_none);
        // One group alone is all patients, but beside results of others.
        let is_only_control = has_none && self.groups.iter().any(|group| is_control(group));
        let is_beside_others = is_only_control || !all.of_unknown.is_empty();
        if self.groups.len() < 2 && !names.iter().any(is_another) && !is_beside_others {
            self.groups.clear();
        }
        for group in self.groups.clone() {
            let arm = self.arm_of_group(&group, found, names);
            self.release.arms.push(arm);
        }
        let is_tally_of_none = tallies.iter().flatten().any(|tally| tally.group.is_none());
        if self.groups.is_empty() || is_tally_of_none || has_none {
            let arm = self.arm_of_all(found);
            self.release.arms.push(arm);
        }
    }

    /// The groups of which the text says the size: "drug A (n = 36)", "48 were assigned to the drug group", and of
    /// those who were assigned 実薬群（110例）.
    fn sized_groups(&self, found: &[Found], names: &[Named<String>]) -> Vec<String> {
        let mut sized: Vec<String> = Vec::new();
        for named in names {
            let own = fold(&self.flow.text(sentence(self.flow, named.range.start))).to_lowercase();
            let says_assigned = ["割", "無作為", "を解析", "assigned", "randomi"].iter().any(|word| own.contains(word));
            // What has results has them under a name of its own, but for the control.
            let is_new =
                self.groups.is_empty() || is_control(&named.what) && !self.groups.iter().any(|of| is_control(of));
            let is_size = |number: &Found| {
                let is_told = self.is_size(&named.range, number) && counted(number).is_some();
                is_told && (says_assigned && is_new || between(self.flow, &named.range, number).contains("n="))
            };
            if !sized.contains(&named.what) && near(found, &named.range).any(is_size) {
                sized.push(named.what.clone());
            }
        }
        sized
    }

    /// Whether a number beside the name of a group is its size: "placebo group (n = 46)", プラセボ群46例.
    fn is_size(&self, place: &Range<usize>, number: &Found) -> bool {
        let far = place.start.saturating_sub(number.range.end).max(number.range.start.saturating_sub(place.end));
        if far > FAR {
            return false;
        }
        let is_count = number.text.trim_end().ends_with(['名', '人', '例']);
        if number.range.end <= place.start {
            let between = self.flow.text(number.range.end..place.start);
            return assigns(&between) && !self.is_one_of_several(place)
                || is_count && between == "が" && self.is_assigned_to(place)
                || is_count && self.is_in_brackets_behind(place, &between) && !self.is_part_of_arm(number);
        }
        let between = between(self.flow, place, number);
        number.range.start >= place.end
            && (is_count && matches!(&*between, "" | "(") || matches!(&*between, "(n=" | "n=" | ",n="))
            && !self.is_part_of_arm(number)
    }

    /// Whether a group stands alone in brackets behind a count of those who were studied: 95名（体操群）を追跡.
    fn is_in_brackets_behind(&self, place: &Range<usize>, between: &str) -> bool {
        const STUDIED: [&str; 8] = ["対象", "解析", "割", "登録", "無作為", "追跡", "参加", "比較"];
        let is_closed = self.flow.chars.get(place.end).is_some_and(|c| fold_char(*c) == ')');
        let own = self.flow.text(sentence(self.flow, place.start));
        fold(between) == "(" && is_closed && STUDIED.iter().any(|word| own.contains(word))
    }

    /// Whether a count behind the name of a group is one of some of its people: it has its share of them beside it, or
    /// words around it say what happened to them. Of those who were assigned, the share is one of all.
    fn is_part_of_arm(&self, number: &Found) -> bool {
        /// So many characters hold a share.
        const NEAR: usize = 10;
        const EVENTS: [&str; 10] =
            ["有害事象", "副作用", "有害反応", "死亡", "脱落", "中止", "発現", "発症", "再発し", "悪化し"];
        const STUDIED: [&str; 4] = ["対象", "解析", "割", "登録"];
        if self.is_in_brackets_of_events(number) {
            return true;
        }
        const ENDS: [&str; 7] = ["。", "で、", "であり、", "おり、", "が、", "し、", ";"];
        let own = sentence(self.flow, number.range.start);
        let text = |range: Range<usize>| fold(&self.flow.text(range)).to_lowercase();
        let behind = text(number.range.end..own.end);
        let share: String = behind.chars().take(NEAR).filter(|c| !c.is_whitespace()).collect();
        let share = share.strip_prefix('(').and_then(|inside| inside.split_once('%')).map(|(share, _)| share);
        let share = share.and_then(|share| share.parse::<Numeral>().ok());
        let is_of_assigned =
            ["割", "無作為", "assigned", "randomi", "allocated"].iter().any(|word| text(own.clone()).contains(word));
        if share.is_some_and(|share| share.value() < 100.0) && !is_of_assigned {
            return true;
        }
        // The clause around the count.
        let front = text(own.start..number.range.start);
        let clauses = ENDS.iter().filter_map(|end| Some(front.rsplit_once(end)?.1));
        let front = clauses.min_by_key(|rest| rest.len()).unwrap_or(&front);
        let clauses = ENDS.iter().filter_map(|end| Some(behind.split_once(end)?.0));
        let behind = clauses.min_by_key(|rest| rest.len()).unwrap_or(&behind);
        // 有害事象：介入群3例 対象：介入群50例
        let front = STUDIED.iter().filter_map(|word| front.rfind(word)).max().map_or(front, |at| &front[at..]);
        // …に割り付け、脱落は is of the next.
        let is_event = |word: &str| {
            let next = behind.split_once(word).map(|(_, next)| next.trim_start());
            next.is_some_and(|next| !next.starts_with(['は', ':']) && !next.starts_with("例は"))
        };
        EVENTS.iter().any(|word| front.contains(word) || is_event(word))
    }

    /// Whether a count stands with one of another group in a bracket behind what happened to them: 感染症（実薬群5例、プラセボ群
    /// 3例）がみられた. Where people were assigned, or studied, these are sizes.
    fn is_in_brackets_of_events(&self, number: &Found) -> bool {
        const HAPPENED: [&str; 12] = [
            "がみられ",
            "がみとめ",
            "が認め",
            "を認め",
            "が生じ",
            "が起こ",
            "が報告",
            "が発現",
            "が発生",
            "があっ",
            "に認め",
            "にみられ",
        ];
        const STUDIED: [&str; 9] = ["割", "無作為", "対象", "解析", "登録", "参加", "組み入れ", "組入", "比較"];
        let own = sentence(self.flow, number.range.start);
        let text = fold(&self.flow.text(own.clone()));
        let inside = fold(&self.flow.text(own.start..number.range.start));
        let is_open = inside.rfind('(').is_some_and(|open| !inside[open..].contains(')'));
        let behind = fold(&self.flow.text(number.range.end..own.end));
        let behind = if behind.contains('差') { "" } else { &behind };
        is_open && HAPPENED.iter().any(|word| behind.contains(word)) && !STUDIED.iter().any(|word| text.contains(word))
    }

    /// Whether the sentence in front of a count says that something happened to so many.
    fn is_of_events(&self, number: &Found) -> bool {
        const EVENTS: [&str; 12] = [
            "adverse event",
            "occurred in",
            "discontinu",
            "withdr",
            "dropped out",
            "dropout",
            "drop-out",
            "lost to follow",
            "hospitali",
            "died",
            "deaths",
            "relapsed",
        ];
        let own = sentence(self.flow, number.range.start);
        let front = fold(&self.flow.text(own.start..number.range.start)).to_lowercase();
        EVENTS.iter().any(|word| front.contains(word))
    }

    /// Whether the sentence of a group says that people were assigned to it.
    fn says_assigned(&self, place: &Range<usize>) -> bool {
        let own = fold(&self.flow.text(sentence(self.flow, place.start))).to_lowercase();
        ["assigned", "allocated", "randomi", "割", "無作為"].iter().any(|word| own.contains(word))
    }

    /// Whether another group is an alternative to this one: "310 patients were assigned to drug A or placebo".
    fn is_one_of_several(&self, place: &Range<usize>) -> bool {
        const FAR: usize = 40;
        let own = sentence(self.flow, place.start);
        let behind = self.flow.text(place.end..own.end.min(place.end + FAR));
        let mut words = behind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.next() == Some("or") && !behind.trim_start().starts_with(['(', ','])
    }

    /// Whether a sentence says of a group that people were assigned to it: 102人が実薬群、104人がプラセボ群に割付.
    fn is_assigned_to(&self, place: &Range<usize>) -> bool {
        let own = sentence(self.flow, place.start);
        let behind = self.flow.chars.get(place.end).copied();
        matches!(behind, Some('、' | 'に' | 'へ' | '，')) && self.flow.text(own).contains('割')
    }

    fn arm_of_group(&self, group: &str, found: &[Found], names: &[Named<String>]) -> Arm {
        let own = names.iter().filter(|named| named.what == group);
        let places: Vec<Range<usize>> = own.map(|named| named.range.clone()).collect();
        let of = |is_meant: &dyn Fn(&Range<usize>, &Found) -> bool| {
            let size = |place: &Range<usize>| {
                near(found, place).filter(|of| counted(of).is_some()).find(|of| is_meant(place, of))
            };
            places.iter().find_map(|place| Some((place, size(place)?)))
        };
        // "310 patients were randomised to drug A (n = 155) or placebo": what is called n comes first.
        let says_n =
            |place: &Range<usize>, number: &Found| number.range.start >= place.end && self.is_size(place, number);
        // "Adverse events occurred in the placebo group (n = 8)": what is said elsewhere is its size.
        let is_apart = |place: &Range<usize>, number: &Found| says_n(place, number) && !self.is_of_events(number);
        let is_assigned = |place: &Range<usize>, number: &Found| is_apart(place, number) && self.says_assigned(place);
        // Those who had events are some of them, but not the relapsed patients who were assigned.
        let is_whole = |place: &Range<usize>, number: &Found| {
            self.is_size(place, number) && (!self.is_of_events(number) || self.says_assigned(place))
        };
        let sized = of(&is_assigned).or_else(|| of(&is_apart)).or_else(|| of(&is_whole));
        let first = places.first().cloned().unwrap_or(0..0);
        let (n, range) = match sized {
            Some((place, number)) => {
                (counted(number), place.start.min(number.range.start)..place.end.max(number.range.end))
            }
            None => (None, first),
        };
        let id = self.arm_id(group);
        Arm { id, label: Localized::same(group), n, of: None, passage: self.passage(range) }
    }

    /// A name for a group that the file can refer to.
    fn arm_id(&self, group: &str) -> String {
        const KNOWN: [(&str, &str); 8] = [
            ("偽刺激", "sham"),
            ("プラセボ", "placebo"),
            ("偽薬", "placebo"),
            ("対照", "control"),
            ("実薬", "active"),
            ("本剤", "active"),
            ("治療", "treatment"),
            ("介入", "intervention"),
        ];
        let words = group.to_lowercase().replace(" group", "").replace(" arm", "");
        let latin: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let latin = latin.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let known = KNOWN.iter().find(|(word, _)| group.starts_with(word)).map(|(_, id)| (*id).to_owned());
        let is_free = |id: &String| !id.is_empty() && self.release.arms.iter().all(|arm| arm.id != *id);
        known.filter(is_free).or_else(|| Some(latin).filter(is_free)).unwrap_or_else(|| self.numbered_arm())
    }

    /// The first numbered name that no arm has: a text may name "arm 3" itself.
    fn numbered_arm(&self) -> String {
        let mut place = self.release.arms.len() + 1;
        while self.release.arms.iter().any(|arm| arm.id == format!("arm-{place}")) {
            place += 1;
        }
        format!("arm-{place}")
    }

    /// The size of the one arm is the count of patients who are said to have been studied: "a total of" so many, or the
    /// only one that the text tells.
    fn arm_of_all(&self, found: &[Found]) -> Arm {
        let counts: Vec<&Found> =
            found.iter().filter(|number| counted(number).is_some() && self.counts_studied(number)).collect();
        let value = |number: &Found| counted(number).and_then(|n| n.count());
        let is_one = only(counts.iter().map(|number| value(number))).is_some();
        let is_whole = |number: &&&Found| self.is_total(number) || self.sums_up(number);
        let all = counts.iter().find(is_whole).or(counts.first().filter(|_| is_one)).copied();
        // "2.9 ± 1.1 → 0.4 ± 0.8 (n = 7)", where the text names no groups and no other n.
        let all = all.or_else(|| {
            let told: Vec<&Found> =
                found.iter().filter(|number| counted(number).is_some() && self.is_behind_n(number)).collect();
            let is_one = only(told.iter().map(|number| value(number))).is_some();
            told.first().copied().filter(|_| is_one && counts.is_empty() && self.groups.is_empty())
        });
        let (n, passage, how_many) = match all {
            Some(number) => (counted(number), self.passage(number.range.clone()), ""),
            None => (None, self.passage(0..self.flow.chars.len().min(20)), ", and how many"),
        };
        let label = Localized::same(format!("{TO_DO}: the patients{how_many}"));
        Arm { id: self.numbered_arm(), label, n, of: None, passage }
    }

    /// Whether "n =" stands right in front of a count, and not "each n =".
    fn is_behind_n(&self, number: &Found) -> bool {
        const NEAR: usize = 12;
        let start = number.range.start;
        let front = fold(&self.flow.text(start.saturating_sub(NEAR)..start)).to_lowercase();
        let name = front.trim_end().strip_suffix('=').map(str::trim_end);
        let before = name.and_then(|name| name.strip_suffix('n'));
        // "In patients with relapse (n = 12)" some of them are meant.
        const SOME: [&str; 8] = [
            "in patients with",
            "among patients with",
            "in participants with",
            "in subjects with",
            "in those ",
            "subgroup",
            "subset",
            "responders",
        ];
        let own = fold(&self.flow.text(sentence(self.flow, start).start..start)).to_lowercase();
        if SOME.iter().any(|word| own.contains(word)) {
            return false;
        }
        let is_of_each = |before: &str| ["each", "per group", "各群", "各"].iter().any(|word| before.ends_with(word));
        before.is_some_and(|before| {
            !before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_of_each(before.trim_end())
        })
    }

    /// Whether words right in front of a count say that it is of all: "a total of 120 patients", 計120名.
    fn is_total(&self, number: &Found) -> bool {
        const NEAR: usize = 12;
        let start = number.range.start;
        let front = fold(&self.flow.text(start.saturating_sub(NEAR)..start)).to_lowercase();
        let end = number.range.end;
        let behind = fold(&self.flow.text(end..self.flow.chars.len().min(end + NEAR))).to_lowercase();
        ["a total of", "in total", "in all,", "合計", "計"].iter().any(|words| front.trim_end().ends_with(words))
            || ["in all", "in total"].iter().any(|words| behind.trim_start().starts_with(words))
    }

    /// Whether a count sums up those in front of it, in a sentence that says who was studied: 男性3名、女性12名の計15名, "3 men
    /// and 12 women, 15 in all".
    fn sums_up(&self, number: &Found) -> bool {
        /// So many characters hold the count of one kind.
        const NEAR: usize = 12;
        const STUDIED: [&str; 9] = [
            "対象",
            "参加者",
            "登録",
            "被験者",
            "participants were",
            "patients were",
            "subjects were",
            "enrolled",
            "studied",
        ];
        let start = number.range.start;
        let sentence = fold(&self.flow.text(sentence(self.flow, start))).to_lowercase();
        let front = fold(&self.flow.text(start.saturating_sub(NEAR)..start));
        let last = ["名の", "人の", "例の"].iter().find_map(|end| front.trim_end().strip_suffix(end));
        let is_behind_kind =
            last.is_some_and(|last| is_of_one_kind(last.trim_end().trim_end_matches(|c: char| c.is_ascii_digit())));
        STUDIED.iter().any(|word| sentence.contains(word)) && (self.is_total(number) || is_behind_kind)
    }

    /// Whether a count is one of patients, and words beside it say that these are who was studied. Patients "in" whom
    /// something occurred, or who did something, are some of them.
    fn counts_studied(&self, number: &Found) -> bool {
        /// So many characters may stand between.
        const NEAR: usize = 40;
        /// And so many say to what people were assigned.
        const FAR: usize = 120;
        let own = sentence(self.flow, number.range.start);
        let whole = fold(&self.flow.text(own.clone())).to_lowercase();
        // "8 deaths in patients who received placebo".
        const EVENTS: [&str; 8] = ["death", "event", "relapse", "attack", "case", "episode", "infection", "fracture"];
        let noun = fold(&self.flow.text(number.range.end..own.end)).to_lowercase();
        if EVENTS.iter().any(|word| noun.trim_start().starts_with(word)) {
            return false;
        }
        let parts = ["substudy", "sub-study", "subgroup", "subset", "サブグループ", "部分集団", "サブ解析", "亜集団"];
        // All who have a disease 登録されている, and those of a trial 登録された.
        let is_of_registry = whole.contains("登録されている") || whole.contains("登録されており");
        if is_of_registry || parts.iter().any(|part| whole.contains(part)) {
            return false;
        }
        if self.sums_up(number) {
            return true;
        }
        let text = |range: Range<usize>| fold(&self.flow.text(range)).to_lowercase();
        // Where one kind alone is named, these are all.
        let has_both = whole.contains('男') && whole.contains('女');
        if has_both && is_of_one_kind(&text(own.start..number.range.start)) {
            return false;
        }
        let front = text(own.start.max(number.range.start.saturating_sub(NEAR))..number.range.start);
        let behind = text(number.range.end..own.end.min(number.range.end + NEAR));
        let rest = text(number.range.end..own.end.min(number.range.end + FAR));
        studied_in_english(&front, &behind) && !is_of_one_arm(&rest)
            || studied_in_japanese(&front, &behind, number.text.trim_end())
    }

    /// The arm of a group; the one of all patients where it names none.
    pub(super) fn arm(&self, group: Option<&String>) -> String {
        let place = group.and_then(|group| self.groups.iter().position(|known| known == group));
        let arm = place.map_or(self.release.arms.last(), |place| self.release.arms.get(place));
        arm.map(|arm| arm.id.clone()).unwrap_or_default()
    }
}

/// Whether words in front of a count say that it is of one kind of people, or of each kind: 男性3名, 女性患者12名, 男女各10名.
fn is_of_one_kind(front: &str) -> bool {
    let front = front.trim_end().trim_end_matches("患者");
    ["男性", "女性", "男児", "女児", "男子", "女子", "男", "女", "各"].iter().any(|kind| front.ends_with(kind))
}

/// Whether words between a count and a group say that so many are in it: "48 patients were assigned to the". Events are
/// "in" a group as well.
fn assigns(between: &str) -> bool {
    const WORDS: [&str; 14] = [
        "patients",
        "participants",
        "subjects",
        "adults",
        "were",
        "was",
        "the",
        "of",
        "them",
        "randomly",
        "to",
        "or",
        "receive",
        "either",
    ];
    const ASSIGNED: [&str; 5] = ["assigned", "allocated", "randomized", "randomised", "to"];
    let between = between.to_lowercase();
    // "94 patients (50.5%) were assigned to".
    let is_share = |word: &str| word.starts_with('(') && word.ends_with("%)");
    let words: Vec<&str> = between.split(' ').filter(|word| !word.is_empty() && !is_share(word)).collect();
    words.iter().any(|word| ASSIGNED.contains(word))
        && words.iter().all(|word| WORDS.contains(word) || ASSIGNED.contains(word))
}

/// "Trial in 24 patients", "24 patients were enrolled".
fn studied_in_english(front: &str, behind: &str) -> bool {
    const STUDIED: [&str; 13] = [
        "enrol",
        "received",
        "randomi",
        "treated",
        "recruited",
        "included",
        "assigned",
        "allocated",
        "registered",
        "entered",
        "studied",
        "analyzed",
        "analysed",
    ];
    const STUDIES: [&str; 10] = [
        "trial in",
        "trial of",
        "trial with",
        "study in",
        "study of",
        "study with",
        "among",
        "involved",
        "involving",
        "series of",
    ];
    // "75 (40%) patients" are some of them.
    let bracket = behind.trim_start().strip_prefix('(').and_then(|inside| inside.split(')').next());
    if bracket.is_some_and(|inside| inside.contains('%')) {
        return false;
    }
    let mut words = behind.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    // "24 adult patients", "24 patients with the disease were".
    let is_of_people =
        words.by_ref().take(3).any(|word| word.starts_with("patient") || word.starts_with("participant"));
    let clause = behind.split([',', ';', '.', '(']).next().unwrap_or_default();
    let says = |text: &str| STUDIED.iter().any(|word| text.split(' ').any(|own| own.starts_with(word)));
    let front = front.trim_end();
    let front = front.rsplit([',', ';', '(', ')']).next().unwrap_or_default();
    let is_event =
        ["occurred", "developed", "discontinu", "withdr", "died", "respond"].iter().any(|word| clause.contains(word));
    let is_some_of_them = front.ends_with(" in") && !STUDIES.iter().any(|words| front.ends_with(words)) && !says(front);
    let is_named = STUDIES.iter().any(|words| front.ends_with(words));
    is_of_people && !is_event && !is_some_of_them && (is_named || says(clause) || says(front))
}

/// Whether words behind a count say that these were assigned to one thing: "195 patients randomly allocated drug A";
/// with "or" they are all.
fn is_of_one_arm(behind: &str) -> bool {
    const OF_ALL: [&str; 5] = [" or ", "ratio", "groups", "1:", "treatment"];
    let clause = behind.split([',', ';', '.', '(']).next().unwrap_or_default();
    ["allocated ", "assigned "].iter().any(|verb| {
        let to = clause.split_once(verb).map(|(_, to)| to.trim());
        to.is_some_and(|to| !to.is_empty() && !OF_ALL.iter().any(|word| to.contains(word)))
    })
}

/// 患者30例を対象に, 30名の患者を登録, 対象患者は30例.
fn studied_in_japanese(front: &str, behind: &str, number: &str) -> bool {
    const STUDIED: [&str; 8] = ["対象", "登録", "組み入れ", "組入れ", "無作為", "割り付け", "割付", "参加"];
    let behind_count = behind.trim_start();
    let is_counter = |text: &str| text.ends_with(['名', '人', '例']);
    let clause = behind_count.split(['、', '。', ',']).next().unwrap_or_default();
    let front = front.rsplit(['、', '。', ',']).next().unwrap_or_default();
    let is_of_people = (is_counter(number) || behind_count.starts_with(['名', '人', '例']))
        && (front.contains("患者")
            || front.contains("症例")
            || front.contains("被験者")
            || clause.contains("患者")
            || clause.contains("被験者")
            || STUDIED.iter().any(|word| front.contains(word)));
    let goes_on = clause.trim_start_matches(['名', '人', '例']);
    let is_named = ["に対し", "を対象"].iter().any(|word| goes_on.starts_with(word));
    is_of_people && (is_named || STUDIED.iter().any(|word| clause.contains(word) || front.contains(word)))
}

/// No count stands further from its group.
const FAR: usize = 160;

/// The numbers that are not far from a place.
fn near<'f>(found: &'f [Found], place: &Range<usize>) -> impl Iterator<Item = &'f Found> {
    let first = found.partition_point(|of| of.range.end + FAR < place.start);
    let last = place.end + FAR;
    found[first..].iter().take_while(move |of| of.range.start <= last)
}

/// A plain count.
pub(super) fn counted(number: &Found) -> Option<Numeral> {
    let Form::Number(Expression::Number(n)) = &number.form else { return None };
    // No trial has more, and no file could hold them.
    let is_possible = |n: u64| (1..=LARGEST_COUNT).contains(&i128::from(n));
    let is_count = n.count().is_some_and(is_possible) && n.qualifier() == Qualifier::Exact;
    if is_count { number.text.parse().ok() } else { None }
}

/// What stands between the name of a group and a number behind it, in small letters and without blanks.
pub(super) fn between(flow: &Flow, place: &Range<usize>, number: &Found) -> String {
    let between = fold(&flow.text(place.end..number.range.start.max(place.end))).to_lowercase();
    between.chars().filter(|c| !c.is_whitespace()).collect()
}
