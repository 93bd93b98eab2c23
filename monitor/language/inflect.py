"""The forms that a name takes in a sentence. Russian declines it, German and English add an s.

Russian: the regular masculine and feminine declensions of names (Rosenthal, «Справочник по правописанию», §§ 149–151);
names that end in о, и, у, э, ы do not change.
"""

from __future__ import annotations

_CASES = range(5)  # genitive, dative, accusative, instrumental, prepositional
_SIBILANT = "жшчщц"
_BACK = "гкх"
_INVARIABLE = "оиуэыеё"


def russian_forms(name: str) -> frozenset[str]:
    """`name` in all cases: all of its words declined, and only the last."""
    words = name.split(" ")
    forms = {name}
    for case in _CASES:
        for last in (_decline(words[-1], case), _decline(words[-1], case, foreign=True)):
            forms.add(" ".join([*words[:-1], last]))
            forms.add(" ".join([*(_decline(word, case) for word in words[:-1]), last]))
    return frozenset(forms)


def _decline(word: str, case: int, *, foreign: bool = False) -> str:
    end = word[-1:].lower()
    if len(word) < 2 or not word[0].isupper() or word.isupper() or end in _INVARIABLE or not "а" <= end <= "я":
        return word
    stem = word[:-1]
    if word.endswith(("ский", "цкий", "ый")) or (
        word.endswith("ий") and len(word) > 4 and word[-3] in _BACK + _SIBILANT
    ):
        return word[:-2] + ("ого", "ому", "ого", "им", "ом")[case]
    if word.endswith("ая") and len(word) > 4:  # the first word of "Экваториальная Гвинея"
        return word[:-2] + ("ой", "ой", "ую", "ой", "ой")[case]
    if end == "й":
        return stem + ("я", "ю", "я", "ем", "и" if word.endswith("ий") else "е")[case]
    if end == "ь":
        return stem + ("я", "ю", "я", "ем", "е")[case]
    if end == "а":
        return stem + ("и" if stem[-1] in _BACK + _SIBILANT else "ы", "е", "у", "ой", "е")[case]
    if end == "я":
        return stem + ("и", "и" if stem[-1] == "и" else "е", "ю", "ей", "и" if stem[-1] == "и" else "е")[case]
    if word.endswith(("ов", "ев", "ёв", "ин", "ын")) and not foreign:  # Путиным, but Цзиньпином
        return word + ("а", "у", "а", "ым", "е")[case]
    return word + ("а", "у", "а", "ем" if end in _SIBILANT else "ом", "е")[case]


_ADJECTIVE_ENDINGS = {
    "ru": (
        "ий",
        "ый",
        "ой",
        "ого",
        "ему",
        "ому",
        "им",
        "ым",
        "ом",
        "ая",
        "ую",
        "ее",
        "ое",
        "ие",
        "ые",
        "их",
        "ых",
        "ими",
    ),
    "de": ("", "e", "er", "en", "em", "es"),
    "fr": ("", "e", "s", "es"),
    "es": ("", "s", "es"),
}


def adjective_forms(adjective: str, language: str) -> frozenset[str]:
    """The forms of an adjective of nationality; Russian ones are given as stems."""
    if language == "ru" and adjective.endswith(("ий", "ый", "ой")):
        adjective = adjective[:-2]
    forms = {adjective + ending for ending in _ADJECTIVE_ENDINGS.get(language, ("",))}
    if language == "es" and adjective.endswith("o"):
        forms |= {adjective[:-1] + ending for ending in ("a", "as", "os")}
    return frozenset(forms)


def city_adjective(city: str) -> str:
    """The German adjective of a city, which does not change: "Moskauer"; "" where it is not simply formed."""
    regular = len(city) > 3 and city.isalpha() and (city[-1] not in "aeiouy" or city.endswith("au"))
    return f"{city}er" if regular and not city.endswith("er") else ""
