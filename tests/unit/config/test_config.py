"""topics.yaml, entities.yaml, sources.yaml: what they become, and how what is wrong is answered."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from monitor.commands.vocabulary import vocabulary_of
from monitor.config import Config, load_config, template_dir
from monitor.entities import Parade, Person, Term
from monitor.errors import ConfigError
from monitor.language.gazetteer import load as load_gazetteer
from monitor.topics import Vocabulary
from monitor.types import Backfill, ItemKind, Search, Source, SourceKind, Tier, WatchTopic, Where

VOCABULARY = Vocabulary(
    people=frozenset({"kim-jong-un", "vladimir-putin"}),
    countries=frozenset({"CN", "RU", "NO", "KP"}),
    cities=frozenset({"beijing", "moscow"}),
    bodies=frozenset({"united-nations"}),
    languages=frozenset({"de", "en", "es", "fr", "ja", "ko", "ru", "zh", "it"}),
    parades=frozenset({"victory-day"}),
)
TOPIC = "topics:\n  - {id: t, name: T, frame: travel}\n"
SOURCE = "sources:\n  - {id: s, kind: feed, url: 'https://news.example/rss'}\n"


def load(folder: Path, *, topics: str = TOPIC, sources: str = SOURCE, entities: str | None = None) -> Config:
    """The configuration that these three files make."""
    (folder / "topics.yaml").write_text(topics, encoding="utf-8")
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    if entities is not None:
        (folder / "entities.yaml").write_text(entities, encoding="utf-8")
    return load_config(folder, VOCABULARY)


def wrong(folder: Path, **files: str) -> list[str]:
    """The complaints about these files, one a line, without the folder."""
    with pytest.raises(ConfigError) as caught:
        load(folder, **files)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_a_source_takes_every_field(tmp_path: Path) -> None:
    text = """
sources:
  - id: yonhap-en
    name: Yonhap
    kind: feed
    url: https://news.example/rss
    interval: 1h30m
    language: en
    tier: agency
    fetch_article: yes
    backfill: alert
    time_zone: Asia/Seoul
    allow_private: true
    item_kind: opinion
"""
    assert load(tmp_path, sources=text).sources == (
        Source(
            id="yonhap-en",
            name="Yonhap",
            kind=SourceKind.FEED,
            url="https://news.example/rss",
            interval=timedelta(minutes=90),
            language="en",
            tier=Tier.AGENCY,
            fetch_article=True,
            backfill=Backfill.ALERT,
            time_zone="Asia/Seoul",
            allow_private=True,
            item_kind=ItemKind.OPINION,
        ),
    )


def test_an_archive_path_counts_from_the_file_that_names_it(tmp_path: Path) -> None:
    (source,) = load(tmp_path, sources="sources:\n  - {id: old, kind: archive, path: posts/2025}\n").sources
    assert source.url == str(tmp_path / "posts" / "2025")


def test_topics_become_watch_topics(tmp_path: Path) -> None:
    text = """
topics:
  - {id: kim, name: Kim, frame: travel, subjects: [kim-jong-un], objects: [NO, CN], channel: "#desk"}
  - {id: p, name: P, frame: attendance, subjects: [guest-list], objects: [beijing-2025-09-03, victory-day]}
  - {id: k, name: K, frame: talks, pair: [vladimir-putin, kim-jong-un], objects: [phone, RU], muted_stages: [possible]}
"""
    kim, parade, talks = load(tmp_path, topics=text).topics
    assert kim == WatchTopic(
        id="kim", name="Kim", frame="travel", subjects=("kim-jong-un",), objects=("NO", "CN"), channel="#desk"
    )
    assert parade.objects == ("beijing-2025-09-03", "victory-day")
    assert (talks.pair, talks.muted_stages) == (("vladimir-putin", "kim-jong-un"), ("possible",))


def test_a_topic_without_a_frame_is_an_open_one(tmp_path: Path) -> None:
    text = """
topics:
  - id: rare-earths
    name: Rare earths
    any: [rare earths, 희토류, редкоземельн*, 5]
    all: [export*, [China, 中国]]
    none: [horoscope]
    names: [kim-jong-un, Ursula von der Leyen, NO]
    languages: [en, zh]
    where: lead
    meaning: New limits on the export of rare earths.
    window: 36h
    channel: "#desk"
  - {id: plain, name: Plain, any: [gallium]}
