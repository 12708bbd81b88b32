"""Long items of a brief in other words, as copywriters turn them where room is short.

"Home visits if you can't travel" is "can't travel? home visits".  Each rule knows one turn of
English (`turns`, where that takes more than a pattern) and promises no more than the item does;
two rules may follow one another.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from creative.drafting import turns
from creative.drafting.truth import keeps_bounds
from creative.ranking.kinds import lowered
from creative.tightening import DAYS, MONTHS, tightened

_PAINS, _PROOF, _OFFER = frozenset({"pains"}), frozenset({"proof"}), frozenset({"offer"})
_GAINS = frozenset({"benefits", "features"})
_SOLD = _GAINS | _OFFER
_ANY = _PAINS | _GAINS | _PROOF | _OFFER
_SHORTEST = 9  #: characters
_LONG = r"(?=.{31})"  #: for an item that a headline has no room for
_UNKNOWN_TO = re.compile(r".*?\b(?:know|no idea|not sure) ", re.IGNORECASE)  # where to start
#: Words that bound what an item promises, and stay in whatever it is turned into.
_BOUNDS = re.compile(
    r"\b(?:only|appl(?:y|ies)|except|excluding|selected|former|even|both|between|never|nothing|"
    r"nobody|request|original|eligible|unless)\b",
    re.IGNORECASE,
)
#: What an item says beside what it promises, which stands without it.
_UNNEEDED = r", no [\w -]+ (?:needed|required|necessary)"
_NO_STRINGS = (
    rf"(?:{_UNNEEDED}|, no (?:hidden )?(?:card|catch|commitment|contract|fees?|obligation|strings))"
)
_EVEN = r"even (?:if|when) (?!.*(?:\d|\b(?:by|only|within)\b))[^,]+"
#: What "plus" adds to a price, and not to what is sold.
_COSTS = (
    "bills?|charges?|commission|costs?|cover|deposit|excess|fees?|membership|payments?|postage|"
    "subscription|tax|VAT"
)
_NEEDLESS = re.compile(rf"(?:{_NO_STRINGS}|,? {_EVEN})$", re.IGNORECASE)

_Turn = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A turn: what it matches in items of some fields, and what it makes of that, or nothing."""

    fields: frozenset[str]
    pattern: re.Pattern[str]
    turn: str | _Turn

    def said(self, field: str, text: str) -> str:
        found = self.pattern.fullmatch(text) if field in self.fields else None
        if not found:
            return ""
        return found.expand(self.turn) if isinstance(self.turn, str) else self.turn(found)


def reworded(field: str, item: str, most: int) -> Iterator[str]:
    """Yield an item of a field in other words that fit in so many characters.

    >>> list(reworded("features", "home visits if you can't travel", 30))
    ["can't travel? home visits"]
    """
    seen, latest = {item}, [item]
    for rules in ((*_ONCE, *_RULES), _RULES):
        turned = (said for text in latest for rule in rules if (said := rule.said(field, text)))
        latest = [text for text in dict.fromkeys(turned) if text not in seen]
        seen.update(latest)
        for text in latest:
            if _SHORTEST <= len(short := tightened(text, most)) <= most and _keeps(item, text):
                yield short


def cut(field: str, item: str, most: int) -> Iterator[str]:
    """Yield an item of a field without its end, where English may be cut.

    >>> list(cut("features", "5 themed rooms, up to 40 players", 30))
    ['5 themed rooms']
    """
    said = dict.fromkeys(tightened(rule.said(field, item), most) for rule in _CUTS)
    fitting = (text for text in said if _SHORTEST <= len(text) <= most and _keeps(item, text))
    yield from (text for text in fitting if field == "proof" or keeps_bounds(item, text))


def _keeps(item: str, form: str) -> bool:
    """Tell whether a form keeps what its item denies, and the bounds of what it promises.

    What stands beside a promise may go with all that it denies.
    """
    promise = _NEEDLESS.sub("", item)
    item = promise if promise.lower().startswith(form.lower()) else item
    kept = {found.lower() for found in _BOUNDS.findall(form)}
    is_bound = all(found.lower() in kept or ": " in form for found in _BOUNDS.findall(item))
    is_denied = not turns.DENIED.search(item) or bool(turns.DENIED.search(form))
    return is_bound and (is_denied or bool(_UNKNOWN_TO.match(item)))


