"""What the linear models of statements look at: words and shapes around a candidate, as plain strings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.statements.agents import OFFENCE, PRONOUNS, class_of
from nlp.statements.bearers import Subject
from nlp.statements.candidates import Candidate
from nlp.statements.clauses import SUBORDINATORS
from nlp.statements.nouns import DETERMINERS
from nlp.statements.softening import is_hortatory, is_trying, plain_strength, softeners
from nlp.statements.words import COMMANDS, Words
from nlp.types import PassageRole

FEW = 8
DESCRIBING = "describing"
COMMANDING = re.compile(r"\b(?:shall|must|should)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its role, whether it holds a definition, and how its instrument commands (`style_of`)."""

    role: PassageRole
    defines: bool
    style: str


EMBEDDING = frozenset("whether which whom what how where whose who if when unless".split())
NEGATIVE = frozenset({"no", "neither", "none", "nothing", "nobody", "nor"})
EXEMPTING = frozenset(
    """affect prejudice preclude prevent limit restrict derogate impair exclude diminish apply lie required obliged bound liable construed
    interpreted understood taken invoked authorize authorise bear subject relieved held deemed""".split()
)


def phrase(words: Words, subject: Subject) -> str:
    """The words of a noun phrase as written."""
    return words.text[words.starts[subject.first] : words.ends[subject.last - 1]]


def trigger_text(words: Words, candidate: Candidate) -> str:
    """The trigger as written, lower case, with single spaces."""
    return " ".join(words.low[candidate.trigger.first : candidate.trigger.last])


def is_negated(words: Words, candidate: Candidate) -> bool:
    """Whether the trigger or its subject is negative ("shall not", "no person shall")."""
    trigger = candidate.trigger
    if {"not", "never", "cannot", "neither", "no"} & set(words.low[trigger.first : trigger.last]):
        return True
    if trigger.kind in ("no_one", "fronted", "nor", "nothing"):
        return True
    subject = candidate.subject
    inherits = candidate.inherited is not None
    return subject is not None and not inherits and words.low[subject.first] in NEGATIVE


def style_of(texts: Sequence[str]) -> str:
    """How an instrument commands: the commonest of "shall", "must" and "should" in it, "none" where a longer text hardly has them.

    A text of a few passages says too little of itself: it is taken for one that commands with "shall".
    """
    counts = Counter(m.group().lower() for text in texts for m in COMMANDING.finditer(text))
    best, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=("shall", 0))
    if count > 2:
        return best
    return "shall" if len(texts) < FEW else "none"


def features(words: Words, candidates: tuple[Candidate, ...], index: int, place: Place) -> tuple[str, ...]:
    """The features of one candidate."""
    c = candidates[index]
    return (*_of_trigger(words, c, index, candidates), *_of_subject(words, c), *_of_verb(words, c), *_of_place(words, c, place))


def _of_trigger(words: Words, c: Candidate, index: int, candidates: tuple[Candidate, ...]) -> Iterator[str]:
    first = c.trigger.first
    kind, text = c.trigger.kind, trigger_text(words, c)
    modal = words.low[first]
    yield f"kind={kind}"
    yield f"trigger={text if len(text) < 30 else kind}"
    yield f"modal={modal}"
    yield f"negated={is_negated(words, c)}"
    yield f"modal+negated={modal}+{is_negated(words, c)}"
    before, before2 = words.word(first - 1), words.word(first - 2)
    yield f"before={before}"
    yield f"modal+before={modal}+{before}"
    yield f"before2={before2} {before}"
    yield f"modal+before2={modal}+{before2} {before}"
    yield f"after={words.word(c.trigger.last)}"
    yield f"modal+after={modal}+{words.word(c.trigger.last)}"
    yield f"relative={c.clause.relative is not None}"
    if first in words.describing:
        yield DESCRIBING
    yield f"modal+relative={modal}+{c.clause.relative is not None}"
    yield f"joined={c.inherited is not None}"
    same = [x for x in candidates[max(0, index - 3) : index] if words.first[x.trigger.first] == words.first[first]]
    yield f"earlier={min(len(same), 3)}"
    if same:
        yield f"modal+earlier={modal}+{words.low[same[-1].trigger.first]}"
        yield f"earlier_kind={same[-1].trigger.kind}"
    yield f"capital={words.is_capital(first)}"
    bare = not c.clause.parts and c.clause.relative is None
    yield f"bare={bare}"
    yield f"modal+bare={modal}+{bare}"
    embedded = next((words.low[i] for i in range(first - 1, max(c.clause.begin - 1, first - 12), -1) if words.low[i] in EMBEDDING), "-")
    yield f"embedded={embedded}"
    yield f"kind+embedded={kind}+{embedded}"


