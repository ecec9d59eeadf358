"""How deeply JSON is nested, found from its text before anything parses it.

Python reads and writes JSON with functions that call themselves once a level, and what could just be read may end the
process when it is written. So the levels are counted first, by a loop.
"""

from __future__ import annotations

import re

#: Levels of brackets in a message, and in its body. An article needs four, and its metadata has a bound of its own.
MAX_DEPTH = 32

_ESCAPED = re.compile(r"\\.", re.DOTALL)
#: A string, once nothing in it is escaped; the last one may lack its end.
_STRING = re.compile(r'"[^"]*"?')
_OTHER = re.compile(r"[^\[\]{}]+")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def too_deep(text: str) -> bool:
    """Whether this JSON is nested deeper than :data:`MAX_DEPTH`. It may be broken, or no JSON at all."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        # So it is with nearly all messages, and counting takes no time.
        return False
    brackets = _OTHER.sub("", _STRING.sub("", _ESCAPED.sub("", text)))
    depth = 0
    for bracket in brackets:
        depth += _STEPS[bracket]
        if depth > MAX_DEPTH:
            return True
    return False
