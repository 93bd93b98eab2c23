"""Packed bodies for tests: whole ones, and bombs of 200 MiB that are made in no time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli  # type: ignore[import-untyped]
import zstandard

MEBIBYTE = 1024 * 1024
BOMB = 200  # MiB unpacked


def gzip(text: bytes) -> bytes:
    """One gzip member."""
    return _deflated(text, wbits=31)


def deflate(text: bytes) -> bytes:
    """With zlib's header, as the standard has it."""
    return _deflated(text, wbits=15)


def raw_deflate(text: bytes) -> bytes:
    """Without it, as some servers have it."""
    return _deflated(text, wbits=-15)


def brotli_packed(text: bytes) -> bytes:
    """The same by brotli."""
    return bytes(brotli.compress(text))


def zstd(text: bytes) -> bytes:
    """The same by zstd."""
    return zstandard.compress(text)


def wide_window() -> bytes:
    """A zstd frame that wants 128 MiB of memory from whoever unpacks it."""
    wide = zstandard.ZstdCompressionParameters(window_log=27, compression_level=1)
    stream = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    return stream.compress(bytes(MEBIBYTE)) + stream.flush()


def _deflated(text: bytes, *, wbits: int) -> bytes:
    stream = zlib.compressobj(9, wbits=wbits)
    return stream.compress(text) + stream.flush()


def _zlib_bomb(wbits: int) -> bytes:
    stream = zlib.compressobj(1, wbits=wbits)
    head = stream.compress(bytes(MEBIBYTE)) + stream.flush(zlib.Z_FULL_FLUSH)
    again = stream.compress(bytes(MEBIBYTE)) + stream.flush(zlib.Z_FULL_FLUSH)  # leans on nothing before it
    return head + again * (BOMB - 1)


def _brotli_bomb(window: int, quality: int) -> bytes:
    stream = brotli.Compressor(quality=quality, lgwin=window)
    parts = [stream.process(bytes(MEBIBYTE)) for _ in range(BOMB)]
    return b"".join((*parts, stream.finish()))


def _zstd_bomb(window: int) -> bytes:
    settings = zstandard.ZstdCompressionParameters(window_log=window, compression_level=1)
    stream = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    parts = [stream.compress(bytes(MEBIBYTE)) for _ in range(BOMB)]
    return b"".join((*parts, stream.flush()))


PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip,
    "deflate": deflate,
    "deflate-raw": raw_deflate,
    "br": brotli_packed,
    "zstd": zstd,
}
# With the windows that are usual, and the largest that HTTP allows.
BOMBS: Mapping[str, Callable[[], bytes]] = {
    "gzip": lru_cache(lambda: _zlib_bomb(31)),
    "deflate": lru_cache(lambda: _zlib_bomb(15)),
    "deflate-raw": lru_cache(lambda: _zlib_bomb(-15)),
    "br": lru_cache(lambda: _brotli_bomb(22, 1)),
    "br-widest": lru_cache(lambda: _brotli_bomb(24, 5)),
    "zstd": lru_cache(lambda: _zstd_bomb(21)),
    "zstd-widest": lru_cache(lambda: _zstd_bomb(23)),
}
