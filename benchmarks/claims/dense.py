"""Texts that nobody writes, each made to cost as much as it can: names, verbs, dates and speakers without end."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.claims.corpora import item
from monitor.types import RawItem

PIECES = {
    "names and verbs": ("en", "Kim Jong Un arrived in Beijing, Putin left Moscow, Xi met Modi, "),
    "no full stop": ("en", "Putin and Kim met and "),
    "one verb": ("en", "visit "),
    "offices": ("en", "the president met Putin and Macron in Paris. "),
    "family names": ("en", "Kim Min-jae met Kim Jong Un, Kim and Lee. "),
    "speakers": ("en", "the Chinese foreign ministry said Kim said the leader said Putin said "),
    "moods": ("en", "he may not deny that if Kim would visit China he will "),
    "dates": ("en", "Kim visits Beijing on 3 May 2025, on Monday and next week, "),
    "parades": ("en", "He will attend the military parade in Beijing on 3 September.\n\n"),
    "short lines": ("en", "Kim met Putin\n"),
    "dots": ("en", "."),
    "Russian": ("ru", "Путин прибыл в Пекин и встретился с Ким Чен Ыном и "),
    "German": ("de", "Putin ist in Peking eingetroffen, Kim trifft Xi und reist nach Moskau, "),
    "French": ("fr", "Poutine est arrivé à Pékin et a rencontré Kim Jong-un et "),
    "Spanish": ("es", "Putin llegó a Pekín y se reunió con Kim Jong-un y "),
    "Chinese": ("zh", "金正恩抵达北京会见普京习近平访问俄罗斯"),
    "Korean": ("ko", "김정은 베이징 도착 푸틴 회담 "),
    "Japanese": ("ja", "金正恩氏が北京に到着しプーチン大統領と会談"),
}
KILOBYTES = (4, 40)  # of characters: what grows faster than the text shows in the longer one


def texts() -> Iterator[tuple[str, RawItem]]:
    """Each piece repeated to each length, with its name."""
    for name, (language, piece) in PIECES.items():
        for kilobytes in KILOBYTES:
            text = piece * (kilobytes * 1000 // len(piece))
            yield f"{name}, {kilobytes} KB", item("Kim Jong Un", text, language=language)
