"""Countries that news in Chinese, Japanese and Korean names by a letter: 美당국자, 米政府高官, 俄总统普京."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.language.gazetteer import Kind
from monitor.language.mention import Mention, Reader


def with_letters(reader: Reader, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, and a country for each letter right before an office or the word for a body of the state."""
    found = {mention.start: mention for mention in mentions}
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    added: list[Mention] = []
    for match in reader.lexicon.letter.finditer(reader.text):
        if match.start() in taken:
            continue
        office = found.get(match.end())
        body = reader.lexicon.organs.match(reader.text, match.end()) is not None
        if not body and (office is None or office.kind is not Kind.OFFICE):
            continue
        if body and office is not None and office.kind is Kind.ORGAN:
            del found[match.end()]  # 中외교부 is China's, though the ministry alone is that of the text's own country
        country = reader.lexicon.letters[match.group("letter")]
        added.append(Mention(Kind.PLACE, country, country, match.start(), match.end("letter"), "name", "country"))
    if not added:
        return list(mentions)
    return sorted([*found.values(), *added], key=lambda mention: mention.start)