def _of_subject(words: Words, c: Candidate) -> Iterator[str]:
    modal = words.low[c.trigger.first]
    subject = c.object or c.subject
    if subject is None:
        yield "subject=none"
        yield f"modal+subject={modal}+none"
        return
    text = phrase(words, subject)
    kind = class_of(text)
    head = words.low[subject.head]
    yield f"head={head}"
    yield f"class={kind}"
    yield f"modal+class={modal}+{kind}"
    yield f"modal+head={modal}+{head}"
    if c.verb is not None:
        yield f"modal+class+passive={modal}+{kind}+{c.verb.participle is not None}"
        yield f"class+verb={kind}+{words.low[c.verb.at]}"
        yield f"class+type={kind}+{is_negated(words, c)}+{c.verb.participle is not None}"
    yield f"kind+class={c.trigger.kind}+{kind}"
    yield f"pronoun={head in PRONOUNS}"
    yield f"determiner={words.low[subject.first] if words.low[subject.first] in DETERMINERS else '-'}"
    yield f"length={min(subject.last - subject.first, 6)}"
    yield f"gap={min(c.trigger.first - subject.last, 5)}"
    if c.verb is not None:
        yield f"head+verb={head}+{words.low[c.verb.participle if c.verb.participle is not None else c.verb.at]}"
        yield f"class+passive={kind}+{c.verb.participle is not None}"
    opener = words.word(subject.first - 1)
    yield f"opener={opener}"
    yield f"modal+opener={modal}+{opener}"
    sub = next(
        (
            words.low[i]
            for i in range(subject.first - 1, max(c.clause.begin - 1, subject.first - 12), -1)
            if words.low[i] in SUBORDINATORS or words.low[i] == "that"
        ),
        "-",
    )
    yield f"subordinator={sub}"
    yield f"modal+subordinator={modal}+{sub}"


def _of_verb(words: Words, c: Candidate) -> Iterator[str]:
    modal = words.low[c.trigger.first]
    if c.verb is None:
        yield "verb=none"
        yield f"modal+verb={modal}+none"
        return
    at = c.verb.participle if c.verb.participle is not None else c.verb.at
    verb = words.low[at]
    yield f"verb={verb}"
    yield f"modal+verb={modal}+{verb}"
    yield f"verb2={words.low[c.verb.at]} {words.word(c.verb.at + 1)}"
    yield f"verb3={verb} {words.word(at + 1)} {words.word(at + 2)}"
    yield f"modal+verb2={modal}+{words.low[c.verb.at]} {words.word(c.verb.at + 1)}"
    yield f"passive={c.verb.participle is not None}"
    yield f"modal+passive={modal}+{c.verb.participle is not None}"
    yield f"agent={c.agent is not None}"
    yield f"tag={words.tags[c.verb.at]}"
    yield f"exempting={verb in EXEMPTING}"
    yield f"negated+exempting={is_negated(words, c)}+{verb in EXEMPTING}"
    yield f"negated+verb={is_negated(words, c)}+{verb}"
    yield f"offence={bool(OFFENCE & set(words.low[c.verb.at : c.verb.at + 4]))}"
    yield f"aside={min(c.verb.at - c.trigger.last, 3)}"


def _of_place(words: Words, c: Candidate, place: Place) -> Iterator[str]:
    modal = words.low[c.trigger.first]
    yield f"role={place.role}"
    yield f"modal+role={modal}+{place.role}"
    yield f"defines={place.defines}"
    yield f"modal+defines={modal}+{place.defines}"
    company = len(words.commands) > (modal in COMMANDS)
    yield f"modal+style={modal}+{place.style}"
    yield f"modal+company={modal}+{company}"
    yield f"modal+style+company={modal}+{place.style}+{company}"
    if c.verb is not None:
        yield f"modal+style+passive={modal}+{place.style}+{c.verb.participle is not None}"
    opening = words.low[words.first[c.trigger.first]]
    yield f"sentence={opening}"
    yield f"opens_low={words.text.lstrip()[:1].islower()}"
    yield f"sentence_tag={words.tags[words.first[c.trigger.first]]}"
    yield f"modal+sentence={modal}+{opening}"


def strength_features(words: Words, c: Candidate, end: int) -> tuple[str, ...]:
    """What speaks for a softened statement: the verb, and each softener with the place it stands in; `end` is the end of the action."""
    text = words.text
    trigger = trigger_text(words, c)
    found = [f"trigger={trigger}", f"kind={c.trigger.kind}", f"modal={words.low[c.trigger.first]}", f"hortatory={is_hortatory(trigger)}"]
    if c.verb is None:
        return tuple(found)
    verb_at, stop = words.starts[c.verb.at], words.ends[max(end - 1, c.verb.at)]
    verb = words.low[c.verb.at]
    trying = is_trying(text, verb_at)
    found += [
        f"trying={trying}",
        f"verb={verb}",
        f"trying+verb={trying}+{verb}",
        f"may+verb={words.low[c.trigger.first] == 'may'}+{verb}",
        f"passive={c.verb.participle is not None}",
    ]
    places = (
        ("front", words.starts[words.first[c.trigger.first]], words.starts[c.trigger.first]),
        ("aside", words.ends[c.trigger.last - 1], verb_at),
        ("action", verb_at, stop),
    )
    soft_anywhere = any(softeners(text, a, b) for _, a, b in places[1:])
    found.append(f"plain={plain_strength(trigger, soft_anywhere, trying)}")
    for name, a, b in places:
        soft = softeners(text, a, b)
        found.append(f"{name}={bool(soft)}")
        for s, e in soft:
            phrase = " ".join(text[s:e].lower().split()[:3])
            found += [f"soft={phrase}", f"{name}+soft={phrase}"]
            if name == "action":
                share = (s - a) / max(b - a, 1)
                found.append(f"late={share > 0.5}")
                found.append(f"late+soft={share > 0.5}+{phrase}")
                at = words.at(s)
                found.append(f"set_off={words.word(at - 1) in (',', '(')}")
                found.append(f"ends={e >= b - 2}")
                found.append(f"near={min((at - c.verb.at) // 4, 5)}")
    return tuple(found)
