"""Deeming: the category that things are held to be, with the things as definiens."""

from __future__ import annotations

import re

TERM_END = (
    r"(?=[,;:.]|$|\s++(?:if|when|where|whether|even|for\s++(?:the\s++)?purposes?|(?:for\s++)?as\s++long\s++as|within\s++the\s++meaning|"
    r"in\s++accordance|to\s++the\s++extent|unless|by\s++reason|under\s++this|only|at\s++the\s++time|irrespective|"
    r"regardless|or\s++a)\b)"
)
HELD = (
    r"(?P<held>(?:shall|is|are)(?:\s++also)?(?:\s*,[^,;]{1,120},)?\s++(?:be\s++)?(?:hereby\s++)?deemed|"
    r"(?:shall|is\s++to|are\s++to)(?:\s++also)?(?:\s*,[^,;]{1,120},)?\s++be\s++(?:regarded|treated(?:\s++and\s++\w+ed)?|considered)"
    r"(?=\s++(?:as\b|to\s++be\b|an?\b|[“\"‘])))"
)
NO_CATEGORY = (
    r"(?!(?:to\s++(?:have|apply|refer|involve|represent)|given|adopted|inadmissible|appropriate|necessary|fit|"
    r"desirable|as\s++having|as\s++(?:soon|far|well|long|including|excluding|depriving|"
    r"authori[sz]ing|implying|priority|confidential|justification|additional)|(?:as\s++|to\s++be\s++)?(?:an?\s++|"
    r"the\s++)?(?:matter|part|integral|ground|resident|made|within|valid|"
    r"included|sufficient|not|of|with|for|in|by|at|under|having|being)|innocent|\w+ed(?=\s*[;.,]|$)|"
    r"(?:to\s++be\s++|as\s++)?(?:superseded|forfeited|repealed|revoked|withdrawn|offences?\s++established)|null|"
    r"void|or|to\s++be\s++(?:in|or))\b)"
)
DEEMED = re.compile(
    rf"(?<!who\s)(?<!which\s)(?<!that\s)\b(?P<deeming>{HELD})(?:\s*,[^,;]{{1,60}},)?\s++{NO_CATEGORY}"
    rf"(?:to\s++be\s++|as\s++being\s++|as\s++|to\s++)?(?:an?\s++|the\s++)?(?P<term>[“\"‘]?\w[^,;:.]{{1,90}}?[”\"’]?){TERM_END}",
    re.IGNORECASE,
)
