"""The words that trafficking definitions and offences are made of, as data."""

from __future__ import annotations

import re

# Acts that mark trafficking, and those that count only beside one of them; as stems of verbs and of nouns.
STRONG = (
    r"(?:recruit(?:s|ing|ment)?|transport(?:s|ing|ation)?|transfer(?:s|r?ing)?|harbou?r(?:s|ing)?|"
    r"traffick?s?(?!\w)|procur(?:es?|ing|ement)|entic(?:es?|ing|ement)|"
    r"lur(?:es?|ing))"
)
WEAK = (
    r"(?:recei(?:ves?|ving|pt)|hold(?:s|ing)?|conceal(?:s|ing)?|provid(?:es?|ing)|provision|obtain(?:s|ing)?|"
    r"maintain(?:s|ing)?|isolat(?:es?|ing)|patroniz(?:es?|ing)|solicit(?:s|ing)?|"
    r"advertis(?:es?|ing)|deliver(?:s|ing|y)?|detain(?:s|ing)?|tak(?:es?|ing)|restrain(?:s|ing)?|kidnap(?:s|"
    r"ping)?|abduct(?:s|ing)?|acquir(?:es?|ing)|acquisition|captur(?:es?|ing)|"
    r"dispos(?:es?|al|ing)|buy(?:s|ing)?|sell(?:s|ing)?|sale|purchas(?:es?|ing)|hir(?:es?|ing)|maintenance|"
    r"induc(?:es?|ing)|caus(?:es?|ing)|coerc(?:es?|ing)|offer(?:s|ing)?|employ(?:s|ing)?|"
    r"keep(?:s|ing)?|forc(?:es?|ing)|requir(?:es?|ing)|arrang(?:es?|ing)|facilitat(?:es?|ing)|traffic(?:s|"
    r"king)?|us(?:es?|ing)|deceiv(?:es?|ing)|plac(?:es?|ing)|subject(?:s|ing)?|compel(?:s|ling)?|shelter(?:s|"
    r"ing)?|import(?:s|ing)?|export(?:s|ing)?|exploit(?:s|ing)?|moves?|moving|exchang(?:es?|ing))"
)
ACT = rf"(?:{STRONG}|{WEAK})"
THING = r"(?:\s++(?:V\b|him|her|them|(?:an?|the|another|any|such)\s++(?:other\s++)?(?:person|individual|child|victim)))?"
JOIN = (
    rf"(?:{THING}\s*,\s*(?:or\s++|and\s++)?(?:attempts?\s++to\s++|otherwise\s++|successfully\s++|knowingly\s++|the\s++)?|"
    rf"{THING}\s++(?:or|and)\s++(?:attempts?\s++to\s++|otherwise\s++|the\s++)?|\s*/\s*)"
)
ACTS = re.compile(rf"\b(?:attempts?\s++to\s++)?{ACT}\b(?:{JOIN}{ACT}\b)*", re.IGNORECASE)
IS_STRONG = re.compile(rf"\b{STRONG}\b", re.IGNORECASE)
OBJECT = re.compile(
    r"\s++(?:of\s++|in\s++)?(?:any\s++|an?\s++|the\s++|another\s++|other\s++)*(?:persons?|individuals?|child(?:ren)?|"
    r"human\s++beings?|wom[ae]n|girls?|minors?|people|slaves?|victims?)\b",
    re.IGNORECASE,
)
# The rest of a list of acts whose words are none of those above, as far as "or …" with the person or "by whatever means" behind it.
PARTICLE = r"(?:\s++(?:away|in|off|on|out|over|up)\b)?+"
REST = re.compile(
    rf"(?:\s*+,\s*+(?!(?:and|by|for|or|that|to|which|who|with)\b)(?:the\s++)?+\w++{PARTICLE}){{0,8}}+(?:\s*+,)?+\s++(?:and|or)\s++(?:the\s++)?+\w++{PARTICLE}",
    re.IGNORECASE,
)
WHATEVER = re.compile(r"(?:\s*+,)?+\s++by\s++(?:any|whatever)\s++means\b", re.IGNORECASE)
CONTROL = re.compile(
    r"\s*+,?\s*+or\s++exercis\w+\s++control,?\s++[^,;]{0,30}?(?:or\s++)?influence\s++over\s++the\s++movements?\s++of\s++"
    r"(?:a|another|any|the)\s++person",
    re.IGNORECASE,
)

