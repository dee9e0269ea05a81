"""The wordings by which instruments define, as data."""

from __future__ import annotations

import re

QUOTES = "“”„‟\"«»‘’'`´"
OPEN = r"[“„\"«‘'`]"
CLOSE = r"[”“\"»’'´]"
# A quoted term: at least one letter, no quotation mark inside but an apostrophe between letters.
QUOTED = rf"(?:{OPEN}(?P<{{name}}>(?:[^“”„\"«»‘’'`´;:\n]|(?<=\w)[’'](?=\w)){{{{1,160}}}}?){CLOSE})"
ASIDE = (
    r"(?:\s*\([^()]{1,160}\))?(?:\s*,\s*(?:in|when|as|other|where|with|for|except|unless|used|which|that|and|"
    r"whether|also|if)\b[^,;:“”\"]{1,160}(?:,[^,;:“”\"]{1,60})?,|\s*,)?"
)

MEANS = (
    r"(?:is|are)\s++understood\s++as\s++[^;:.“”\"]{1,200}?\s++and\s++shall\s++mean|"
    r"(?:shall\s++)?means?(?:\s++and\s++includes?)?|shall\s++(?:be\s++understood\s++(?:to\s++mean|as)|signify|denote)|"
    r"signif(?:y|ies)|denotes?|(?:shall\s++)?refers?\s++to|"
    r"(?:is|are)\s++(?:hereby\s++)?(?:defined|understood)\s++(?:as|to\s++mean|to\s++be)|(?:is|"
    r"are)\s++taken\s++to\s++mean|comprises?|shall\s++apply\s++to|has\s++the\s++following\s++meaning"
)
INCLUDES = (
    r"(?:shall\s++(?:not\s++)?|does\s++not\s++|do\s++not\s++)?(?:also\s++)?includes?(?:,?\s++but\s++(?:is|are|"
    r"shall)\s++not\s++(?:be\s++)?limited\s++to|\s++without\s++limitation)?,?|"
    r"(?:shall|is\s++to|are\s++to)\s++(?:be\s++)?(?:construed|read|taken|interpreted)\s++(?:as|so\s++as\s++to|to)\s++(?:including|include|includes)"
)
REFERENCE = (
    r"(?:shall\s++)?(?:has|have)(?=\s++(?:the\s++)?(?:same\s++|respective\s++)?meanings?\b)|"
    r"(?:shall\s++|is\s++to\s++|are\s++to\s++)be\s++(?:construed|read|interpreted)\s++(?:in\s++accordance\s++with|with\s++reference\s++to)|"
    r"(?:is|are|shall\s++be)\s++(?:as\s++)?defined\s++(?:in|by|under)"
)
IS = r"(?:is|are)(?=\s++(?:a|an|the|any|all|every|those|children|persons?|women|acts?|conduct|something|someone)\b)"
PREDICATE = rf"(?P<reference>{REFERENCE})|(?P<means>{MEANS})|(?P<includes>{INCLUDES})|(?P<is>{IS})"

SEVERAL = (
    rf"{QUOTED.format(name='t0')}(?:\s*(?:,|\band\b|\bor\b|,\s*and|,\s*or|"
    rf"/)\s*{QUOTED.format(name='t1')})?(?:\s*(?:,|\band\b|\bor\b|,\s*and|"
    rf",\s*or)\s*{QUOTED.format(name='t2')})?(?:\s*(?:,|\band\b|\bor\b|,\s*and|"
    rf",\s*or)\s*{QUOTED.format(name='t3')})?(?:\s*(?:,|\band\b|\bor\b|,\s*and|"
    rf",\s*or)\s*{QUOTED.format(name='t4')})?"
)
QUOTED_DEFINITION = re.compile(rf"{SEVERAL}{ASIDE}\s*(?:,\s*)?(?:—\s*)?(?:{PREDICATE})(?=[\s:,—–-]|$)", re.IGNORECASE)

