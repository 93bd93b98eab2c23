"""What tells two versions of an item apart."""

from __future__ import annotations

import hashlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.types import content_hash

texts = st.text() | st.text("ab \n\t\r\u00a0\u2003\u200b\u3000")


@settings(deadline=None)
@given(texts, texts)
@example(" a  b\n\nc ", "\u3000a\u2003b\t")
def test_white_space_does_not_count_in_a_version(title: str, text: str) -> None:
    """Any run of it is one blank, whatever it is made of; what stands in which part counts."""
    plain = [" ".join(part.split()).encode("utf-8", "replace") for part in (title, text)]
    assert content_hash(title, text) == hashlib.sha256(b"".join(part + b"\xff" for part in plain)).hexdigest()


def test_a_version_is_known_by_letters_and_by_their_place() -> None:
    assert content_hash("a b", "c") == content_hash("a\n b ", "c")
    assert (
        len({content_hash("a b", "c"), content_hash("a", "b c"), content_hash("ab", "c"), content_hash("a b c")}) == 4
    )