METHOD = (
    r"(?:threats?|use\s++of\s++(?:force|threats?|coercion|violence)|force|fraud|deception|coercion|abduction|"
    r"kidnapping|intimidation|abuse|violence|inducement|deceit|duress|undue\s++influence|false)"
)
MEANS = re.compile(
    r"\b(?:(?:by|through)\s++(?:any\s++(?:one\s++or\s++more\s++)?of\s++the\s++following\s++)?means\s++of\s++|through\s++|"
    r"by\s++(?:means\s++of\s++)?|by\s++(?:making\s++)?use\s++of\s++|using\s++|uses\s++|under\s++(?=the\s++menace)|if\s++|"
    r"use\s++(?=coercion))"
    r"(?P<span>(?:the\s++|a\s++|any\s++)?(?:use\s++or\s++threatened\s++use\s++of\s++|use\s++of\s++|"
    rf"threat(?:ened)?\s++(?:or\s++|of\s++)|giving\s++|physical\s++)?{METHOD}\b[^;:]*?)"
    r"(?=\s*,?\s++(?:for\s++(?:the\s++)?purposes?\b|for\s++(?:labou?r|compelled|exploit)|with\s++(?:the\s++)?intent|"
    r"to\s++(?:compel|cause|engage|be|work|provide|perform|have)|in\s++order\s++to|will\s++be|shall\b|commits\b|"
    r"is\s++guilty|or\s++in\s++which|such\s++as)|\s*[;:.—]|\s*+,?\s*+$|,\s++(?:commits|shall|is|recruits?|"
    r"or\s++in\s++which)\b)",
    re.IGNORECASE,
)
ANY_MEANS = re.compile(r"\bby\s++(?:any|whatever)\s++means\b(?!\s++of)", re.IGNORECASE)
INDUCED = re.compile(
    r"\b(?:induced\s++by\s++(?=force)|(?=under\s++the\s++menace\s++of))(?P<span>[^;:.]*?)(?=\s*,\s++or\s++in\s++which|"
    r"\s++and\s++for\s++which|\s*[;:.]|$)",
    re.IGNORECASE,
)
AIM = (
    r"(?:for\s++(?:the\s++)?(?:primary\s++|sole\s++)?purposes?\s++of\s++|with\s++(?:the\s++|"
    r"an\s++)?intent(?:ion)?\s++(?:to\s++|of\s++|that\s++)|with\s++a\s++view\s++to\s++(?:his\s++|her\s++|their\s++)?|"
    r"with\s++the\s++aim\s++of\s++|in\s++order\s++to\s++)(?!(?:this|the\s++present|sub-?sections?|sections?|"
    r"paragraphs?|articles?|part|chapter)\b)"
)
PURPOSE = re.compile(
    rf"\b{AIM}(?P<span>[^;:]+?)(?=\s*+(?:,\s*+(?:shall|is|commits|by\s++means|by\s++any|by\s++one|by\s++whatever|"
    r"by\s++(?:the\s++)?(?:use|threat)|through|has|have|knowing|whether|either|has\s++been|is\s++guilty|"
    r"and\s++in)\b|(?<=\s)(?:shall|is\s++guilty|commits|becomes|constitutes|knowing|is\s++liable|through\s++the\s++use|"
    r"by\s++means|by\s++the\s++use)\b|[;:.—](?:\s|$)|,?\s*+$))",
    re.IGNORECASE,
)
FORMS = (
    r"(?:exploit\w*|prostitut\w*|slave\w*|servitude|forced\s++(?:or\s++compulsory\s++)?(?:labou?r|services?)|"
    r"compelled\s++labou?r|(?:labou?r|services)\b|commercial\s++sex\w*|peonage|debt\s++bondage|organs?\b|sexual|"
    r"brothel|pornograph\w*|traffick\w*|marriage|immoral\s++purposes|begging|illegal\s++activit\w*)"
)
FORM = re.compile(rf"\b{FORMS}", re.IGNORECASE)
WITHOUT_AIM = re.compile(
    r"\b(?:person\s++will\s++be\s++(?:subjected\s++to|caused\s++to)|will\s++be\s++caused(?:\s++as\s++a\s++result)?\s++to|"
    r"subjected\s++to|for(?=\s++(?:labou?r\s++or\s++services|compelled|forced))|caus\w+\s++(?:a|the|"
    r"another)\s++person\s++to|to\s++(?=(?:engage\s++in|carry\s++on|participate\s++in|perform|provide)\s)|"
    r"(?:child|person|individual|another|minor|wom[ae]n|girl)(?:\s*\([^)]*\))?\s++(?:in(?:to)?|for|to\s++a\s++condition\s++of|to)|into)\s++"
    r"(?P<span>(?:engage\s++in\s++)?[^;:,]+?)(?=\s++(?:through|by|knowing|or\s++in\s++which|"
    r"and\s++the\s++circumstances|in\s++violation|shall|commits|is\s++guilty)\b|\s*[;:,.]|\s*$)",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"(?P<inline>\b(?:whether\s++with\s++or\s++without|with\s++or\s++without|even\s++with)\s++(?:his\s++|her\s++|"
    r"their\s++|the\s++)?(?:or\s++her\s++)?consent(?:\s++of\s++(?:the\s++|that\s++)?(?:person|victim))?)|"
    r"(?P<sentence>(?:\b(?:the|any|no)\s++)?\bconsent\b[^.;]{0,400}?\b(?:irrelevant|immaterial|"
    r"not\s++(?:be\s++)?(?:a\s++)?(?:relevant|defen[cs]e|material|valid)|no\s++defen[cs]e|is\s++valid|"
    r"invalid)\b[^.;]{0,1000})|"
    r"(?:not\s++(?:be\s++)?a\s++defen[cs]e|no\s++defen[cs]e|irrelevant|immaterial|"
    r"not\s++relevant)\b[^.;]{0,400}?\b(?P<clause>(?:the\s++|that\s++the\s++|"
    r"whether\s++the\s++)?[^.;,]{0,80}?\bconsent(?:ed|s)?\b[^.;]{0,400}?)(?=\s++or\s++that\b|[.;]|$)",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"(?P<age>\b(?:the|that|such|a)\s++(?:person|individual|victim|child|"
    r"minor)\b[^.;,]{0,60}?\b(?:has\s++not\s++attained|under|below|less\s++than)\s++(?:the\s++age\s++of\s++)?(?:\d+|"
    r"eighteen|sixteen)(?:\s++years)?(?:\s++of\s++age)?)|"
    r"(?P<rule>\b(?:the\s++)?(?:recruitment|procur\w+|"
    r"transport\w+)[^.;]{0,160}?\bof\s++a\s++child\b[^.;]{0,400}?\b(?:shall|is\s++to|must|constitutes?|"
    r"amounts?)\b[^.;]{0,400}?\b(?:even\s++if|even\s++(?:though|where)|regardless|irrespective|"
    r"whether\s++or\s++not)\b[^.;]{0,1000})|"
    r"(?P<proof>\b(?:prosecution|it)\b[^.;]{0,40}?\b(?:need\s++not|may\s++not|not\s++(?:be\s++)?(?:necessary|"
    r"required))\b[^.;]{0,30}?\bprove\b[^.;]{0,400}?(?:coercion|means|force)[^.;,]*?)(?=\s++and\s++the\b|[.;]|$)|"
    r"(?P<even>\beven\s++if\s++(?:this\s++does\s++not\s++involve|none\s++of)\b[^.;]{0,1000})",
    re.IGNORECASE,
)
EXPLOITATION_TERM = re.compile(
    r"(?:sexual\s++|labou?r\s++)?(?:exploitation|exploits?)|practices?\s++similar\s++to\s++slavery|"
    r"compelled\s++labou?r|forced\s++labou?r\s++or\s++services",
    re.IGNORECASE,
)
TRAFFICKS = re.compile(r"traffic(?:k?s|king)(?:\s++in\s++(?:persons|human\s++beings|people))?|human\s++trafficking", re.IGNORECASE)
OPENS_MEANS = re.compile(
    r"\b(?:by(?:\s++means\s++of)?(?:\s++(?:any|one\s++or\s++more)\s++of\s++the\s++following(?:\s++means)?)?|"
    r"following\s++means|means\s++of|another\s++person\s++who|"
    r"through(?:\s++any\s++of\s++the\s++following)?)\s*+[:—–-]*+\s*+$",
    re.IGNORECASE,
)
OPENS_PURPOSE = re.compile(
    r"\b(?:for\s++(?:the\s++)?purposes?\s++of(?:\s++(?:any\s++of\s++)?the\s++following)?|"
    r"with\s++(?:the\s++)?intent(?:ion)?\s++(?:to|of)|with\s++a\s++view\s++to|purposes?)\s*+[:—–-]*+\s*+$",
    re.IGNORECASE,
)
MARK = re.compile(r"\s*(?:(?:\(?\w{1,5}[.)]|–|—|-|•)\s*)*")
NO_OFFENCE = re.compile(
    r"\b(?:training|measures|services\s++to|assist(?:ance)?|programmes?|programs?|cooperat\w+|prevent(?:ion)?|"
    r"awareness|data|carriers?|information|policies|efforts|report)\b",
    re.IGNORECASE,
)