"""
    topic, plain = load(tmp_path, topics=text).topics
    assert topic == WatchTopic(
        id="rare-earths",
        name="Rare earths",
        frame="",
        channel="#desk",
        search=Search(
            any=("rare earths", "희토류", "редкоземельн*", "5"),
            all=(("export*",), ("China", "中国")),
            none=("horoscope",),
            names=("kim-jong-un", "Ursula von der Leyen", "NO"),
            languages=("en", "zh"),
            where=Where.LEAD,
            meaning="New limits on the export of rare earths.",
            window=timedelta(hours=36),
        ),
    )
    assert plain.search == Search(any=("gallium",), where=Where.ANYWHERE, window=timedelta(days=3))


def test_an_open_topic_may_name_bodies_by_id_and_by_their_letters(tmp_path: Path) -> None:
    names = "united-nations, white-house, UN, EU, UK, USA, ASEAN, United Nations"
    text = f"topics:\n  - {{id: t, name: T, names: [{names}]}}\n"
    (tmp_path / "topics.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCE, encoding="utf-8")
    (topic,) = load_config(tmp_path, vocabulary_of(load_gazetteer())).topics
    assert topic.search == Search(names=tuple(names.split(", ")))


def test_entities_become_people_and_parades_that_topics_may_name(tmp_path: Path) -> None:
    entities = """
people:
  - id: jane-example
    country: NO
    offices: [{office: prime-minister, from: 2025-10, to: 2029}]
    names: {en: [Jane Example], ru: [Джейн Экзампл]}
  - {id: joe-example, country: KP, role: minister, names: {en: [Joe Example]}, short: {en: [Joe]}, family: Example}
parades:
  - {id: oslo-2025-05-17, city: oslo, date: 2025-05-17, names: {en: [Oslo parade]}}
"""
    topics = """
topics:
  - {id: t, name: T, frame: travel, subjects: [jane-example]}
  - {id: p, name: P, frame: attendance, objects: [oslo-2025-05-17, oslo-2026-05-17]}
"""
    config = load(tmp_path, entities=entities, topics=topics)
    assert config.entities.people[0] == Person(
        id="jane-example",
        country="NO",
        terms=(Term(office="prime-minister", country="NO", since=date(2025, 10, 1), until=date(2029, 12, 31)),),
        names={"en": ("Jane Example",), "ru": ("Джейн Экзампл",)},
        short={},
    )
    assert config.entities.people[1].role == "minister"
    assert config.entities.parades == (
        Parade(id="oslo-2025-05-17", city="oslo", date=date(2025, 5, 17), names={"en": ("Oslo parade",)}),
    )


SOURCE_FAULTS = [
    ("kind: feed, url: 'https://a.example', intervall: 5m", 'unknown field "intervall". Did you mean "interval"?'),
    ("kind: feed, url: 'https://a.example', interval: 300", 'write "300s" for seconds'),
    ("kind: feed, url: 'https://a.example', interval: 5 minutes", "expected a duration such as 90s, 5m or 1h"),
    ("kind: feed, url: 'https://a.example', interval: 30d", "must be 1s to 7d"),
    ("kind: feed, url: 'ftp://a.example'", "expected an http(s) address, found 'ftp://a.example'"),
    ("kind: feed, url: 'file:///etc/passwd'", "expected an http(s) address"),
    ("kind: feed, url: 'data:text/xml,<rss/>'", "expected an http(s) address"),
    ("kind: feed, url: /var/news/feed.xml", "expected an http(s) address"),
    ("kind: feed, url: feed.xml", "expected an http(s) address"),
    ("kind: feed, url: 'https://u:geheim@a.example/'", "names and passwords in addresses"),
    ("kind: feed, url: 'https://u@a.example/'", "names and passwords in addresses"),
    ("kind: feed, url: 'https://:@a.example/'", "names and passwords in addresses"),
    ("kind: feed, url: 'http://2130706433/'", "the host is a number in another form"),
    ("kind: feed, url: 'http://0177.0.0.1/'", "the host is a number in another form"),
    ("kind: feed, url: 'http://0x7F.1/'", "the host is a number in another form"),
    (
        "kind: rss, url: 'https://a.example'",
        "expected feed, sitemap, page, liveblog, telegram, mastodon, bluesky, gdelt",
    ),
    ("kind: gdelt", 'kind gdelt needs the field "url" or "query".'),
    ("kind: gdelt, query: kim, url: 'https://a.example'", '"url" and "query" both say what to search for'),
    ("kind: gdelt, query: kim, interval: 5m", "kind gdelt is asked every 15m at most"),
    ("kind: google-news, query: kim", "a query needs the edition's language: de, en, es, fr, ja, ko, ru, zh."),
    ("kind: feed, query: kim", 'kind feed has no "query". Use "url".'),
    ("kind: feed", 'kind feed needs the field "url"'),
    ("kind: archive, url: 'https://a.example'", 'kind archive has no "url". Use "path".'),
    (
        "kind: page, url: 'https://a.example', fetch_article: yes",
        "only feed, sitemap, gdelt, google-news have articles to fetch",
    ),
    ("kind: archive, path: x, allow_private: yes", "an archive has no address"),
    ("kind: feed, url: 'https://a.example', time_zone: Asia/Soul", 'Did you mean "Asia/Seoul"?'),
    ("kind: feed, url: 'https://a.example', language: English", "two letters by ISO 639-1"),
    ("kind: feed, url: 'https://a.example', name: ''", 'field "name": expected the outlet'),
]


def test_hosts_with_digits_are_hosts(tmp_path: Path) -> None:
    """A plain IP address, and names that only look like numbers."""
    urls = [
        "http://192.0.2.1/",
        "http://192.0.2.10:8080/",
        "https://24.example/",
        "https://0x.de/",
        "https://1.1.1.1.de/",
    ]
    sources = "sources:\n" + "".join(f"  - {{id: s{n}, kind: feed, url: '{url}'}}\n" for n, url in enumerate(urls))
    assert [each.url for each in load(tmp_path, sources=sources).sources] == urls


def test_an_interval_is_fixed_or_adapts(tmp_path: Path) -> None:
    """Left out, it adapts."""
    sources = """
