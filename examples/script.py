"""Translate every text file of a folder: `python examples/script.py FOLDER`. Needs depeche-client.

Each file is queued under its own name as key, so a second run queues nothing twice and only collects.
"""

import sys
from pathlib import Path

from depeche import Client, Item, JobFailed


def main(folder: Path) -> None:
    """Write ARTICLE.en.txt beside each ARTICLE.txt."""
    files = [file for file in sorted(folder.glob("*.txt")) if not file.name.endswith(".en.txt")]
    with Client() as client:
        items = (Item(file.read_text(encoding="utf-8"), key=str(file.resolve())) for file in files)
        queued = {}
        for file, answer in zip(files, client.submit_many(items), strict=True):
            if answer.task_id:
                queued[answer.task_id] = file
            else:
                print(f"{file.name}: refused: {answer.error}")
        for status in client.as_completed(queued):
            file = queued[status.id]
            try:
                result = client.result(status.id)
            except JobFailed as failure:
                print(f"{file.name}: {failure}")
                continue
            file.with_suffix(".en.txt").write_text(result.text_en, encoding="utf-8")
            print(f"{file.name}: {result.quality.flagged_segments} of {len(result.segments)} sentences to look at")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
