"""Which candidates are statements, and of what type, strength and bearer: linear models, within what the rules leave open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.linear import Linear, load_linear
from nlp.statements.bearers import Subject
from nlp.statements.candidates import Candidate
from nlp.statements.features import DESCRIBING
from nlp.types import StatementType, Strength

WEIGHTS = Path(__file__).parents[2] / "models" / "weights" / "statements" / "models.json"
YES, NO = "yes", "no"
SUBJECT, AGENT, OBJECT, NOBODY = "subject", "agent", "object", "none"


@dataclass(frozen=True, slots=True)
class Judges:
    """The four linear models: is it a statement, its type, its strength, who bears it."""

    accept: Linear
    type: Linear
    strength: Linear
    bearer: Linear


@cache
def load_judges(file: Path = WEIGHTS) -> Judges:
    """The shipped models; raises NoLinearModel."""
    models = load_linear(file)
    return Judges(models["accept"], models["type"], models["strength"], models["bearer"])


def is_statement(judges: Judges, features: tuple[str, ...]) -> bool:
    """Whether the candidate binds, forbids, allows or entitles (codebook section 4), rather than defines, states or supposes.

    What is (not) a defence is no statement (codebook section 6), nor what offenders may do, nor a "may" that only says which thing is
    meant ("information that personnel may acquire"), nor "will" in a plan or fact sheet, which announces (a text that commands by no
    "shall", "must" or "should"); a State that agrees to something is bound wherever it says so.
    """
    seen = set(features)
    if seen >= ANNOUNCING:
        return False
    if DESCRIBING in seen or DEFENCE & seen or {"modal=may", "class=offender", "modal+passive=may+False"} <= seen:
        return False
    if "kind=agree" in seen and "class=state" in seen and "embedded=-" in seen:
        return True
    return judges.accept.probabilities(features)[YES] >= 0.5


ANNOUNCING = frozenset({"kind=modal", "modal+style=will+none", "negated=False"})
DEFENCE = frozenset(f"verb3=be {article} {word}" for article in ("a", "no") for word in ("defence", "defense"))
TYPE_OF_KIND = {
    "nothing": StatementType.EXEMPTION,
    "no_one": StatementType.PROHIBITION,
    "recognize_right": StatementType.RIGHT,
    "undertake": StatementType.OBLIGATION,
    "agree": StatementType.OBLIGATION,
    "duty": StatementType.OBLIGATION,
    "power": StatementType.PERMISSION,
    "authorized": StatementType.PERMISSION,
    "is_to": StatementType.OBLIGATION,
}
# With "not" in the trigger these free someone from a burden (codebook section 6).
BURDENS = frozenset({"required", "obliged", "bound", "obligated", "liable"})
BURDENED = frozenset(f"verb2=be {burden}" for burden in BURDENS)


def type_of(judges: Judges, features: tuple[str, ...], kind: str, trigger: str) -> StatementType:
    """The type of a statement: that of the wording where it leaves no choice, else the likeliest."""
    words = set(trigger.split())
    if "not" in words and (words & BURDENS or BURDENED & set(features)):
        return StatementType.EXEMPTION
    if (kind in TYPE_OF_KIND and "negated=False" in features) or kind in ("nothing", "no_one"):
        return TYPE_OF_KIND[kind]
    return StatementType(judges.type.best(features))


def strength_of(judges: Judges, features: tuple[str, ...], limited: bool) -> Strength:
    """The strength of a statement, from strength features; one whose extent is `limited` is no longer mandatory."""
    best = Strength(judges.strength.best(features))
    return Strength.QUALIFIED if limited and best is Strength.MANDATORY else best


def bearer_of(judges: Judges, features: tuple[str, ...], candidate: Candidate) -> Subject | None:
    """Who bears the statement: the one addressed after the trigger, else the subject or the agent, else nobody."""
    if candidate.object is not None:
        return candidate.object
    choice = judges.bearer.best(features)
    return {SUBJECT: candidate.subject, AGENT: candidate.agent, OBJECT: candidate.object}.get(choice)
