"""Which language a text is in, by its script and, among those that share one, by py3langid."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from functools import lru_cache

from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from monitor.language.folding import is_hangul, is_wide

ISO = frozenset(str(code) for code in Locale("en").languages if len(str(code)) == 2)  # ISO 639-1, as CLDR has it
SUPPORTED = ("de", "en", "es", "fr", "ja", "ko", "ru", "zh")
_SHORTEST = 30  # characters; below it a guess among Latin scripts is worth nothing (measured for py3langid)
_ENOUGH = 600  # characters; more of them cost more and change no guess (181 real pages)
_LETTERS = string.ascii_letters.encode()
_ASCII = re.compile("[\x00-\x7f]+")
_SHORT = 100  # characters; below it only the languages that we read are guessed among
_LATIN = ("de", "en", "es", "fr")
# Small words of English that no other language below has. Where a text has some of them its language is plain, and to
# classify it costs a hundred times as much (2,200 real texts in eleven languages: no guess changes).
_ENGLISH = frozenset(
    "the that with from this which would could should their they there these who whose its when what where after been "
    "because through while against between said into about only other them you your years first".split()
)
_PLAINLY = 3
_MORE_LATIN = (
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "no",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "tr",
    "id",
    "ms",
    "vi",
    "hr",
    "az",
)


def language_of(text: str, hint: str | None = None) -> str | None:
    """ISO 639-1 code, or None when it can't be told. `hint`, what the source says, wins unless the script differs."""
    sample = text[:2000]
    hint = _code(hint)
    scripts = _scripts(sample)
    hangul, kana, han = scripts["hangul"], scripts["kana"], scripts["han"]
    cyrillic, latin, other = scripts["cyrillic"], scripts["latin"], scripts["other"]
    wide = hangul + kana + han
    if wide * 3 > latin and wide:
        if hangul * 2 > wide:
            return "ko"
        return "ja" if kana * 8 > wide else _or_hint(hint, ("zh", "ja"), "zh")
    if cyrillic > latin:
        return _or_hint(hint, ("ru", "uk", "bg", "sr", "be", "kk", "mn", "mk"), "ru")
    if other > latin:
        return hint if hint not in SUPPORTED else None
    if hint and hint not in ("ko", "zh", "ja", "ru"):
        return hint
    if latin < _SHORTEST:
        return hint if hint and not wide else None
    sample = sample[:_ENOUGH]
    if len(_ENGLISH.intersection(sample.lower().split())) >= _PLAINLY:
        return "en"
    return _classify(sample)


def _scripts(sample: str) -> Counter[str]:
    """How many characters of each script there are."""
    plain = sample.encode("ascii", "ignore")
    counts: Counter[str] = Counter(latin=len(plain) - len(plain.translate(None, _LETTERS)))
    for character, count in Counter(_ASCII.sub("", sample)).items():
        counts[_script_of(character)] += count
    return counts


@lru_cache(maxsize=20_000)
def _script_of(character: str) -> str:
    if is_hangul(character):
        return "hangul"
    if is_wide(character):
        return "kana" if ord(character) < 0x3100 else "han"
    if "\u0400" <= character <= "\u04ff":
        return "cyrillic"
    if not character.isalpha():
        return ""
    return "latin" if "LATIN" in unicodedata.name(character, "") else "other"


def _code(hint: str | None) -> str | None:
    """ISO 639-1 code in what a source says ("EN", "zh-TW", "german"), if there is one."""
    match = re.match(r"([a-z]{2})(?:[-_]|$)", (hint or "").strip().lower())
    return match.group(1) if match and match.group(1) in ISO else None


def _or_hint(hint: str | None, allowed: tuple[str, ...], otherwise: str) -> str:
    return hint if hint and hint in allowed else otherwise


@lru_cache(maxsize=2)
def _identifier(short: bool) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)  # 4.5 MB, at first use
    identifier.set_languages(_LATIN if short else (*_LATIN, *_MORE_LATIN))
    return identifier


def _classify(sample: str) -> str | None:
    code, _ = _identifier(len(sample) < _SHORT).classify(sample)
    return str(code)
