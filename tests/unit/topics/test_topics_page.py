"""docs/topics.md: its topics are right as they stand there, and it tells every field."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.commands.vocabulary import vocabulary_of
from monitor.language.gazetteer import load
from monitor.searches import FIELDS
from monitor.topics import read_topics
from monitor.yamlfile import read

PAGE = (Path(__file__).parents[3] / "docs" / "topics.md").read_text(encoding="utf-8")


def test_every_topic_of_the_page_may_be_copied(tmp_path: Path) -> None:
    blocks = [
        block
        for block in re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
        if re.search(r"^ +(frame|any):", block, re.MULTILINE)
    ]
    assert len(blocks) >= 4
    file = tmp_path / "topics.yaml"
    file.write_text("topics:\n" + "".join(block.removeprefix("topics:\n") for block in blocks), encoding="utf-8")
    document = read(file)
    topics = read_topics(document, vocabulary_of(load()))
    document.raise_problems()
    assert any(topic.search is not None for topic in topics)


def test_the_page_tells_every_field_of_an_open_topic() -> None:
    told = PAGE.partition("## Open topics")[2].partition("\n## ")[0]
    assert {field for field in FIELDS if f"| `{field}` |" in told} == set(FIELDS)
