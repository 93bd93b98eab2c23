"""Feeds that mean harm, and damaged ones: all of them still hold the same two items, "Headline 1" and "Headline 2"."""

from __future__ import annotations

from collections.abc import Mapping

HERE = b"http://127.0.0.1:PORT"  # stands for the server's own address
LEAK = "/leak"  # what no reader may ask for
_PLAIN = '<?xml version="1.0"?>'


def _feed(document_type: str = "", *, inside: str = "", declaration: str = _PLAIN) -> bytes:
    items = "".join(
        f"<item><guid>g{number}</guid><link>https://wire.example/{number}</link><title>Headline {number}</title>"
        f"<description>{inside}Text of {number}.</description></item>"
        for number in (2, 1)
    )
    return f'{declaration}{document_type}<rss version="2.0"><channel><title>W</title>{items}</channel></rss>'.encode()


def _entities(*declared: str) -> str:
    return f"<!DOCTYPE rss [{''.join(f'<!ENTITY {each}>' for each in declared)}]>"


_TENFOLD = [f'l{number} "{f"&l{number - 1};" * 10}"' for number in range(1, 11)]
_INCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
_LEAK = (HERE + LEAK.encode()).decode()

FEEDS: Mapping[str, bytes] = {
    "laughs": _feed(_entities('l0 "ha"', *_TENFOLD), inside="&l10;"),  # ten thousand million of them
    "quadratic": _feed(_entities(f'a "{"a" * 100_000}"'), inside="&a;" * 20_000),
    "file-entity": _feed(_entities('x SYSTEM "file:///etc/passwd"'), inside="&x;"),
    "net-entity": _feed(_entities(f'x SYSTEM "{_LEAK}"'), inside="&x;"),
    "parameter-entity": _feed(f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{_LEAK}"> %x;]>'),
    "net-dtd": _feed(f'<!DOCTYPE rss SYSTEM "{_LEAK}">'),
    "include": _feed(inside=_INCLUDE),
    "stylesheet": _feed(declaration=f'{_PLAIN}<?xml-stylesheet type="text/xsl" href="{_LEAK}"?>'),
    "image": _feed(inside=f'&lt;img src="{_LEAK}"&gt;&lt;iframe src="{_LEAK}"&gt;&lt;/iframe&gt;'),
    "entity": _feed(_entities('wire "The wire: "'), inside="&wire;"),
    "undefined-entity": _feed(inside="caf&eacute;&nbsp;&unheard; & more "),
    "control-characters": _feed(inside="a\x01\x02\x1b\x7fb "),
    "null-bytes": _feed().replace(b"Text", b"Te\x00xt"),
    "junk-before": b"\n\n<br/>\n<b>Warning</b>: mysql_connect()\n" + _feed(),
    "junk-behind": _feed() + b"<!-- generated in 0.1 s --><script>track()</script>",
    "cut": _feed()[:-60],
    "utf-16": _feed(declaration='<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"),
    "unknown-encoding": _feed(declaration='<?xml version="1.0" encoding="x-nope"?>'),
    "bare-signs": _feed(inside="<" * 50_000),
    "attributes": _feed(inside="&lt;a " + "href='x' " * 50_000 + "&gt;"),
    "half-open": _feed(inside="<![CDATA[" + "<a href='" * 50_000 + "]]>"),
}