def _rule(fields: frozenset[str], pattern: str, turn: str | _Turn) -> _Rule:
    return _Rule(fields, re.compile(pattern, re.IGNORECASE), turn)


_WH = r"(?:what|why|how(?! to)|where|which|who|when)"
_KNOWS = (
    r"(?:(?:you )?finally )?(?:find out|know|see|discover|understand|tells? you|shows? you|"
    r"teach(?:es)? you|explains?)(?: exactly)? "
)
_DEED = r"(?:book|bring|buy|join|order|refer|sign up|spend|switch|trade in)"
_UNKNOWN = r"(?:i |we |you )?(?:do(?:n'?t| not) know|no idea|not sure|unsure|never know) "
_MADE_BY = (
    r"(?:built|chosen|designed|given|led|made|picked|prepared|run|taken|taught|written|reviewed)"
)
_GIVEN = r"(?!back|off|up|to|us|in|out)"  #: "gives back" is no gift
_GIFT = r"((?:an?|another|more|some) .+)"
_SPAN = r"(?:an?|every|each|per) \w+"
_FOUND = {"find": "found", "see": "seen"}
_MONTH = f"(?-i:{'|'.join(month[:3] for month in MONTHS)})"
#: What "no" stands before as a condition: "no win, no fee".
_BEFORE_NO = r"(?:booking|cure|fix|gain|more|pain|purchase|repair|sale|show|ticket|win)\b"
_NUMBER = "(?:two|three|four|five|six|seven|eight|nine|ten)"
_DAY = f"(?:{'|'.join(DAYS)})s?"

#: Turns of whole items, not of what another turn made.
_ONCE = (_rule(_GAINS, r"([^,]{6,}), ([^,]{9,})", turns.last_part),)

