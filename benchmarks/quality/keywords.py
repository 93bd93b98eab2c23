"""What a user would type into a keyword alert for a topic: names in every script, and words for the thing itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from babel import Locale

from monitor.language.gazetteer import Gazetteer, Person
from monitor.types import Article, WatchTopic

# As a user would list them, not as the rules have them: the stem that finds the forms, in eight languages.
WORDS = {
    "travel": (
        "visit visits visited visiting trip travel travels traveling travelled traveled arrive arrives arrived arrival "
        "depart departs departed departure train plane journey lands landed "
        "방문 방중 방러 도착 출발 순방 访问 訪問 抵达 抵達 出访 出訪 出发 出發 訪中 訪露 到着 出発 "
        "визит поездк прибы посети отправи besuch reist reise ankunft eingetroffen "
        "visite voyage arriv déplacement quitt visita viaj viaje lleg parti"
    ).split(),
    "attendance": (
        "military parade|victory day parade|army parade|v-day parade|열병식|전승절|阅兵|閱兵|軍事パレード|軍事パレ|"
        "военный парад|военного парада|парад победы|параде победы|параде|militärparade|siegesparade|défilé militaire|"
        "défilé|parade militaire|desfile militar|desfile"
    ).split("|"),
    "talks": (
        "talks meeting meet meets met summit call phone "
        "회담 만나 통화 정상회담 会谈 會談 会晤 會晤 会见 會見 通话 通話 会談 会見 "
        "переговор встреч саммит разговор gespräch treffen gipfel telefon "
        "rencontre entretien sommet téléphon reunión reunion reúne cumbre llamada encuentro"
    ).split(),
    "launch": (
        "launch missile rocket satellite fires fired "
        "미사일 발사 위성 로켓 导弹 導彈 发射 發射 卫星 衛星 火箭 ミサイル 発射 衛星 "
        "ракет запуск спутник rakete satellit start fusée missile satellite lancement tir cohete misil satélite lanza"
    ).split(),
}
LANGUAGES = ("en", "ko", "zh", "zh_Hant", "ja", "ru", "de", "fr", "es")


ALONE = 4  # letters: nobody asks for every Kim, Xi or Li


class Query(StrEnum):
    """How narrow the query is."""

    NAMES = "names"
    NAMES_AND_WORDS = "names and words"


class Place(StrEnum):
    """Where it has to match."""

    TITLE = "title"
    ANYWHERE = "title or text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to set a keyword alert up."""

    query: Query
    place: Place

    def __str__(self) -> str:
        return f"{self.query} in {self.place}"


SETTINGS = tuple(Setting(query=query, place=place) for query in Query for place in Place)


def matches(article: Article, topic: WatchTopic, gazetteer: Gazetteer, setting: Setting) -> bool:
    """Whether the alert would go off."""
    text = article.title if setting.place is Place.TITLE else f"{article.title}\n{article.text}"
    folded = unicodedata.normalize("NFKC", text).casefold()
    search = topic.search
    wanted = topic.pair or topic.subjects or (search.names if search else ())
    words = tuple(word.rstrip("*") for word in search.any) if search else tuple(WORDS.get(topic.frame, ()))
    named = [bool(_pattern(_names(gazetteer, name)).search(folded)) for name in wanted]
    found = all(named) if topic.pair else any(named) or not wanted
    if found and words and (setting.query is Query.NAMES_AND_WORDS or not wanted):
        return bool(_pattern(words).search(folded))
    return found and bool(wanted)


@cache
def _names(gazetteer: Gazetteer, wanted: str) -> tuple[str, ...]:
    """How a person, a country or anything else is called in all languages."""
    if wanted in gazetteer.people:
        names = _of_person(gazetteer, gazetteer.people[wanted])
    elif wanted in gazetteer.countries:
        names = _of_country(wanted, gazetteer.countries[wanted])
    else:
        names = [wanted]
    return tuple(dict.fromkeys(names))


def _of_person(gazetteer: Gazetteer, person: Person) -> list[str]:
    """All full names, and the family name where it is long enough to be typed alone and nobody else known bears it."""
    names = [name for spellings in person.names.values() for name in spellings]
    family = person.family or ""
    if len(family) >= ALONE and _families(gazetteer)[family.casefold()] == 1:
        names += [family, *(name for spellings in person.short.values() for name in spellings)]
    return names


def _of_country(code: str, known: Mapping[str, Any]) -> list[str]:
    """Its names and adjectives."""
    names = [str(Locale.parse(language).territories[code]) for language in LANGUAGES]
    for kind in ("names", "adjectives"):
        names += [name for spellings in known.get(kind, {}).values() for name in spellings]
    return names


@cache
def _families(gazetteer: Gazetteer) -> Counter[str]:
    return Counter(person.family.casefold() for person in gazetteer.people.values() if person.family)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words; where words are parted by blanks, only at the beginning of one."""
    parts = []
    for word in words:
        folded = re.escape(unicodedata.normalize("NFKC", word).casefold())
        parts.append(rf"\b{folded}" if word[:1].isalpha() and ord(word[0]) < 0x1100 else folded)
    return re.compile("|".join(parts) or r"(?!)")
