"""Where a statement could be: modal words and what stands for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.statements.words import Words

ADVERB = (
    r"(?:(?:also|hereby|therefore|thus|likewise|always|further|furthermore|equally|both|each|all|strongly|"
    r"solemnly|fully|then|not|only|jointly|again|specifically|explicitly|legally|in principle|ideally)\s++)"
)
NOT = (
    r"(?:\s++not\b|\s++never\b|\s++neither\b|,?\s++in\s++no\s++(?:way|case|circumstances|event)\b,?|"
    r",?\s++under\s++no\s++circumstances\b,?|\s++at\s++no\s++time\b|\s++no\s++longer\b|,\s++(?:therefore|"
    r"in\s++principle),\s++(?:not|never)\b|\s++(?:therefore|also|likewise|further|thus)\s++(?:not|never)\b)?"
)
MODAL = r"(?:shall|may|must|should|will|can|could|would)"
BE = r"(?:is|are|was|were|shall\s++be|should\s++be|must\s++be|will\s++be|may\s++be|be|being)"
THIS = r"(?:this|the\s++present|these|that|the\s++foregoing|any\s++of\s++the|such|the)"

# Kinds in the order of their right to a place: the first that matches at a place takes it.
PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "nothing",
        r"(?:nothing|no\s++part|no\s++provision)\s++(?:contained\s++)?(?:in|of|"
        rf"herein)\s++(?:{THIS}\s++)?[\w-]+(?:[^.;:]{{0,120}}?\b(?:shall|may|should|must|will|is\s++to|are\s++to)\b)",
    ),
    ("nothing", rf"nothing\s++(?:contained\s++)?(?:in|herein)\s++(?:{THIS}\s++)?[\w-]+(?:\s++\d+[\w()]*)?"),
    ("no_one", r"(?:no\s++one|nobody|none\s++of\s++\w+)\s++(?:shall|may|must|should|can)\b"),
    (
        "fronted",
        r"(?:in\s++no\s++(?:case|event|circumstances)|under\s++no\s++circumstances|at\s++no\s++time)\s++(?:shall|may|must|"
        r"should)\b(?:\s++it\s++be\s++permitted\s++to)?",
    ),
    ("nor", r"nor\s++(?:shall|may|must|should|does|do|is|are|can|will)\b"),
    (
        "right",
        rf"(?:(?:shall|should|must|will|may)\s++{ADVERB}?)?(?:have|has|had)\s++(?:(?:at\s++all\s++times|at\s++any\s++time|"
        r"also|therefore)\s++)?(?:the|a|an|full|equal|no)\s++(?:same\s++|legally\s++|legal\s++|inherent\s++|equal\s++|"
        r"basic\s++|enforceable\s++|inalienable\s++|fundamental\s++|full\s++|"
        r"effective\s++)*rights?\b(?:\s++and\s++the\s++opportunity)?(?:\s++(?:to|of|not\s++to))?",
    ),
    (
        "right",
        rf"(?:(?:shall|should|must|will|may)\s++{ADVERB}?be|(?:is|are)(?:\s++not)?)\s++{ADVERB}?(?:entitled|eligible|"
        r"allowed|empowered|guaranteed\s++the\s++right)\b(?:\s++(?:to|for))?",
    ),
    ("free", rf"(?:(?:shall|should|must|will)\s++{ADVERB}?be|(?:is|are))\s++(?:entirely\s++|completely\s++)?free\s++to\b"),
    ("open", r"(?:shall|should|must|will)\s++be\s++open\s++to\b"),
    (
        "authorized",
        rf"(?:(?:shall|should|must|will)\s++{ADVERB}?be|(?:is|"
        r"are))\s++(?:hereby\s++)?authori[sz]ed(?:\s++and\s++(?P<directed>directed))?\s++to\b",
    ),
    (
        "power",
        rf"(?:(?:shall|should|must|will|may)\s++{ADVERB}?)?(?:have|has)\s++(?:the\s++|full\s++|exclusive\s++)*(?:power|"
        r"authority|discretion)\b(?:\s++to)?",
    ),
    (
        "duty",
        rf"(?:(?:shall|must|should|will)\s++{ADVERB}?)?(?:have|has|bears?)\s++(?:the|a|an)\s++(?:\w+\s++){{0,2}}(?:duty|"
        r"obligation|responsibility)\b(?:\s++to)?",
    ),
    (
        "duty",
        r"it\s++(?:is|shall\s++be)\s++(?:the|a)\s++(?:\w+\s++)?(?:duty|responsibility)\s++of\b|"
        r"imposes?\s++(?:\w+\s++)?obligations?\s++on\b|shall\s++be\s++an\s++obligation\s++on\b|"
        rf"it\s++is\s++imperative\s++that\b|{BE}\s++under\s++(?:a\s++duty|an\s++obligation)\s++to\b",
    ),
    ("recognize_right", r"recogni[sz]es?\s++(?:the|that\s++the)\s++(?:\w+\s++)?rights?\b(?:\s++(?:of|to))?"),
    (
        "undertake",
        r"(?:shall\s++)?undertakes?(?:,[^,;.:]{0,160},)?(?:\s++\w+ly)?(?:\s++to)?\b(?!\s++(?:a|an|the|any|such|this|in|"
        r"by|all|research|studies|work|activities)\b)",
    ),
    ("undertake", r"undertakes?\b"),
    ("agree", r"(?:agrees?|commits?|pledges?|resolves?|commits?\s++(?:itself|themselves))\s++(?:to|that)\b"),
    (
        "directed",
        rf"(?:is|are)\s++not\s++{ADVERB}?(?:required|obliged|bound|obligated|liable|prohibited|precluded|"
        r"prevented)(?:\s++(?:to|by|from))?\b",
    ),
    (
        "directed",
        rf"(?:is|are)\s++{ADVERB}?(?:encouraged|required|obliged|obligated|bound|expected|called\s++upon|urged|"
        rf"invited|requested|permitted|directed|prohibited|forbidden|advised)(?:\s++by\s++[^,;.:]{{0,40}}?)?\s++(?:to|"
        r"from)\b",
    ),
    (
        "lawful",
        r"(?:(?:is|are|shall\s++(?:not\s++)?be)\s++(?:not\s++)?(?:lawful|unlawful|illegal)|(?:is|are)\s++(?:prohibited|"
        r"forbidden))\b(?:\s++to)?",
    ),
    (
        "need",
        rf"need\s++not\b|needs?\s++{ADVERB}?to\b|(?:has|have)\s++{ADVERB}?to\b(?!\s++be\s++borne)|ought(?:,\s++\w+,|"
        r"\s++not)?\s++to\b|cannot\b",
    ),
    ("is_to", r"(?:is|are)\s++(?:not\s++)?to\b"),
    ("modal", rf"{MODAL}\b{NOT}"),
    (
        "does_not",
        r"(?:does|do)\s++not\s++(?:affect|preclude|exclude|prejudice|prevent|limit|restrict|derogate|impair|"
        r"authori[sz]e|apply|require|entitle|oblige|create|confer)\b|(?:is|are)\s++not\s++(?:criminally\s++|"
        r"civilly\s++)?(?:liable|guilty|subject)\b",
    ),
    (
        "urging",
        r"recommends?(?:\s++that)?\b|calls?\s++(?:up)?on\b|(?:encourage|urge|invite|request|require|instruct|direct|"
        r"order|prohibit|entitle|oblige|obligate|forbid)(?:s|es|ing)?\b|requiring\b",
    ),
)
ALL = re.compile(r"\b(?:" + "|".join(f"(?P<k{i}>{p})" for i, (_, p) in enumerate(PATTERNS)) + r")", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A candidate: its words by index (end exclusive) and its kind."""

    first: int
    last: int
    kind: str


def find_triggers(words: Words) -> tuple[Trigger, ...]:
    """Every place where a statement could have its modal words, in order, without overlap."""
    found = []
    for match in ALL.finditer(words.text):
        kind = "duty" if match["directed"] else PATTERNS[int((match.lastgroup or "k0")[1:])][0]
        first, last = words.at(match.start()), words.at(match.end())
        if last > first:
            found.append(Trigger(first, last, kind))
    return tuple(found)
