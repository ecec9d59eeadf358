"""The process that parses documents: ``python -m depeche.documents.process``, started by ``isolation``.

It reads a line of JSON ``{"kind", "size"}`` and then the document's bytes from standard input, and writes a line of
JSON: ``{"size"}``, and then that many bytes, which are a JSON list of what was found. It ends with its standard input,
or when nothing is asked for :data:`IDLE_S`.
"""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import warnings
from typing import BinaryIO

from pydantic import TypeAdapter

from depeche.documents.drafts import Draft, Fault, Found, Missing
from depeche.documents.extra import INSTALL
from depeche.documents.kinds import Kind
from depeche.documents.limits import MAX_CHARS, MAX_MEMORY, MIB, bound_cpu, bound_memory
from depeche.documents.parsers import parser_of

FOUND: TypeAdapter[list[Found]] = TypeAdapter(list[Found])

#: It is started again with the next document. Its libraries' memory is not held for longer.
IDLE_S = 60


def main() -> None:
    """Answer until nothing more is asked."""
    # Libraries may print. What they print must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable()
    warnings.simplefilter("ignore")
    bound_memory()
    questions = sys.stdin.buffer
    while _is_asked(questions) and (line := questions.readline()):
        question = json.loads(line)
        data = questions.read(question["size"])
        if len(data) < question["size"]:
            return
        bound_cpu()
        answer = json.dumps(FOUND.dump_python(_parse(Kind(question["kind"]), data), mode="json")).encode()
        answers.write(json.dumps({"size": len(answer)}).encode() + b"\n" + answer)
        answers.flush()


def _is_asked(questions: BinaryIO) -> bool:
    if sys.platform == "win32":
        return True
    ready, _, _ = select.select([questions], [], [], IDLE_S)
    return bool(ready)


def _parse(kind: Kind, data: bytes) -> list[Found]:
    found: list[Found] = []
    chars = 0
    try:
        for one in parser_of(kind)(data):
            found.append(_sendable(one))
            chars += len(one.text) if isinstance(one, Draft) else 0
            if chars > MAX_CHARS:
                raise Fault(f"it has more than {MAX_CHARS} characters of text: split it")
    except Fault as fault:
        return [Missing(str(fault))]
    except ImportError as error:
        return [Missing(f"it is read with {error.name}, which is not installed: {INSTALL}, or give its text")]
    except MemoryError:
        found.clear()
        return [Missing(f"reading it takes more than {MAX_MEMORY // MIB} MiB of memory: split it, or give its text")]
    except RecursionError:
        return [Missing("it is nested too deeply: give its text")]
    except Exception as error:  # noqa: BLE001  # a parser may raise anything on a broken document
        return [Missing(f"it is damaged ({type(error).__name__}): open and save it anew, or give its text")]
    return found


def _sendable(one: Found) -> Found:
    try:
        json.dumps(FOUND.dump_python([one], mode="python"), ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return Missing("it has characters that are not valid Unicode: convert it to UTF-8", one.place)
    return one


if __name__ == "__main__":
    main()
