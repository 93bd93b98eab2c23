"""What a user would type into a keyword alert for a topic: names in every script, and words for the thing itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from monitor.language.gazetteer import Gazetteer
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
}


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
    people = topic.pair or topic.subjects
    named = [bool(_pattern(_names(gazetteer, person)).search(folded)) for person in people]
    found = all(named) if topic.pair else any(named) or not people
    if found and (setting.query is Query.NAMES_AND_WORDS or not people):
        return bool(_pattern(tuple(WORDS.get(topic.frame, ()))).search(folded))
    return found


@cache
def _names(gazetteer: Gazetteer, person: str) -> tuple[str, ...]:
    """All full names, and the family name where it is long enough to be typed alone and nobody else known bears it."""
    known = gazetteer.people[person]
    names = [name for spellings in known.names.values() for name in spellings]
    family = known.family or ""
    if len(family) >= ALONE and _families(gazetteer)[family.casefold()] == 1:
        names += [family, *(name for spellings in known.short.values() for name in spellings)]
    return tuple(dict.fromkeys(names))


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