_RULES = (
    # what the reader is spared, has to know, or may do
    _rule(_GAINS, r"saves? you (\w+ing\b.*)", turns.none_of),
    _rule(_GAINS, r"saves? you (\w+ing\b.*?) (?:to|across|from|into|on) .+", turns.none_of),
    _rule(_GAINS, r"no more (?!than\b)(.+)", r"no \1"),
    _rule(_GAINS, r"stop (\w+ing\b .+)", turns.none_of),
    _rule(_GAINS, r"(we come) to your? .+", r"\1 to you"),
    _rule(_GAINS, _KNOWS + rf"({_WH} .+)", r"know \1"),
    _rule(_GAINS, r"gets you (.+)", r"get \1"),
    _rule(_GAINS, r"helps you with (.+)", r"help with \1"),
    _rule(
        _GAINS,
        r"keeps? you ((?!(?:an?|and|company|from|posted|the|your|\w+ing)\b)(?!.* and ).+)",
        r"stay \1",
    ),
    _rule(_GAINS, r"helps? you (?!with\b)(\w+ .+)", turns.help_to),
    _rule(_GAINS, r"qualif(?:y|ies) you for (.+)", r"qualify for \1"),
    _rule(_GAINS, r"(?:it )?lets you (.+)", r"\1"),
    _rule(
        _GAINS,
        r"(\w[\w' -]*?)(?<! so)(?<! that)(?<! know)(?<! if)(?<! and)(?<! where)(?<! when)"
        r" you(?:'ll| will| can)(?: actually| really)? (\w+ .+)",
        r"\1 to \2",
    ),
    _rule(_GAINS, r"(.* \w+ed(?: \w+)?),? so you (?:can|could) (.+)", r"\1, you \2"),
    # what the product does
    _rule(_GAINS, rf"gives? ({_GIVEN}[\w' -]+?) " + _GIFT, r"\2 for \1"),
    _rule(
        _GAINS,
        rf"gives? {_GIVEN}[\w' -]+? ((?:an?|another|more|some) [\w'-]+ .+)",
        r"\1",
    ),
    _rule(_GAINS, rf"(saves? .*?\bhours?) of [\w ]+? ({_SPAN})", r"\1 \2"),
    _rule(_GAINS, rf"(saves? .+? {_SPAN}) (?:on|of|in) .+", r"\1"),
    _rule(_GAINS, r"arrives (\w+ed .+)", r"\1"),
    _rule(_GAINS, r"costs half as much as (.+)", r"half the cost of \1"),
    _rule(_GAINS, r"takes? (?:all )?the (.+?) off (your .+)", r"\1 off \2"),
    _rule(_GAINS, r"takes? (?:all )?the (.+?) out of (.+)", r"\2, no \1"),
    _rule(
        _GAINS,
        r"keeps? (?:the |your )?(\w+s|\w+ and \w+|children) (on|out of|off|away from) (.+)",
        r"\1 \2 \3",
    ),
    _rule(_GAINS, r"(?:an?|the) [\w -]+? that (.+)", turns.act_alone),
    _rule(
        _GAINS,
        r"(?!.*\b(?:many|most|never|no|nothing|some)\b)[\w ]+ you (?:won['’]t|can['’]t|cannot) "
        r"(find|see) (in (?:a |the |any )?(?:high street )?(?:shops?|stores?|supermarkets?))",
        lambda found: f"not {_FOUND[found[1].lower()]} {found[2]}",
    ),
    _rule(_SOLD, r"([^,]+) without (?:the |any |an? )?([^,]+)", turns.with_none),
    _rule(_GAINS, r"(.+?) (?:posted|delivered|shipped|sent) (to your door)", turns.without_verb),
    _rule(_ANY, rf"(.+?) {_MADE_BY} (by (?!\d).+)", turns.without_verb),
    _rule(_GAINS, r"((?!.*\b(?:to \w+|'ll \w+|never|once|twice)\b)[^,]+) again", r"\1"),
    # conditions, asked
    _rule(_GAINS, r"(.+?),? (?:if|when) you(?:'re| are)? ([^, ]+ [^,]+)", turns.as_question),
    _rule(
        _SOLD,
        rf"{_LONG}(free (?!.* of )(?:[\w-]+ )*?[\w-]+) (?:and|with) (?:an? )?((?:[\w-]+ )?[\w-]+)",
        turns.gift_alone,
    ),
    _rule(_OFFER, r"(.+?),? (?:if|when) you (" + _DEED + r"\b.+)", r"\1: \2"),
    _rule(_OFFER, r"(.+?),? (?:if|when) you (book|buy|join|order)", r"\2? \1"),
    _rule(
        _OFFER,
        rf"((?:book|order) (?:by|before) (?:\d|noon|{_DAY}|{_MONTH})[^,]*?) for (?:an? |your )?"
        r"([^, ]+ [^,]+)",
        lambda found: f"{found[2]}: {lowered(found[1])}",
    ),
    _rule(_GAINS, rf"((?!.*\bonly\b)\S+ .+?),? {_EVEN}", r"\1"),
    _rule(_OFFER, r"(.+?),? new ([\w ]+) only", r"new \2: \1"),
    _rule(_OFFER, r"(.+?) available (if|for|on|in|from|when) (.+)", r"\1 \2 \3"),
    _rule(_OFFER, r"(.+?) and (free .+)", r"\1, \2"),
    _rule(_OFFER, rf"(.+?){_NO_STRINGS}", r"\1"),
    _rule(_OFFER, r"(.+ off) your (.+)", r"\1 \2"),
    # lists and parts
    _rule(
        _GAINS,
        r"((?:\w+ed, )*\w+ed and \w+ed) before (?:it|they|dispatch|delivery|posting)\b[^,]*",
        r"\1",
    ),
    _rule(
        _GAINS,
        rf"(?!.*\band\b)(no) ((?!{_BEFORE_NO})[\w ]+), no ([\w ]+)",
        r"\1 \2 or \3",
    ),
    _rule(_GAINS, r"(nobody|no one) (\w+ing), \1 (\w+ing)", r"\1 \2 or \3"),
    _rule(_GAINS, r"((?:an? )?)([\w-]+), ([\w-]+ .+)", turns.one_adjective),
    _rule(_GAINS, r"([^,]+) and ([^,]+)", turns.both_acts),
    _rule(frozenset({"benefits", "pains"}), r"([^,]+) and ([^,]+)", turns.first_part),
    _rule(_SOLD, r"(free for \w+ (?:over|under|up to) \d[\d,]*) (?:members|people|staff)", r"\1"),
    # what hurts
    _rule(_PAINS, r"worry about (.+)", r"worried about \1"),
    _rule(_PAINS, _UNKNOWN + r"((?:what|where|which|how|who|when)(?: \w+){0,2} to .+)", r"\1"),
    _rule(_PAINS, _UNKNOWN + r"(what(?:'s| is) .+)", r"\1"),
    _rule(_PAINS, r"([\w ]+?s|staff|people) (?:that|who|which) (?:are |is )?(.+)", r"\1 \2"),
    _rule(
        _PAINS,
        r"(?!(?:it|this|that|there|he|she|what|they) )(\w+(?: \w+)*?) (?:is|are) "
        r"((?:always|too|never|all|out) .+)",
        r"\1 \2",
    ),
    _rule(
        _PAINS,
        r"(?!(?:find|get|looking|need|want) )((?:[\w'-]+ )?[\w'-]+) that "
        r"((?:always|costs?|doesn['’]t|keeps?|never|takes?|won['’]t)\b.+)",
        r"\1 \2",
    ),
    _rule(
        _PAINS,
        rf"{_LONG}((?:[\w-]+ )+?)(\w+s) (?:that|which|(?=nobody\b|no one\b)) ?(.+)",
        turns.plain_things,
    ),
    _rule(
        _PAINS,
        r"(?:burnt out|burned out|exhausted|worn out) from (?!being)(\w+ing .+)",
        r"\1",
    ),
    _rule(
        _PAINS,
        r"(?:my |our |your |the )?(\w+) (?:has|have) "
        r"(failed|given up|had|lost|outgrown|stopped) (.+)",
        r"\1 \2 \3",
    ),
    _rule(
        _PAINS,
        r"([\w'’ ]+? (?:(?:backing|creeping|piling|stacking) up|complaining about [\w-]+)) "
        r"(?:on|at|in|by|for|with) [^,]+",
        r"\1",
    ),
    _rule(_PAINS, r"([\w'’ ]+? (?:held up|let down)) by [^,]+", r"\1"),
    _rule(_PAINS, r"([^,]{9,}?),? and ([^,]+)", turns.hurts_alone),
    _rule(
        _PAINS,
        r"(\w+ing .+?) (?:is|takes|costs) (?:an? |too |so )?"
        r"(?:nightmare|forever|pain|hard|exhausting|stressful|expensive|ages|hours|the earth)",
        r"\1",
    ),
    _rule(_PAINS, r"(.+) for it", r"\1"),
    # who says so
    _rule(
        _PROOF,
        r"(\D*\b(?:awards?|finalist|gold|medal|silver|winners?)\b\D*?),?(?: in)? 20[0-3]\d",
        turns.undated,
    ),
    _rule(
        _PROOF,
        r"(\d+p) (?:in|of) (?:every|each) (£1|pound) (goes|is spent) (on|to) (?:the )?(.+)",
        r"\1 of each \2 \3 \4 \5",
    ),
    _rule(_PROOF, r"(?:an )?average (\d\.\d stars .+)", r"\1"),
    _rule(_PROOF, r"((?:rated )?\d\.\d(?: on| stars|/5)[^\d]*?) from (\d.*)", r"\1, \2"),
    _rule(_PROOF, r"((?:rated )?\d\.\d(?: on \w+| stars on \w+|/5[^,]*?))(?:,| from) .+", r"\1"),
    _rule(
        _PROOF,
        r"(\d+%|\d+ (?:in|out of) \d+)(?: of)? (?!who|those|us)[a-z]+s "
        r"((?:would|very|reach|hired|say they['’]d) .+)",
        r"\1 \2",
    ),
    _rule(_PROOF, r"((?!no )[^%]*\d[^%]* \w+ed) (?:last year|in 20\d\d|since \d{4})", r"\1"),
    _rule(_PROOF, r"rated (\d\.\d (?:from|on) .+)", r"\1"),
    _rule(_PROOF, r"tripadvisor (travell?ers['’]? choice.*)", r"\1"),
    _rule(_PROOF, r"winners?(?: of)?(?: the|,) (.+ awards?)(?: 20\d\d)?", r"\1 winner"),
    _rule(_PROOF, r"winners?(?: of)?(?: the|,) (.+ of the year\b.*)", r"\1"),
    _rule(
        _PROOF,
        r"(.+? [\d,]+\+?) (?:mid-size|small|large|local|independent|growing) "
        r"((?:companies|firms|businesses|customers|schools|teams|shops)\b.*)",
        r"\1 \2",
    ),
)

