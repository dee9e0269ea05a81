"""How citations are written."""

from __future__ import annotations

import re

SUB = r"\((?:\d{1,3}[A-Za-z]{0,2}|[a-z]{1,3}|[A-Z]{1,2}|[ivx]{1,5}|[IVX]{1,5})\)"
SUBS = rf"(?:\s?{SUB}){{0,6}}"
PLAIN = r"\d{1,5}[A-Za-z]{0,2}(?:[.\-–‑]\d{1,4}[A-Za-z]{0,2}){0,3}(?:\s(?:bis|ter|quater)\b)?|[IVXL]{1,6}\b"
NUMBER = rf"(?:(?:{PLAIN}){SUBS}|{SUB}{SUBS})"
LOW_WORD = r"(?:sub-?)*(?:section|paragraph|clause)|article|art\.|para\.|point|recital"
HIGH_WORD = r"part|chapter|title|subtitle|schedule|annex|division|subdivision"
WORD = rf"(?:{LOW_WORD}|{HIGH_WORD})"
MORE = rf"(?:(?:,?\s(?:to|and|or|and/or|through)\s|,\s?|\s?[–-]\s?){NUMBER}(?!\s[a-z]{{3,}}\sof\sage)){{0,8}}"
INTERNAL = re.compile(
    rf"(?:\b(?P<word>{WORD}(?:s|es)?)\s*|(?P<sign>§§?)\s*)(?P<number>{NUMBER})(?P<more>{MORE})"
    rf"(?P<inner>(?:,\s(?:(?:sub-?)?paragraph|para\.|point)s?\s*{NUMBER}{MORE})?)"
    rf"(?P<chain>(?:,?\s(?:of|in|to)\s(?:the\s)?(?!title\s\d){WORD}s?\s*{NUMBER}(?:(?:,?\s(?:and|or)\s){NUMBER})?){{0,3}})"
    r"(?:,?\s(?:of|to|in)\s(?P<owner>(?:this|the\spresent|that|such|the\ssame)\s[A-Za-z]{3,14}\b|title\s\d{1,3}\b"
    r"|the\s(?:Convention|Covenant|Charter|Statute|Protocol|Declaration|(?:principal\s)?Act|Code|Bill)(?!\s(?:of|on|for|to|against|concerning|(?-i:[A-Z1-9])))"
    r"|the\sAct\sof\s\d{4}))?",
    re.IGNORECASE,
)
MEMBER = re.compile(rf"(?P<joint>,?\s(?:to|and|or|and/or|through)\s|,\s?|\s?[–-]\s?)(?P<number>{NUMBER})", re.IGNORECASE)
LISTED = re.compile(rf"(?<=[\d)A-Za-z]){MORE}$", re.IGNORECASE)
RANGE = re.compile(r"to|through|[–-]", re.IGNORECASE)
STEP = re.compile(rf"(?P<word>{WORD})s?\s*(?P<number>{NUMBER})", re.IGNORECASE)
STATUTES = re.compile(
    r"\b\d{1,2}\sU\.?\s?S\.?\s?C\.?(?:\s(?:§§?\s?)?\d{1,5}[a-z]{0,2}(?:[–-]\d{1,3}[a-z]?)?(?:\([0-9A-Za-z]{1,5}\)){0,5})?"
    r"|\b\d{1,2}\sC\.?F\.?R\.?\s(?:§§?\s?|[Pp]art\s)?[\d.]{1,10}"
    r"|\bPub(?:lic|\.)\sL(?:aw|\.)\s(?:No\.\s)?\d{2,3}[–-]\d{1,4}"
    r"|\b(?:Council\s)?(?:Directive|Regulation|Framework\sDecision)\s(?:\([A-Z]{2,3}\)\s)?(?:No\.?\s)?\d{2,4}/\d{1,4}(?:/[A-Z]{2,4})?"
    r"|\b(?:General\s(?:comment|recommendation)|general\s(?:comment|recommendation))\sNo\.\s\d{1,2}(?:\s\(\d{4}\))?"
)
NAMED = re.compile(
    r"\b(?:(?:[A-Z][\w’'\-]{1,30}|\((?:[A-Z][\w’'\-]{1,30}\s?){1,6}\))"
    r"(?:,?\s(?:and|or|of|the|in|on|for|to|against|from|with|its|all|by|relating|concerning)){0,3}[,\s]{1,2}){0,22}"
    r"(?:Convention|Protocol|Covenant|Declaration|Charter|Statute|Act|Ordinance|Code|Constitution|Pact)\b"
    r"(?:(?!\s(?:in|by|from|with|(?:and|or|to)\s(?:the\s)?(?:all|States))\b)"
    r"(?:(?:\s(?:on|of|against|concerning|relating|for|to|the|in|and|or|by|from|its|all|with)){1,4}"
    r"\s[A-Z][\w’'\-]{1,30}(?:,?\s(?:and|or|[A-Z][\w’'\-]{1,30})){0,14}){1,6})?"
    r"(?:,?\s(?:of\s)?(?:1[89]|20)\d{2}\b)?(?:\s?\(No\.\s\d{1,3}\))?"
)
LEAD_IN = re.compile(
    r"(?:(?:The|This|An?|That|These|Each|Any|In|Under|the|By|For|Of|To|And|See|Section|Article|Recalling|Noting|Considering|Whereas|Reaffirming|Having)"
    r"\s){1,4}"
)
PARTIES_TO = re.compile(r"(?:.{0,200}\s)?Part(?:y|ies)\s(?:and\s)?to\s(?:the\s)?", re.DOTALL)
TRAIL = re.compile(r"[,\s]+(?:and|or|of|on|to|the|in|for|by|with|from|all|its)?$")
OF_THE = re.compile(r"^,?\s?(?:of|to|in)\s(?:the\s)?(?=[A-Z])")
OWN = re.compile(r"(?:this|the\spresent|the\ssame)\s", re.IGNORECASE)
BEFORE = re.compile(r"(?:that|such)\s(?:article|section|subsection|paragraph|subparagraph|clause)$", re.IGNORECASE)
AMENDED = re.compile(r"\b(?:is|are)\s(?:(?:hereby|further)\s)?(?:amended|repealed|replaced)\b")
MEANS = re.compile(r"[“\"‘](?:the\s)?(?P<alias>[A-Z][^”\"’]{2,60})[”\"’]\smeans\s(?:the\s)?(?=[A-Z])")
CALLED = re.compile(
    r"(?:(?:hereinafter|hereafter|in\sthis\s\w{3,12}|which\sin\sthis\s\w{3,12}\sis)\s(?:is\s)?(?:called|referred\sto\sas|cited\sas)\s|\()"
    r"(?:the\s)?[“\"‘](?:the\s)?(?P<alias>(?:[Pp]rincipal\s)?[A-Z]\w{2,30})[”\"’]"
)
