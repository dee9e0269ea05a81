"""Who is meant: the class that a noun phrase names, by its words; None for a thing."""

from __future__ import annotations

from nlp.types import BearerClass as C

PRONOUNS = frozenset("he she they it we i you who whoever those him them".split())
# Single words; the last word of a phrase that is in the table decides, phrases go first.
PHRASES: tuple[tuple[str, C], ...] = (
    ("law enforcement", C.LAW_ENFORCEMENT),
    ("police", C.LAW_ENFORCEMENT),
    ("enforcement officer", C.LAW_ENFORCEMENT),
    ("immigration officer", C.LAW_ENFORCEMENT),
    ("border guard", C.LAW_ENFORCEMENT),
    ("garda", C.LAW_ENFORCEMENT),
    ("attorney general", C.AUTHORITY),
    ("secretary-general of the united nations", C.INTERNATIONAL_BODY),
    ("secretary general of the council", C.INTERNATIONAL_BODY),
    ("conference of the parties", C.INTERNATIONAL_BODY),
    ("committee of the parties", C.INTERNATIONAL_BODY),
    ("committee of ministers", C.INTERNATIONAL_BODY),
    ("meeting of the parties", C.INTERNATIONAL_BODY),
    ("assembly of states", C.INTERNATIONAL_BODY),
    ("united nations", C.INTERNATIONAL_BODY),
    ("international organi", C.INTERNATIONAL_BODY),
    ("high commissioner", C.INTERNATIONAL_BODY),
    ("international labour organi", C.STATE),
    ("non-governmental", C.SERVICE_PROVIDER),
    ("nongovernmental", C.SERVICE_PROVIDER),
    ("civil society", C.SERVICE_PROVIDER),
    ("service provider", C.SERVICE_PROVIDER),
    ("commercial carrier", C.BUSINESS),
    ("commercial organi", C.BUSINESS),
    ("financial institution", C.BUSINESS),
    ("private sector", C.BUSINESS),
    ("recruitment agenc", C.BUSINESS),
    ("contracting part", C.STATE),
    ("state part", C.STATE),
    ("states part", C.STATE),
    ("member state", C.STATE),
    ("united states", C.STATE),
)
WORDS: dict[C, str] = {
    C.STATE: "state states party parties government governments country countries nation nations province provinces signatory",
    C.AUTHORITY: """
        authority authorities minister ministers ministry secretary president administrator director commissioner registrar mayor governor
        department departments agency agencies official officials officer officers board council commission bureau congress parliament
        assembly legislature prosecutor prosecutors district administration inspector controller superintendent coordinator commonwealth
        rapporteur taskforce force group body bodies inspectorate unit service services embassy embassies consulate municipality ombudsman attorney""",
    C.LAW_ENFORCEMENT: "police constable constables gardaí garda investigator investigators customs bailiff sheriff",
    C.COURT: "court courts judge judges magistrate magistrates tribunal tribunals chamber chambers jury bench judiciary presidency registry",
    C.SERVICE_PROVIDER: """
        ngo ngos organization organizations organisation organisations institution institutions provider providers guardian guardians
        professional professionals personnel school schools hospital hospitals shelter shelters counsellor practitioner practitioners
        physician doctor interpreter adviser advisers parents parent recipient grantee grantees family families""",
    C.BUSINESS: """
        business businesses employer employers company companies carrier carriers corporation corporations contractor contractors entity
        entities enterprise owner lessor landlord occupier operator bank banks firm manufacturer seller media""",
    C.OFFENDER: "offender offenders perpetrator perpetrators trafficker traffickers accused defendant convict abuser suspect",
    C.VICTIM: """
        victim victims child children woman women girl girls boy survivor survivors migrant migrants worker workers minor minors refugee
        refugees seeker seekers applicant applicants complainant witness witnesses movant plaintiff prostitute detainee juvenile juveniles""",
    C.INTERNATIONAL_BODY: "committee secretary-general secretariat conference grevio subcommittee depositary unicef unhcr ilo",
    C.ANYONE: """
        person persons individual individuals everyone anyone everybody anybody one people citizen citizens national nationals whoever who
        those someone beings being man men member members chairman chairperson chair candidate candidates representative representatives
        counsel expert experts staff population peoples minority americans alien aliens inhabitants""",
}
BY_WORD: dict[str, C] = {word: kind for kind, row in WORDS.items() for word in row.split()}
OFFENCE = frozenset("guilty punished punishable fined imprisoned liable sentenced offence offense".split())


def class_of(phrase: str) -> C | None:
    """The class that a noun phrase names; None where no word of it is known to name someone."""
    low = phrase.lower()
    for words, kind in PHRASES:
        if words in low:
            return kind
    head = low.split(" of ")[0].split(" for ")[0].split()
    return next((BY_WORD[word] for word in (w.strip(",;()'’\"”“") for w in reversed(head)) if word in BY_WORD), None)


def is_someone(phrase: str) -> bool:
    """Whether the head of a noun phrase names someone who can bear a duty."""
    low = phrase.lower().split()
    return bool(low) and (low[-1] in PRONOUNS or class_of(phrase) is not None)