WORDS = r"(?P<t0>[a-zA-Z][\w’'-]*(?:[ -][a-zA-Z(][\w()’'-]*){0,9}?)"
UNQUOTED_TERM = re.compile(rf"\bthe\s++(?:term|expression|word|phrase)s?\s++{WORDS}\s++(?:{PREDICATE})(?=[\s:,—–-]|$)", re.IGNORECASE)
PURPOSES = (
    r"(?:for\s++the\s++purposes?\s++of\s++[^,“”\"]{1,120},|for\s++(?:the\s++)?purposes\s++of\s++[^,“”\"]{1,120},|"
    r"in\s++this\s++(?:act|article|section|sub-?section|part|chapter|convention|protocol|law|regulation|"
    r"ordinance|code|title|annex|schedule|directive|paragraph)(?:\s*,|"
    r"\s++and\s++[^,“”\"]{1,40},)?(?:\s*unless\s++the\s++context\s++otherwise\s++requires,)?)"
)
SCOPED_TERM = re.compile(
    rf"{PURPOSES}\s*(?:an?\s++|the\s++|every\s++)?{WORDS}\s++(?P<means>(?:shall\s++)?means?|(?:is|are)\s++defined\s++as)\b", re.IGNORECASE
)
SCOPED_INCLUDES = re.compile(
    rf"{PURPOSES}\s*(?:an?\s++|the\s++)?{WORDS}\s++(?:(?P<reference>shall\s++have\s++(?=the\s++(?:same\s++)?meaning))|"
    r"(?P<includes>(?:shall\s++)?includes?))\b",
    re.IGNORECASE,
)
SCOPED_IF = re.compile(
    rf"{PURPOSES}\s*(?:an?|the)\s++(?:person|offence|offense|individual|child)\s++(?!shall|may|"
    r"must)(?:(?P<said>is\s++said\s++to(?:\s++be)?)\s++|(?:is|has|"
    rf"shall\s++be)\s++)?{WORDS}(?:\s++[^,;:—]{{0,60}}?)?\s++(?P<means>if|where|when)\b",
    re.IGNORECASE,
)
SAID = re.compile(
    r"\b(?:an?|the|any)\s++\w+\s++(?P<deeming>is\s++said\s++to(?:\s++be)?)\s++(?P<t0>[^,;:.]{2,120}?)\s++(?:if|when|where)\b", re.IGNORECASE
)
REFERENCES_TO = re.compile(
    rf"\breferences?(?:\s++in\s++[^;.“”\"]{{1,80}}?)?\s++to\s++(?:an?\s++|the\s++|"
    rf"any\s++)?(?:{QUOTED.format(name='t0')}|(?P<t9>\w[\w\s’'-]{{1,80}}?))"
    r"(?:\s++in\s++(?:this|that|those|any)\s++[\w\s]{1,30}?)?(?:\s*,[^,;.]{1,90},)?\s++"
    r"(?:shall\s++(?:be\s++construed\s++as\s++)?|(?:is|are)\s++to\s++be\s++(?:read|construed)\s++(?:as\s++|"
    r"to\s++))?(?P<includes>includ(?:e|es|ing))\b",
    re.IGNORECASE,
)
SUCH_TERM = re.compile(rf"(?<!as\s)\b(?P<t0>such\s++term)s?\s++(?:may\s++)?(?:{PREDICATE})", re.IGNORECASE)
CONCEPT = (
    r"(?:trafficking|slavery|servitude|smuggling|exploitation|violence|harassment|labou?r|bondage|"
    r"discrimination|abuse|torture|prostitution|pornography|trade|marriage|peonage|victims?|survivors?|"
    r"recruitment|coercion|consent|child|children)"
)
SENTENCE_START = r"(?:^|(?<=[.;]\s)|(?<=[.;]\s\s))(?:\s*(?:\(?\w{1,4}[.)]|–|—|-|•)\s*)*"
NARRATIVE = re.compile(
    rf"{SENTENCE_START}(?:the\s++|a\s++|an\s++)?(?P<t0>(?:[A-Za-z][\w’'-]*\s++){{0,3}}?{CONCEPT}(?:\s++(?:in|"
    rf"of)\s++(?:[a-z]+\s*){{1,2}})?)(?:\s*\([^()]{{1,60}}\))?\s++"
    r"(?:(?P<means>(?:is|are)\s++(?:defined\s++as|understood\s++as)|(?:is|are)(?=\s++the\s++(?:\w+,?\s++){0,3}?(?:act|process|"
    r"practice|use|sale|recruitment|exploitation|status|"
    r"condition|crime|trade|movement|buying|illegal|transport\w*|harbou?ring|procurement|acquisition|exercise|"
    r"facilitation)\b)|(?:is|are)(?=\s++a\s++form\s++of)|"
    r"refers\s++to|means(?!\s++(?:of|that|to)\b|:))|"
    r"(?P<includes>includes?(?=\s++(?:such|all\s++acts|any\s++acts?|acts|the\s++acts?|conduct)\b)|shall\s++include(?=,?\s++at\s++a\s++minimum)))",
    re.IGNORECASE,
)
ITEM_TERM = re.compile(
    rf"{SENTENCE_START}(?:the\s++(?:term\s++)?|an?\s++)?{WORDS}\s++(?P<means>(?:shall\s++)?means?|refers\s++to|(?:is|"
    r"are)\s++defined\s++as)(?=\s++(?!of\b|that\b|to\b)\w)",
    re.IGNORECASE,
)
HEADED = re.compile(
    r"(?:^|(?<=\n))\s*(?P<h>[A-Za-z][\w -]{2,40}?)\s*[:.]\s*(?:—\s*)?(?P<t0>(?i:(?P=h)))\s++(?:(?P<means>means|"
    r"refers\s++to|is(?=\s++(?:the|an?)\b))|(?P<includes>encompass(?:es)?|involves?|includes?|comprises?))\s++",
    re.IGNORECASE,
)
DEFINING = re.compile(
    r"\b(?:definitions?|interpretation|use\s++of\s++terms|terms\s++used|purposes?\s++of|in\s++this|glossary|"
    r"following\s++(?:terms|definitions))\b",
    re.IGNORECASE,
)
AS_DEFINED = re.compile(
    r"(?P<open>\()?\bas\s++(?:(?:such|that|those)\s++terms?\s++(?:is|are)\s++|"
    r"the\s++term\s++is\s++)?(?P<reference>defined\s++(?:in|by|under)\s++)(?P<where>(?:section|sections|§+|article|"
    r"subsection|the|title|paragraph|W\.S\.|[A-Z])[^();,]{2,160}(?:\(\w{1,4}\)[^();,]{0,80})*)",
)
