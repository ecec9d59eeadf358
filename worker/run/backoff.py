"""How long to wait before the next try."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Pauses that double with each try, up to a limit.

    Attributes:
        first_s: the first pause, in seconds.
        last_s: the longest pause, in seconds.
    """

    first_s: float
    last_s: float

    def pause_s(self, tries: int) -> float:
        """The pause after so many failed tries, at least 1.

        It is shorter by up to half, at random, so that those who failed together do not come back together.
        """
        # The exponent is bounded, as an outage may last for days.
        longest_s = min(self.last_s, self.first_s * 2.0 ** min(tries - 1, 20))
        return longest_s * random.uniform(0.5, 1)  # noqa: S311  # this is not a secret