sources:
  - {id: fixed, kind: feed, url: "https://a.example/", interval: 5m}
  - {id: auto, kind: feed, url: "https://b.example/", interval: auto}
  - {id: left-out, kind: feed, url: "https://c.example/"}
"""
    found = [(each.interval, each.adaptive) for each in load(tmp_path, sources=sources).sources]
    assert found == [(timedelta(minutes=5), False), *[(timedelta(minutes=10), True)] * 2]


def test_a_search_may_be_given_as_a_question(tmp_path: Path) -> None:
    sources = """
sources:
  - {id: world, kind: gdelt, query: '"Kim Jong Un" parade'}
  - {id: found-ko, kind: google-news, query: 김정은 열병식, language: ko}
"""
    world, found = load(tmp_path, sources=sources).sources
    assert world.url == "https://api.gdeltproject.org/api/v2/doc/doc?query=%22Kim+Jong+Un%22+parade"
    assert (world.interval, world.adaptive) == (timedelta(minutes=15), True), "as often as it takes in the web"
    assert unquote_plus(found.url) == "https://news.google.com/rss/search?q=김정은 열병식&hl=ko&gl=KR&ceid=KR:ko"
    assert found.interval == timedelta(minutes=10)


@pytest.mark.parametrize(("fields", "complaint"), SOURCE_FAULTS)
def test_a_wrong_source_is_answered_with_line_and_remedy(tmp_path: Path, fields: str, complaint: str) -> None:
    lines = wrong(tmp_path, sources=f"# news\nsources:\n  - {{id: s, {fields}}}\n")
    assert any(line.startswith('sources.yaml:3: source "s": ') and complaint in line for line in lines), lines
    assert "geheim" not in "".join(lines)


TOPIC_FAULTS = [
    ("frame: travl", 'frame "travl" is not known. Did you mean "travel"?'),
    ("frame: travel, subjects: [kim-jong-unn]", 'person "kim-jong-unn" is not known. Did you mean "kim-jong-un"?'),
    ("frame: travel, subjects: [xi-jinping]", 'person "xi-jinping" is not known. Known are: kim-jong-un'),
    ("frame: travel, subjects: kim-jong-un", "expected a list of people's ids, such as [kim-jong-un]"),
    ("frame: travel, subjects: [guest-list]", 'person "guest-list" is not known'),
    ("frame: travel, objects: [cn]", '"cn" is written in capitals. Write "CN".'),
    ("frame: travel, objects: [phone]", '"phone" is not known'),
    ("frame: travel, pair: [kim-jong-un, vladimir-putin]", 'only frame talks has a "pair"'),
    ("frame: talks, pair: [kim-jong-un]", "expects two different people"),
    ("frame: talks", "expects two different people"),
    ("frame: talks, pair: [kim-jong-un, vladimir-putin], subjects: [kim-jong-un]", 'takes its people from "pair"'),
    ("frame: attendance, objects: [bejing-2025-09-03]", 'city "bejing" is not known. Did you mean "beijing"?'),
    ("frame: attendance, objects: [beijing]", "is not written as city and date, such as beijing-2025-09-03"),
    ("frame: talks, pair: [kim-jong-un, vladimir-putin], muted_stages: [hled]", 'Did you mean "held"?'),
    ("subjects: [kim-jong-un]", 'the field "frame" is missing, and nothing is searched for'),
    ("none: [x], languages: [en]", 'in "any" or "all", or "names"'),
    ("any: [x], subjects: [kim-jong-un]", 'only a topic with a frame has "subjects". Name a frame, or remove it.'),
    ("frame: travel, any: [x]", 'frame travel knows its own words. Remove "any".'),
    ("any: rare earths", "expected a list of words and phrases, such as [rare earths"),
    ("any: ['--']", '"--" has no letter and no digit, so it is found nowhere'),
    ("any: [2020-01-01]", "редкоземельн*], but any[1] is 2020-01-01. Put it in quotes."),
    ("any: []", 'the field "frame" is missing'),
    ("any: [x], channel: []", "found an empty list."),
    ("any: [x], all: [{a: b}]", 'field "all": expected a list; each entry a word, or a list of its wordings, such as'),
    ("any: [x], all: [{a: b}]", "such as [export*, [China, 中国]], but all[1] is a set of fields."),
    ("any: [x], all: [[a, {b: c}]]", "such as [export*, [China, 中国]], but all[1][2] is a set of fields."),
    ("any: [x], subjects: [[a]]", "such as [kim-jong-un], or of countries, but subjects[1] is a list."),
    ("all: [[x, 'a*b']]", '"a*b": a * may only stand at the end'),
    ("all: [[]]", "an entry is an empty list"),
    (f"any: [{'x' * 101}]", "a term has 101 characters, 100 at most"),
    (f"any: [{', '.join(['x'] * 201)}]", '"any" has 201 entries, 200 at most'),
    ("names: [united-nation]", 'nobody has it. Did you mean "united-nations"?'),
    ("names: [kim-jong-unn]", 'is written as an id, and nobody has it. Did you mean "kim-jong-un"?'),
    ("any: [x], languages: [English]", '"English" is no language'),
    ("any: [x], languages: [it, zz]", '"zz" is no language. Use its two letters by ISO 639-1; those that are read are'),
    ("any: [x], where: below", "expected title, lead or anywhere, found 'below'"),
    ("any: [x], window: 90d", "expected a duration such as 12h or 3d, found '90d' (must be 1s to 7d)"),
    ("frame: travel, channel: my desk", 'expected a Slack channel in quotes: "#desk" or C0123ABCD'),
]


@pytest.mark.parametrize(("fields", "complaint"), TOPIC_FAULTS)
def test_a_wrong_topic_is_answered_with_line_and_remedy(tmp_path: Path, fields: str, complaint: str) -> None:
    lines = wrong(tmp_path, topics=f"topics:\n  - {{id: t, name: T, {fields}}}\n")
    assert len(lines) == 1
    assert lines[0].startswith('topics.yaml:2: topic "t": ')
    assert complaint in lines[0]


ENTITY_FAULTS = [
    ("people: [{id: a, country: XX, names: {en: [A]}}]", 'there is no country "XX" in ISO 3166'),
    ("people: [{id: a, country: NO, names: {}}]", "at least one name is needed"),
    ("people: [{id: a, country: NO, names: {english: [A]}}]", '"english" is no language'),
    ("people: [{id: a, country: NO, names: {en: ['']}}]", "none of them empty"),
    ("people: [{id: a, country: NO, names: {en: [A]}, offices: [{office: x, form: 2020}]}]", 'Did you mean "from"?'),
    ("people: [{id: a, country: NO, names: {en: [A]}, offices: [{office: x, from: soon}]}]", '"offices[1].from"'),
    (
        "people: [{id: a, country: NO, names: {en: [A]}, offices: [{office: x, from: 2020, to: 2019}]}]",
        "ends (2019-12-31)",
    ),
    ("parades: [{id: oslo-2025-05-17, city: oslo, date: 2025-05-18, names: {en: [P]}}]", "Write oslo-2025-05-18"),
    ("leaders: []", 'unknown key "leaders"'),
]


@pytest.mark.parametrize(("text", "complaint"), ENTITY_FAULTS)
def test_a_wrong_entity_is_answered_with_line_and_remedy(tmp_path: Path, text: str, complaint: str) -> None:
    lines = wrong(tmp_path, entities=f"\n{text}\n")
    assert len(lines) == 1
    assert lines[0].startswith("entities.yaml:2: ")
    assert complaint in lines[0]


def test_all_problems_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    topics = "topics:\n  - id: a\n    name: A\n    frame: x\n  - id: b\n    nmae: B\n    frame: travel\n"
    sources = "sources:\n  - {id: s, kind: feed, url: nowhere, interval: 5}\n"
    places = [line.split(" ")[0] for line in wrong(tmp_path, topics=topics, sources=sources)]
    assert places == ["topics.yaml:4:", "topics.yaml:5:", "topics.yaml:6:", "sources.yaml:2:", "sources.yaml:2:"]


def test_one_broken_field_hides_no_other_and_makes_none_up(tmp_path: Path) -> None:
    """A pair that can't be read is one complaint, not two, and the stage beside it is still checked."""
    text = "topics:\n  - {id: t, name: T, frame: talks, pair: 7, muted_stages: [hled]}\n"
    first, second = wrong(tmp_path, topics=text)
    assert 'field "pair": expected two people' in first
    assert 'stage "hled"' in second


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("topics: [\n  {id: t", "topics.yaml:2: this is not YAML"),
        ("topics:\n  - {id: t, id: u, name: T, frame: travel}", 'topics.yaml:2: "id" stands here a second time'),
        ("topics:\n  - !!python/object:os.system {}\n", "topics.yaml:2: this is not YAML: could not determine"),
        (
            "topics:\n  - {id: t, 5: x}\n",
            'topics.yaml:2: "5" stands for a field here and is no text. Put it in quotes.',
        ),
        ("topics:\n  - {id: t, [a]: x}\n", "topics.yaml:2: a list or set of fields stands for a field here"),
        ("topics: &a\n  - *a\n", "topics.yaml:1: this alias refers to something that holds it"),
        ("- a\n", 'topics.yaml:1: expected "topics:" with a list below it, found a list'),
        ("topics: {a: 1}\n", "expected a list, each entry with"),
        ("topics:\n  - hello\n", "topic number 1: expected fields such as"),
        ("", "there is no topic, so nothing is watched"),
        ("topics:\n", "there is no topic, so nothing is watched"),
        (TOPIC + TOPIC.removeprefix("topics:\n"), 'topics.yaml:3: topic "t" is there already'),
    ],
)
def test_a_file_of_the_wrong_shape_is_answered_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    assert complaint in "\n".join(wrong(tmp_path, topics=text))


