"""The forms of French, Spanish and German verbs, so that a lexicon need only name the verb.

A verb is written as its infinitive, where it is irregular followed by its principal parts, then by words that belong
to it; between verb and words a few others may stand:

    fr  infinitive/present/participle/future            "se rendre", "prendre/prend|prennent/pris/prendra l'avion"
    es  infinitive/present/preterite/participle/future  "reunirse/reúne|reúnen", "volver/vuelve|vuelven//vuelto a casa"
    de  infinitive/present/preterite/participle         "ein|treffen/trifft/traf/getroffen": "|" parts the prefix

A part left empty is regular; "-" means that the form is not wanted, since it is another word as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from monitor.language.japanese import japanese
from monitor.language.korean import korean

Forms = Iterator[tuple[str, str]]  # form of an action, pattern

_BETWEEN = r"(?: [^\s,;:]+){0,6}? "  # words between a verb and what belongs to it
_WITHIN = r"(?: [^\s,;:]+){0,14}? "  # words between a German verb and its prefix
_CLOSES = r"(?=\s*(?:[.,;:!?)\"]|$|und |oder |sowie |wie |als |um |[-–—] ))"  # "ein" there is a prefix, no article


def _parts(verb: str, count: int) -> tuple[list[str], str]:
    """The principal parts, "" where regular, and the words that belong to the verb."""
    reflexive = re.match(r"se |s'", verb)
    head = reflexive.group() if reflexive else ""
    parts, _, tail = verb[len(head) :].partition(" ")
    found = (parts.split("/") + [""] * count)[:count]
    return [head + found[0], *found[1:]], tail


def _joined(*words: str) -> str:
    return f"(?:{'|'.join(word for word in words if word)})"


# ---- French -------------------------------------------------------------------------------------------------------

_FR_ADVERB = (
    r"(?: (?:\w+ment|aussi|bien|déjà|enfin|donc|encore|ensuite|même|d'ores et déjà|pas|à son tour|ainsi|depuis|hier|"
    r"jamais|toutefois|tous deux|elle-même|lui-même|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)){0,2} "
)
_FR_HAVE = (
    r"(?:a|ont|ait|aient|aurait|auraient|avait|avaient|"
    r"est|sont|soit|serait|seraient|était|étaient|après (?:avoir|être))"
)
_FR_BE = r"(?:s'est|se sont|se soit|se serait|se seraient|s'était|s'étaient|après s'être)"


def french(verb: str) -> Forms:
    """The forms of a French verb."""
    (infinitive, present, participle, future), words = _parts(verb, 4)
    reflexive = re.match(r"se |s'", infinitive)
    bare = infinitive[reflexive.end() :] if reflexive else infinitive
    clitic = "(?:se |s')" if reflexive else ""
    tail = _BETWEEN + words if words else ""
    finite, past, simple, ing = _french_stems(bare)
    participle = participle or past
    stem = (future or (bare if not bare.endswith("re") else bare[:-1]) + "a")[:-1]
    have = _FR_BE if reflexive else _FR_HAVE
    yield "past", f"{have}{_FR_ADVERB}(?:été )?{_joined(participle)}(?:es|e|s)?{tail}"
    yield "past", f"(?:vient|viennent|venait) (?:tout juste |à peine )?d(?:e |'){clitic}{bare}{tail}"
    if simple:
        yield "past", f"{clitic}{simple}{tail}"
    if present != "-":
        yield "present", f"{clitic}{_joined(present or finite)}{tail}"
        yield "ing", f"(?:en )?{clitic}{ing}{tail}"
    yield "future", f"{clitic}{stem}(?:a|ont|ait|aient){tail}"
    yield "base", f"{clitic}{bare}{tail}"
    if wished := _french_subjunctive(bare, present):
        yield "base", f"{clitic}{wished}{tail}"


_FR_WISHED = {"aller": "aille", "venir": "vienne", "faire": "fasse", "être": "soit", "prendre": "prenne"}


def _french_subjunctive(bare: str, present: str) -> str:
    """The third persons of the present subjunctive, where they are not those of the indicative: "se rende"."""
    if bare in _FR_WISHED:
        return f"{_FR_WISHED[bare]}(?:nt)?"
    plural = present.split("|")[-1] if "|" in present else "" if present else _french_stems(bare)[0].split("|")[-1]
    return f"{plural[:-2]}(?:nt)?" if plural.endswith("ent") and not bare.endswith("er") else ""


def _french_stems(infinitive: str) -> tuple[str, str, str, str]:
    """Regular present, past participle, simple past and present participle of an infinitive."""
    stem = infinitive[:-2]
    if infinitive.endswith("er"):
        soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
        return f"{stem}e|{stem}ent", f"{stem}é", f"(?:{soft}a|{stem}èrent)", f"{soft}ant"
    if infinitive.endswith("ir"):
        return f"{stem}it|{stem}issent", f"{stem}i", f"{stem}irent", f"{stem}issant"
    return f"{stem}|{stem}ent", f"{stem}u", "", f"{stem}ant"


# ---- Spanish ------------------------------------------------------------------------------------------------------

_ES_HAVE = r"(?:ha|han|haya|hayan|había|habían|habría|habrían|tras haber|después de haber)(?: ya)?"
_ES_BE = r"(?:fue|fueron|es|son|ha sido|han sido|queda|quedó|quedan|quedaron)"


def spanish(verb: str) -> Forms:
    """The forms of a Spanish verb."""
    (infinitive, present, preterite, participle, future), words = _parts(verb, 5)
    reflexive = infinitive.endswith("se")
    bare = infinitive[:-2] if reflexive else infinitive
    clitic = "se (?:lo |la )?" if reflexive else ""
    tail = _BETWEEN + words if words else ""
    finite, simple, past, ing = _spanish_stems(bare)
    stem = (future or bare + "á")[:-1]
    participle = participle or past
    yield "past", f"{clitic}{_joined(preterite or simple)}{tail}"
    yield "past", f"{clitic}{_ES_HAVE} {participle}{tail}"
    yield "past", f"acaban? de {bare}{'se' if reflexive else ''}{tail}"
    if not reflexive:
        yield "past", f"{_ES_BE} {participle[:-1]}[oa]s?{tail}"
    if present != "-":
        yield "present", f"{clitic}{_joined(present or finite)}{tail}"
        yield "ing", f"{clitic}{ing}(?:se)?{tail}"
    yield "future", f"{clitic}{stem}(?:á|án|ía|ían){tail}"
    yield "base", f"{bare}{'(?:se)?' if reflexive else ''}{tail}"
    for wished in _subjunctive(bare, "" if present == "-" else present):
        yield "base", f"{clitic}{wished}{tail}"


def _spanish_stems(infinitive: str) -> tuple[str, str, str, str]:
    """Regular present, preterite, past participle and gerund of an infinitive."""
    stem = infinitive[:-2]
    if infinitive.endswith("ar"):
        return f"{stem}a|{stem}an", f"{stem}ó|{stem}aron", f"{stem}ado", f"{stem}ando"
    return f"{stem}e|{stem}en", f"{stem}ió|{stem}ieron", f"{stem}ido", f"{stem}iendo"


_IRREGULAR = {"ir": "vaya", "estar": "esté", "ver": "vea", "dar": "dé", "ser": "sea", "hacer": "haga"}
_WITH_G = ("tener", "poner", "salir", "venir")


def _subjunctive(bare: str, finite: str) -> Iterator[str]:
    """The third persons of the present subjunctive of an infinitive; `finite`: its presents, "reúne|reúnen"."""
    if bare in _IRREGULAR:
        yield f"{_IRREGULAR[bare]}n?"
        return
    if bare.endswith(_WITH_G):
        yield f"{bare[:-2]}gan?"
        return
    ar = bare.endswith("ar")
    presents = [form[:-1] for form in finite.split("|") if form.endswith(("a", "e"))]
    for root in sorted({_spelled(root, ar=ar) for root in (bare[:-2], *presents)}):
        yield f"{root}{'e' if ar else 'a'}n?"


def _spelled(root: str, *, ar: bool) -> str:
    """The root before an ending of the other class: lleg- → llegu-, aterriz- → aterric-, acog- → acoj-."""
    changes = (("g", "gu"), ("c", "qu"), ("z", "c")) if ar else (("gu", "g"), ("g", "j"), ("c", "zc"))
    for end, other in changes:
        if root.endswith(end):
            return root[: -len(end)] + other
    return root


# ---- German -------------------------------------------------------------------------------------------------------

_DE_HAVE = r"(?:hat|haben|habe|hatte|hatten|ist|sind|sei|wird|werden|wurde|wurden)"
_NO_GE = ("be", "emp", "ent", "er", "ge", "ver", "zer", "wider", "über", "unter")  # prefixes that keep "ge" away


def german(verb: str) -> Forms:
    """The forms of a German verb."""
    (infinitive, present, preterite, participle), words = _parts(verb, 4)
    prefix, _, base = infinitive.rpartition("|")
    lead = (
        f"(?:{words} (?:[^\\s,;:]+ ){{0,4}}?)" if words else ""
    )  # "Abschied nehmen": what belongs to it stands before
    finite, simple, past = _german_stems(base)
    now = _joined(present or finite, base, base[:-2] + "e" if base.endswith("en") else "") if present != "-" else ""
    then = f"{_joined(preterite or simple)}(?:en|n)?"
    done = participle or past
    if prefix:
        closing = f"{_WITHIN}{prefix}{_CLOSES}"
        yield "past", f"{then}{closing}"
        yield "past", f"{prefix}{then}"
        yield "past", f"{prefix}{done}"
        if now:
            yield "present", f"{now}{closing}"
            yield "present", f"{prefix}{_joined(present or finite)}"
        yield "base", f"{prefix}(?:zu)?{base}"
        return
    tail = _WITHIN + words if words else ""
    yield "past", f"{then}{tail}"
    if done in (present or finite).split("|"):  # "besucht" is both: the auxiliary tells
        yield "past", f"{_DE_HAVE}{_WITHIN}{lead}{done}"
        yield "past", f"{lead}{done} (?:hat|haben|habe|hatte|worden|wurde)"
    else:
        yield "past", f"{lead}{done}"
    if now:
        yield "present", f"{_joined(present or finite)}{tail}"
    yield "base", f"{lead}(?:zu )?{base}"


_DE_LINKED = re.compile(r"(?:[td]|(?:ch|[bdfgkpsvz])[nm])$")  # "arbeitet", "unterzeichnete", "begegnete"


def _german_stems(infinitive: str) -> tuple[str, str, str]:
    """Regular present, preterite and past participle of an infinitive."""
    stem = infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]
    link = "e" if _DE_LINKED.search(stem) else ""
    ge = "" if infinitive.endswith("ieren") or stem.startswith(_NO_GE) else "ge"
    return f"{stem}{link}t", f"{stem}{link}te", f"{ge}{stem}{link}t"


INFLECTED: Mapping[str, Callable[[str], Forms]] = {
    "fr": french,
    "es": spanish,
    "de": german,
    "ja": japanese,
    "ko": korean,
}
