#!/usr/bin/env python3
"""Cuts the embedded typeface of the charts out of Noto Sans JP Regular and Source Sans 3 Regular.

    python3 subset.py NotoSansJP_400Regular.ttf SourceSans3_400Regular.ttf reffect-sans-jp.ttf

Inputs  `400Regular/NotoSansJP_400Regular.ttf` of the npm package
        `@expo-google-fonts/noto-sans-jp` 0.4.3 (Noto Sans JP 2.004, SIL Open Font License 1.1);
        `400Regular/SourceSans3_400Regular.ttf` of `@expo-google-fonts/source-sans-3` 0.4.1
        (Source Sans 3.052, SIL Open Font License 1.1).
Tool    fontTools 4.68.0 (`pip install fonttools==4.68.0`).
Output  the same bytes on every run: no time stamp is written.

Kept are Latin, Greek, Cyrillic, punctuation, arrows, marks, kana, full-width forms, the 2,965 kanji of JIS
level 1, and those kanji of levels 2 to 4 that medical texts and names need. Hinting, kerning and
every substitution table go: the charts place one outline per character. The original draws
± × ÷ ≤ ≥ a full em wide, which tears “2.9 ± 1.1” apart; here they are put together from its own
plus, minus and less-than, as wide as a digit. It has few of the letters with marks in which names of
Europe and Vietnam are written: they come from Source Sans, after which its Latin letters were drawn,
at the same size. The family is renamed, so that a changed font is
never taken for the original.
"""

import sys

from fontTools import subset, version
from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "reffect Sans JP"
TOOL = "4.68.0"

RANGES = [
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1
    (0x0100, 0x017F),  # Latin Extended-A
    (0x0218, 0x021B),  # Romanian
    (0x0391, 0x03C9),  # Greek
    (0x0401, 0x0491),  # Cyrillic
    (0x2002, 0x200A),  # spaces of a stated width
    (0x2010, 0x2027),  # dashes, quotation marks, dots
    (0x202F, 0x203E),  # narrow space, per mille, primes, reference mark
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x214F),  # letter-like symbols
    (0x2150, 0x218B),  # fractions and Roman numerals
    (0x2190, 0x2199),  # arrows
    (0x21D2, 0x21D4),
    (0x2200, 0x22A5),  # mathematical operators
    (0x2460, 0x2473),  # circled numbers
    (0x25A0, 0x25EF),  # geometric shapes
    (0x2605, 0x2606),  # stars
    (0x2640, 0x2642),  # female, male
    (0x3000, 0x301F),  # Japanese punctuation
    (0x3041, 0x3096),  # hiragana
    (0x309B, 0x309E),
    (0x30A0, 0x30FF),  # katakana
    (0x3388, 0x33C4),  # squared units
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFF61, 0xFF9F),  # half-width katakana
    (0xFFE0, 0xFFE6),  # full-width signs
]

# Taken from Source Sans where Noto Sans JP lacks them.
GRAFTED = [
    (0x0100, 0x024F),  # Latin Extended-A and -B
    (0x0386, 0x03CE),  # Greek with accents
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x0491),
    (0x1E00, 0x1EFF),  # Latin Extended Additional: Vietnamese
]

# Kanji outside JIS level 1, by where a reader meets them.
MEDICAL = (
    "痺疼痙攣癲癇譫眩暈躁鬱倦怠嗜窩"  # nerves and mind
    "瘍瘤癌腫疱疹疽疣疥癬瘡痂瘢痕痒瘙癜瘻疝痔蕁贅斑糜爛潰糠齲"  # skin, lesions, growths
    "嚥喘痰嘔咳嗽喀嗄咽喉噎咀嚼嗅啞聾鼾唾扁"  # throat, chest, senses
    "羞眇睫瞼鞏眸瞳膠眦"  # eye
    "脊髄頸頚顳顆腱靭靱臀踝蹠踵踞蹲趾跛脛膝腓腋腟肋橈楔胛骸"  # skeleton and muscles
    "腎膵脾胱膀腔腺臍胆肛盂鞘嚢臓蝸髭"  # organs
    "妊娠娩褥孕胚" "顎齒齦"  # birth, teeth
    "罹瘙疸痾痼癆癒膿滲攪拌扼嵌疏頽弛彎窄萎拮抗漿橙靄鼡齡憊慄顫捻"  # course and manner
)
NAMES = "髙﨑德濵彌渡邊邉齋齊澤廣嶋櫻瀧龍惠國圓學會榮眞淸祐萬藝辯辨瓣"