#: Where an item is cut if nobody knows other words for it.
_CUTS = (
    _rule(
        _GAINS,
        r"(covers )?([^,]+), ([^,]+?)(?:, [^,]+)+(?:,? (?:and|&) |, )([^,]+)",
        turns.and_more,
    ),
    _rule(_GAINS, rf"{_LONG}([^,]+), ([^,]+),? and ([^,]+)", turns.first_two),
    _rule(_GAINS, rf"(?!.*(?:[£$€]|\b(?:{_COSTS})\b))([^,]{{9,}}?) (?:plus|\+) .+", r"\1"),
    _rule(_GAINS, r"([^,]+) with (\d+ (?!(?:minute|hour|day|week|month)s?\b)[\w-]+ .+)", r"\2"),
    _rule(_GAINS, rf"([^,]{{9,}}){_UNNEEDED}", r"\1"),
    _rule(
        _GAINS,
        rf"{_LONG}(?!.*(?:\d|\b(?:closed|different|familiar|new|once|same|three|twice|two)\b))"
        r"([^,]+) (?:every|each) (?:day|week)",
        r"\1",
    ),
    _rule(_GAINS, rf"{_LONG}([^,]+) and ([^,]+)", turns.first_thing),
    _rule(_GAINS, r"([^,]{9,}), [^,]+", turns.before_mark),
    _rule(_GAINS, r"([^,]{12,}) (?:with|for|from|in|without) [^,]+", turns.thing_alone),
    _rule(
        _GAINS,
        r"((?!.*\b(?:but|max|without)\b)\D{9,}?(?<! not)),? (?:incl\.?|including) (?!up to)\D+",
        r"\1",
    ),
    _rule(_GAINS, rf"(.*\b(?:an?|\d+|{_NUMBER}) (?:minute|hour|day|week)s?) instead of .+", r"\1"),
    _rule(_GAINS, r"((?!.*\b(?:both|between)\b)[^,]+) and [^,]+", turns.first_act),
    _rule(_GAINS, r"((?:ships|made|built|printed|delivered) in \d .+?) (?:from|by) .+", r"\1"),
    _rule(_PAINS, r"(.+?) because .+", r"\1"),
    _rule(
        _PAINS,
        rf"(?!.*\b(?:and|are|closed|is|no|nobody|not|only|shut)\b|.*n['’]t)(\w+s .{{4,}}?) "
        rf"(?:on|every) {_DAY}(?: (?:morning|afternoon|evening|night)s?)?",
        r"\1",
    ),
    _rule(
        _PAINS,
        r"(.+?) (?:at|on|by|in) (?:the |an? )?(?:\w+ )?"
        r"(?:minute|day|morning|night|evening|weekend|lunchtime)s?",
        r"\1",
    ),
    _rule(_GAINS, r"(cuts? .+?) by (?:up to |about |over )?\d+%.*", r"\1"),
    _rule(_GAINS, r"(.+?),? so (?:that )?(?:you|we|the|your|it|they|nothing|nobody)\b.+", r"\1"),
    _rule(
        _PROOF,
        r"((?:trusted|used|licensed|insured|registered|made) .+?) in (?-i:[A-Z])[\w ]+",
        r"\1",
    ),
)
