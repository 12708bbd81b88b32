"""How long a text is, in the unit each platform counts.

A unit is an entry of `UNITS`; limits elsewhere name one by its id.  Widths are whole numbers and
never negative.  Knows no channels and no limits, and measures any string, broken ones included.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import regex

_ZERO_WIDTH_CATEGORIES = ("Mn", "Me")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")  # zero-width joiner and variation selectors 15, 16

# Emoji as people see them.  Pictographs that are also plain type, such as © and ™, are emoji only
# when variation selector 16 asks for it; dingbats such as ❤ are drawn as emoji by most phones.
_EMOJI = regex.compile(
    r"""
    \p{Regional_Indicator}{2}
    | [0-9#*]\uFE0F?\u20E3
    | (?:\p{Extended_Pictographic}(?=\uFE0F)
         | (?=[\u2600-\u27BF\U0001F000-\U0001FAFF])\p{Extended_Pictographic}
         | \p{Emoji_Presentation})
      (?:\p{Emoji_Modifier}|\uFE0F)?
      [\U000E0020-\U000E007F]*+
      (?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?)*+
    """,
    regex.VERBOSE,
)


class Emoji(NamedTuple):
    """One emoji as seen, and where: a half-open range of code points."""

    start: int
    end: int
    text: str


def emoji_in(text: str) -> list[Emoji]:
    """Find every emoji, a joined sequence as one.

    >>> [found.text for found in emoji_in("Tea 🫖 © 2026")]
    ['🫖']
    """
    return [Emoji(found.start(), found.end(), found.group()) for found in _EMOJI.finditer(text)]


def is_wide(char: str) -> bool:
    """Return whether a character fills two columns (East-Asian Wide or Fullwidth)."""
    return unicodedata.east_asian_width(char) in "WF"


def is_halfwidth_kana(char: str) -> bool:
    """Return whether a character is a half-width katakana or its punctuation."""
    return "\uff61" <= char <= "\uff9f"


def _is_drawn(char: str) -> bool:
    """Return whether a character takes room of its own."""
    return char not in _JOINERS and unicodedata.category(char) not in _ZERO_WIDTH_CATEGORIES


def _columns(text: str) -> int:
    """Return East-Asian Wide and Fullwidth as 2, marks and joiners as 0, all else as 1."""
    if text.isascii():
        return len(text)
    drawn = filter(_is_drawn, unicodedata.normalize("NFC", text))
    return sum(2 if is_wide(char) else 1 for char in drawn)


def _ms_columns(text: str) -> int:
    """Return columns where a narrow emoji fills two as well.

    A joined sequence counts every emoji in it: the documentation does not say that it is one, and
    a line that turns out shorter than thought is still accepted.
    """
    narrow = (emoji for emoji in _EMOJI.findall(text) if not is_wide(emoji[0]))
    return _columns(text) + sum(max(0, 2 - _columns(emoji)) for emoji in narrow)


def _yahoo_jp_columns(text: str) -> int:
    """Return columns where half-width kana fill two as well."""
    return _columns(text) + sum(map(is_halfwidth_kana, text))


def _utf16_units(text: str) -> int:
    """Return UTF-16 code units: 2 beyond the Basic Multilingual Plane, else 1."""
    return len(text) + sum(char > "\uffff" for char in text)


def _utf8_bytes(text: str) -> int:
    """Return bytes in UTF-8; a lone surrogate takes the 3 bytes its code point would."""
    return len(text.encode("utf-8", "surrogatepass"))


# ---- posts on X: twitter-text v3

_SHORTENED_URL = 23
_WEIGHTS_ONE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_COUNTRY_DOMAINS = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee "
    "eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm "
    "hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb "
    "lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz "
    "na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs "
    "ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl "
    "tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
# Not all generic domains: the common ones, and those that shops and products use.
_GENERIC_DOMAINS = (
    "academy agency app art asia audio baby bar beauty beer bike bio biz blog boutique business "
    "buzz cafe camp care cat center chat city cloud club coach coffee com community company cool "
    "coop dance deals delivery dental design dev digital direct dog earth eco edu education email "
    "energy events expert farm fashion film finance fish fit fitness flowers fm foundation fun "
    "fund fyi gallery game games garden gift gifts gives global gold golf gov green group guide "
    "guru hair health homes house how icu info ink institute int jewelry jobs kitchen land law "
    "legal life link live loan london ltd luxe market marketing media menu mil mobi mom money "
    "movie museum name net network news ngo nyc one ong online org organic paris parts party pet "
    "photo photography photos pics pizza plus press pro promo pub recipes rent repair report rest "
    "restaurant review reviews run sale salon school science security services sexy shoes shop "
    "shopping show site ski skin social software solutions space sport store stream studio style "
    "supplies supply support surf systems taxi team tech technology tel tennis theater tickets "
    "tips today tools top tours town toys trade training travel university vet video villas vin "
    "vip vision vodka voyage wang watch website wedding wiki win wine work works world wtf xxx "
    "xyz yoga zone"
)
# Possessive labels keep a hostile run of letters and dots linear.
_URL = regex.compile(
    r"""
    (?<![a-z0-9@#$_\-./])
    (?:https?://)?+
    (?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}
    (?:"""
    + "|".join((_GENERIC_DOMAINS + " " + _COUNTRY_DOMAINS).split())
    + r""")(?![a-z0-9@_-])
    (?::[0-9]{1,5})?+
    (?:[/?](?:[\w\-.~:/?\#\[\]@!$&'*+,;=%|]*[\w/=\#\-+&])?)?
    """,
    regex.VERBOSE | regex.IGNORECASE | regex.ASCII,
)


class Url(NamedTuple):
    """One web address, and where: a half-open range of code points."""

    start: int
    end: int
    text: str


def urls_in(text: str) -> list[Url]:
    """Find web addresses, with or without a scheme, as X links them.

    >>> [url.text for url in urls_in("Taste it at okolo.coffee/new, not at night.Go")]
    ['okolo.coffee/new']
    """
    return [Url(found.start(), found.end(), found.group()) for found in _URL.finditer(text)]


def _weight(char: str) -> int:
    """Return 1 for the code points that twitter-text lists as light, else 2."""
    code = ord(char)
    return 1 if any(first <= code <= last for first, last in _WEIGHTS_ONE) else 2


def _weights(text: str) -> int:
    """Return the weight of a text without web addresses; a whole emoji weighs 2."""
    if text.isascii():
        return len(text)
    rest = _EMOJI.sub("", text)
    return 2 * len(emoji_in(text)) + sum(map(_weight, rest))


def _between(text: str, urls: list[Url]) -> Iterator[str]:
    """Yield what stands before, between and after web addresses."""
    at = 0
    for url in urls:
        yield text[at : url.start]
        at = url.end
    yield text[at:]


def _twitter_weight(text: str) -> int:
    """Return the weighted length of a post: a web address weighs 23 however long it is."""
    text = unicodedata.normalize("NFC", text)
    urls = urls_in(text)
    return len(urls) * _SHORTENED_URL + sum(map(_weights, _between(text, urls)))


# ---- text messages: GSM 03.38

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENSION = frozenset("€[]{}\\^~|\f")
_PART_SIZES = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """What a text message costs to send.

    `units` are septets in GSM-7 and UTF-16 code units in UCS-2; `left` is how many more of them
    the last part takes.
    """

    encoding: str
    units: int
    parts: int
    left: int


def sms(text: str) -> Sms:
    """Work out the encoding of a text message and the parts it is sent in.

    Source:
        GSM 03.38; doc.didww.com.

    >>> sms("Price: 5 €")
    Sms(encoding='GSM-7', units=11, parts=1, left=149)
    """
    fits_gsm7 = all(char in _GSM7 or char in _GSM7_EXTENSION for char in text)
    encoding = "GSM-7" if fits_gsm7 else "UCS-2"
    costs = [_sms_cost(char, encoding) for char in text]
    single, per_part = _PART_SIZES[encoding]
    units = sum(costs)
    if units <= single:
        return Sms(encoding=encoding, units=units, parts=min(units, 1), left=single - units)
    parts, used = _packed(costs, per_part)
    return Sms(encoding=encoding, units=units, parts=parts, left=per_part - used)


def _sms_cost(char: str, encoding: str) -> int:
    """Return 2 for a character that takes an escape or a surrogate pair, else 1."""
    doubled = char in _GSM7_EXTENSION if encoding == "GSM-7" else char > "\uffff"
    return 2 if doubled else 1


def _packed(costs: list[int], per_part: int) -> tuple[int, int]:
    """Return the parts filled, and the units used in the last; no character is cut in two."""
    parts, used = 1, 0
    for cost in costs:
        if used + cost > per_part:
            parts, used = parts + 1, 0
        used += cost
    return parts, used


def _sms_parts(text: str) -> int:
    """Return how many parts a text message is sent in."""
    return sms(text).parts


# ---- the units


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A way to measure a text: what counts how much, who says so, and how sure that is."""

    id: str
    name: str
    description: str
    source: str
    verified: str
    measure: Callable[[str], int]


_ALL = (
    Unit(
        id="chars",
        name="characters",
        description="Unicode code points, spaces included",
        source="platform default",
        verified="official",
        measure=len,
    ),
    Unit(
        id="google_width",
        name="characters (wide ones count 2)",
        description="East-Asian Wide and Fullwidth 2, combining marks and joiners 0, else 1; NFC",
        source="support.google.com/google-ads/answer/7653455; ad_type_infos.py (v25)",
        verified="official",
        measure=_columns,
    ),
    Unit(
        id="ms_width",
        name="characters (wide ones and emoji count 2)",
        description="as google_width, and emoji 2",
        source="MicrosoftDocs/Advertising-docs bulk-service/responsive-search-ad.md",
        verified="official",
        measure=_ms_columns,
    ),
    Unit(
        id="yahoo_jp_width",
        name="half-width characters",
        description="full-width and half-width kana 2, half-width letters and symbols 1",
        source="ads-developers.yahoo.co.jp announcement 212123 (2021)",
        verified="official",
        measure=_yahoo_jp_columns,
    ),
    Unit(
        id="baidu_width",
        name="half-width characters",
        description="full-width 2, half-width 1",
        source="xuziyu.com; limits from support.google.com/sa360/answer/14774087",
        verified="secondary",
        measure=_columns,
    ),
    Unit(
        id="tiktok_width",
        name="characters (Asian ones count 2)",
        description="Asian characters 2, else 1: limits are given as N Latin or N/2 Asian",
        source="ads.tiktok.com/help/article/global-app-bundle-image-ad-specifications",
        verified="official",
        measure=_columns,
    ),
    Unit(
        id="twitter_weighted",
        name="weighted characters",
        description="NFC; listed ranges 1, else 2; a web address 23; a whole emoji 2",
        source="twitter/twitter-text config/v3.json",
        verified="official",
        measure=_twitter_weight,
    ),
    Unit(
        id="utf16",
        name="UTF-16 code units",
        description="characters beyond U+FFFF 2, else 1",
        source="Postmark API, subject length",
        verified="vendor_doc",
        measure=_utf16_units,
    ),
    Unit(
        id="utf8_bytes",
        name="bytes",
        description="bytes in UTF-8",
        source="secondary guides to App Store Connect and push payloads",
        verified="secondary",
        measure=_utf8_bytes,
    ),
    Unit(
        id="sms_segments",
        name="message parts",
        description="GSM-7 160 or 153 per part (€[]{}\\^~| cost 2), UCS-2 70 or 67",
        source="GSM 03.38; doc.didww.com; sendgrid glossary",
        verified="secondary",
        measure=_sms_parts,
    ),
)

UNITS: Mapping[str, Unit] = {unit.id: unit for unit in _ALL}  #: every unit, by id


def width(text: str, unit: str) -> int:
    """Measure a text.

    Args:
        text: Any string.
        unit: The id of an entry of `UNITS`.
    Returns:
        The length in that unit, at least 0.
    Raises:
        ValueError: If there is no such unit.

    >>> width("コーヒー", "google_width"), width("ｺｰﾋｰ", "yahoo_jp_width"), width("☕", "utf16")
    (8, 8, 1)
    """
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is no counting unit; there are {', '.join(UNITS)}")
    return UNITS[unit].measure(text)


def clipped(text: str, limit: int, unit: str) -> int:
    """Return how many code points from the start fit into `limit` units.

    >>> clipped("コーヒー豆", 5, "google_width")
    2
    """
    high = 64
    while high < len(text) and width(text[:high], unit) <= limit:
        high *= 2  # so that the work follows what fits, not how long the text is
    low, high = 0, min(high, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(text[:middle], unit) <= limit else (low, middle - 1)
    return low