def wanted():
    """The code points to keep, as far as the input has them."""
    points = {point for first, last in RANGES for point in range(first, last + 1)}
    for row in range(16, 48):  # JIS X 0208, level 1
        for cell in range(1, 95):
            try:
                points.add(ord(bytes([row + 0xA0, cell + 0xA0]).decode("euc_jp")))
            except UnicodeDecodeError:
                continue
    return points | {ord(c) for c in MEDICAL + NAMES}


def cut(font, points):
    """Reduces the font to the glyphs of `points`, outlines and widths only."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "vhea", "vmtx", "prep"]
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)


def narrow(font):
    """Redraws the operators of measured values as wide as a digit."""
    names, glyphs, widths = font.getBestCmap(), font.getGlyphSet(), font["hmtx"]
    width = widths[names[ord("+")]][0]
    middle = (font["glyf"][names[ord("+")]].yMin + font["glyf"][names[ord("+")]].yMax) / 2
    to_foot = Transform(1, 0, 0, 1, 0, -font["glyf"][names[0x2212]].yMin)
    raised = Transform(1, 0, 0, 1, 0, 70)
    crossed = (
        Transform().translate(width / 2, middle).rotate(0.785398163).scale(0.96).translate(-width / 2, -middle)
    )
    dot = font["glyf"][names[ord(".")]]
    dot_x = width / 2 - (dot.xMin + dot.xMax) / 2
    dot_y = -(dot.yMin + dot.yMax) / 2
    over, under = (Transform(1, 0, 0, 1, dot_x, middle + dot_y + side * 185) for side in (1, -1))
    parts = {
        0x00B1: [("+", raised), ("\u2212", to_foot)],
        0x00D7: [("+", crossed)],
        0x00F7: [("\u2212", Transform()), (".", over), (".", under)],
        0x2264: [("<", raised), ("\u2212", to_foot)],
        0x2265: [(">", raised), ("\u2212", to_foot)],
    }
    for point, pieces in parts.items():
        pen = TTGlyphPen(None)
        for character, transform in pieces:
            glyphs[names[ord(character)]].draw(TransformPen(pen, transform))
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["glyf"][names[point]] = glyph
        widths[names[point]] = (width, glyph.xMin)


def graft(font, other):
    """Adds the letters of `GRAFTED` that the font lacks, as large as its own."""
    own, theirs = font.getBestCmap(), other.getBestCmap()
    n = ord("n")
    size = font["glyf"][own[n]].yMax / other["glyf"][theirs[n]].yMax
    scale = Transform().scale(size)
    glyphs, order = other.getGlyphSet(), font.getGlyphOrder()
    points = [point for first, last in GRAFTED for point in range(first, last + 1)]
    points = [point for point in points if point in theirs and point not in own]
    for point in points:
        name = f"grafted{point:04X}"
        pen = TTGlyphPen(None)
        recorded = DecomposingRecordingPen(glyphs)
        glyphs[theirs[point]].draw(recorded)
        recorded.replay(TransformPen(pen, scale))
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        order.append(name)
        font["glyf"].glyphs[name] = glyph
        left = glyph.xMin if glyph.numberOfContours else 0
        font["hmtx"].metrics[name] = (round(size * other["hmtx"][theirs[point]][0]), left)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[point] = name
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    return len(points)


def rename(font):
    """Gives the family its own name and says what it was made from; the copyright line stays."""
    names = font["name"]
    original = names.getDebugName(4)
    release = names.getDebugName(5)
    texts = {
        1: FAMILY,
        3: f"{FAMILY} Regular, cut from {original}",
        4: f"{FAMILY} Regular",
        5: f"{release}; subset",
        6: FAMILY.replace(" ", "") + "-Regular",
    }
    for number, text in texts.items():
        names.removeNames(nameID=number)
        names.setName(text, number, 3, 1, 0x409)


def main():
    """Reads the fonts named first and second and writes the subset to the name given third."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    if version != TOOL:
        print(f"fontTools {version} in place of {TOOL}: the bytes may differ", file=sys.stderr)
    font = TTFont(sys.argv[1], recalcTimestamp=False)
    points = wanted()
    has = set(font.getBestCmap())
    cut(font, points & has)
    narrow(font)
    added = graft(font, TTFont(sys.argv[2]))
    rename(font)
    font.save(sys.argv[3])
    print(f"{added} letters of Source Sans; {len(points & has)} characters; {len(points - has)} wanted ones are not in the input")


if __name__ == "__main__":
    main()
