#!/usr/bin/env python3
"""Cuts the embedded typeface of the charts out of Noto Sans JP Regular and Source Sans 3 Regular.

    python3 subset.py NotoSansJP_400Regular.ttf SourceSans3_400Regular.ttf reffect-sans-jp.ttf

Inputs  `400Regular/NotoSansJP_400Regular.ttf` of the npm package
        `@expo-google-fonts/noto-sans-jp` 0.4.3 (Noto Sans JP 2.004, SIL Open Font License 1.1);
        `400Regular/SourceSans3_400Regular.ttf` of `@expo-google-fonts/source-sans-3` 0.4.1
        (Source Sans 3.052, SIL Open Font License 1.1).
Tool    fontTools 4.68.0 (`pip install fonttools==4.68.0`).
Output  the same bytes on every run: no time stamp is written.

Kept are Latin, Greek, Cyrillic, punctuation, arrows, marks, kana, full-width forms, the kanji of JIS X 0213
levels 1 to 3 (with them every Jōyō kanji of 2010 and the printed forms such as 剝 塡 頰 痩), the IBM extensions
with which names are written, and those kanji of level 4 that medical texts need. What `wanted` names stands
first and what `later` adds stands behind it, so that glyphs keep the numbers by which charts name them. Levels 2
and 3 with the extensions take 1.7 MB (1 MB in the packed crate); level 4 would take 1.9 MB more.
Hinting, kerning and every substitution table go: the charts place one outline per character. The original draws
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
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

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
RARE = (
    "𠮷𠮟𩸽"  # names, fish, and the form of 叱 in the Jōyō set
    "癤癭瘭瘰癧痃痤痱瘀瘈瘧瘴瘵癉癨皶皰皸皴皺疒疔疕疱痏痞痧痲瘊瘖瘜瘟瘡瘢瘼癃癇"  # level 4 and beside it: skin and illness
    "膕胼胝胱脘脬脰腨膂膈膻臁臗臛顖顋頞頷齗齘齦齲骶髁髎髕髖"  # anatomy
    "鍼灸芎薏苡枳茯苓耆梔鬯蔞蒡菝葜蓯蓉蛤蚧蟬蠍蠱蜈蚣鱉"  # drugs of plants and animals
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


def later():
    """The code points added behind those of `wanted`."""
    def read(encoded, encoding):
        try:
            return encoded.decode(encoding)
        except UnicodeDecodeError:
            return ""

    pairs = [bytes([first, second]) for first in range(0xA1, 0xFF) for second in range(0xA1, 0xFF)]
    texts = [read(pair, "euc_jis_2004") for pair in pairs]  # JIS X 0213, plane 1: levels 1 to 3
    texts += [read(bytes([first, second]), "cp932") for first in range(0xFA, 0xFD) for second in range(0x40, 0xFD)]
    kanji = {ord(text) for text in texts if len(text) == 1 and ord(text) >= 0x3400 and not 0xE000 <= ord(text) < 0xF900}
    return ({point for point in kanji if point < 0xFF00 or point > 0xFFFF} | {ord(c) for c in RARE}) - wanted()


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


def graft(font, other, points):
    """Adds those of the letters that the font lacks, as large as its own."""
    own, theirs = font.getBestCmap(), other.getBestCmap()
    n = ord("n")
    size = font["glyf"][own[n]].yMax / other["glyf"][theirs[n]].yMax
    scale = Transform().scale(size)
    glyphs, order = other.getGlyphSet(), font.getGlyphOrder()
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
            # Format 4 has no place for what lies beyond the first plane.
            if table.isUnicode() and (point < 0x10000 or table.format == 12):
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
    letters = graft(font, TTFont(sys.argv[2]), [point for first, last in GRAFTED for point in range(first, last + 1)])
    plane = next((table for table in font["cmap"].tables if table.isUnicode() and table.format == 12), None)
    if plane is None:
        plane = CmapSubtable.newSubtable(12)
        plane.platformID, plane.platEncID, plane.language, plane.cmap = 3, 10, 0, dict(font.getBestCmap())
        font["cmap"].tables.append(plane)
    more = sorted(later())
    kanji = graft(font, TTFont(sys.argv[1]), more)
    rename(font)
    font.save(sys.argv[3])
    print(
        f"{letters} letters of Source Sans; {len(points & has)} characters and {kanji} further kanji; "
        f"not in the input: {len(points - has)} wanted ones, {''.join(chr(c) for c in more if c not in has) or 'no'} kanji"
    )


if __name__ == "__main__":
    main()
