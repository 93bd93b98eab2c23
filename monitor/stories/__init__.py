"""Whether two texts tell the same event: the novelty of open topics, which have no frame to read claims with.

A text becomes a `Telling`; `nearest` finds the known story that it is most like. They tell one event when the score
reaches `THRESHOLD`. Plain functions of their arguments. `docs/stories.md` says how well it does.
"""

from monitor.stories.matching import THRESHOLD, Match, likely, nearest
from monitor.stories.telling import Telling, tell

__all__ = ["THRESHOLD", "Match", "Telling", "likely", "nearest", "tell"]
