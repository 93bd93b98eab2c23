"""Claims × ledger → decisions: what is new, and why everything else is not.

`decide` is a plain function: the same ledger and the same claims always give the same decisions. An episode (one trip,
one parade, one meeting) opens with its first development and closes by itself; within it stages have an order, flips
(denied, postponed, cancelled, declined) turn back what was announced, and no weak claim steers alone. What was told and
turns out otherwise is mended: updated, contradicted, corrected or withdrawn.

    book      the working copy of the ledger        episodes  which one a claim belongs to, when it is over
    track     stages: same, later, turned back      facts     another day, place, level or figure of what is known
    mending   what its own source takes back        court     one article's claims, one after another
    wording   how reasons say it
"""

from monitor.developments.book import Key, Said, key_of, origin_of
from monitor.developments.court import LATE_AFTER, Decided, decide

__all__ = ["LATE_AFTER", "Decided", "Key", "Said", "decide", "key_of", "origin_of"]