OFFENCE = re.compile(
    r"\b(?:who(?:ever|soever)?\b|any\s++person|a\s++person|every\s++person|it\s++is\s++unlawful|unlawful\s++for|"
    r"commits?\s++an?\s++(?:offen[cs]e|felony|crime)|guilty|criminali[sz]ed|"
    r"criminal\s++offen[cs]es?|offen[cs]es?\b|intentional\s++conducts?|shall\s++be\s++(?:punish|fined|liable))",
    re.IGNORECASE,
)
PERSONS = r"(?:persons?|individuals?|child(?:ren)?|human\s++beings?|wom[ae]n|girls?|minors?|another|people|him|her|them)"
SPECIAL_ACTS = re.compile(
    r"\b(?:exacted\s++from\s++(?:any|a|the)\s++person|"
    r"(?:the\s++)?exercise\s++of\s++any\s++or\s++all\s++of\s++the\s++powers\s++attaching\s++to\s++the\s++right\s++of\s++"
    r"ownership\s++over\s++(?:a|the)\s++person)\b",
    re.IGNORECASE,
)
BEFORE_ACT = (
    rf"(?:^{MARK.pattern}(?:(?:the\s++person|he\s++or\s++she|he|they)\s++)?|"
    r"\bwho(?:ever)?\s++(?:\w+ly,?\s++(?:or\s++)?)*|\b(?:knowingly|intentionally|recklessly)\s++(?:to\s++)?|"
    rf"\bunlawful\s++for\s++[^.;]{{1,60}}?\bto\s++|"
    r"(?:coercion|deception|fraud|force|threats?)(?:[^.;]{0,20})?\s++to\s++|\b(?:when|if|where)\s++(?:the|that|such|a)\s++person\s++)"
)
EXPLOITING = re.compile(
    rf"{BEFORE_ACT}(?P<act>(?:sexually\s++)?(?:attempts?\s++to\s++)?(?P<verb>{ACT})\b(?:{JOIN}(?:attempts?\s++to\s++)?{ACT}\b)*"
    r"(?:\s++(?:of\s++|in\s++)?(?:any\s++|an?\s++|the\s++|another\s++|other\s++|"
    rf"such\s++)*{PERSONS}\b(?:\s++\([^)]*\)\s++years\s++of\s++age\s++or\s++older)?(?!\s++who)|(?<=exploits)))",
    re.IGNORECASE,
)
COMPELLING = re.compile(r"(?:compel|forc|caus|coerc|subject)", re.IGNORECASE)
CORE = re.compile(
    r"\b(?:exploitation|exploits?|exploited|exploiting|prostitution|slavery|slave|servitude|"
    r"forced\s++(?:or\s++compulsory\s++)?(?:labou?r|services?)|compelled\s++labou?r|labou?r\s++or\s++services|"
    r"commercial\s++sex\w*(?:\s++\w+)?|peonage|debt\s++bondage|pornographic\s++performances?|sexual\s++(?:servitude|"
    r"intercourse|activit\w*)|organs?|brothel)\b",
    re.IGNORECASE,
)
NOT_CONSENTED = re.compile(
    r"\bfor\s++which\s++(?:the|"
    r"that)\s++(?:said\s++)?person\s++has\s++not\s++offered\s++\w+(?:\s++or\s++\w+)?\s++voluntarily|"
    r"\bthe\s++court\s++(?:may|shall)\s++not\s++consider\s++the\s++consent\b[^.;]{0,1000}",
    re.IGNORECASE,
)
INDUCED_ACT = re.compile(
    r"\b(?:a|any)\s++(?P<span>commercial\s++sex(?:ual)?\s++(?:act|activity|services?))\s++(?:is|was|are)\s++induced\b", re.IGNORECASE
)
OPENS_CONSENT = re.compile(
    r"\b(?:irrelevant|immaterial|not\s++(?:be\s++)?(?:a\s++)?(?:relevant|defen[cs]e))\b[^.;]{0,60}[:—–-]\s*$", re.IGNORECASE
)
UNFREE = re.compile(r"traffick|slave|servitude|forced|bondage|enslavement|peonage", re.IGNORECASE)
A_CHILD = re.compile(
    r"\s++(?:of\s++)?(?P<span>(?:an?|any)\s++(?:child|minor|individual\s++(?:less\s++than|under|below)[^.;,]{0,40}?years(?:\s++of\s++age)?))\b",
    re.IGNORECASE,
)
MINOR = re.compile(
    r"\ban?\s++(?:individual|person|minor)\s++(?:who\s++is\s++)?(?:less\s++than|under|"
    r"below)\s++(?:the\s++age\s++of\s++)?\w+(?:\s++\(\d+\))?\s++years(?:\s++of\s++age)?",
    re.IGNORECASE,
)
NOT_ITEM = re.compile(r"(?:commits?|shall|is\s++guilty|is\s++liable|and|or)\b", re.IGNORECASE)