def test_aliases_of_aliases_are_stopped(tmp_path: Path) -> None:
    """A file of a few lines that stands for a billion values ends in an error, not in all of the memory."""
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "more than 200,000 values" in wrong(tmp_path, topics=text)[0]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "topics.yaml").write_bytes("topics:\n# Müller\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"topics\.yaml:2: this is not UTF-8 text"):
        load_config(tmp_path, VOCABULARY)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "sources.yaml").unlink()
    with pytest.raises(ConfigError, match=r"sources\.yaml is missing\. `watchdesk init DIR`"):
        load_config(tmp_path, VOCABULARY)


def test_norway_is_a_country_and_not_false(tmp_path: Path) -> None:
    """YAML 1.1 would read NO as a truth value."""
    text = "topics:\n  - {id: t, name: T, frame: travel, objects: [NO]}\n"
    assert load(tmp_path, topics=text).topics[0].objects == ("NO",)


def test_files_may_be_given_one_by_one(tmp_path: Path) -> None:
    load(tmp_path)
    mine = tmp_path / "mine.yaml"
    mine.write_text("topics:\n  - {id: mine, name: Mine, frame: attendance}\n", encoding="utf-8")
    config = load_config(tmp_path, VOCABULARY, topics_file=mine)
    assert [topic.id for topic in config.topics] == ["mine"]


def test_what_ships_speaks_of_people_and_places_that_ship() -> None:
    config = load_config(None, vocabulary_of(load_gazetteer()))
    assert len(config.topics) == 3


def test_the_built_in_configuration_is_right() -> None:
    """What `watchdesk init` writes and what runs without a directory: three topics, some forty sources."""
    config = load_config(None, VOCABULARY)
    assert [topic.id for topic in config.topics] == ["kim-travel", "parade-attendance", "putin-kim-talks"]
    assert len(config.sources) >= 40
    assert {"en", "ko", "zh", "ru", "ja"} <= {source.language for source in config.sources}
    assert template_dir().joinpath(".env.example").is_file()
