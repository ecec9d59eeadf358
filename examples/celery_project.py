"""Use Dépêche from a project that has Celery already: `python examples/celery_project.py`. Needs celery[redis] alone.

The project's own tasks go to its own queues as before; an article goes to one of Dépêche's.
"""

import os

from celery import Celery

REDIS_URL = os.environ.get("DEPECHE_REDIS_URL", "redis://127.0.0.1:6379/0")

app = Celery("newsroom", broker=REDIS_URL, backend=REDIS_URL)


def translate(text: str, title: str | None = None) -> str:
    """The English of a French text.

    Raises:
        Exception: what Celery makes of a job that failed.
    """
    article = {"text": text, "title": title, "metadata": {"desk": "local"}}
    # Without the queue's name the message would go to Celery's own queue, which no worker of Dépêche reads.
    sent = app.send_task("depeche.process_article", args=[article], queue="articles")
    return sent.get(timeout=600)["text_en"]


if __name__ == "__main__":
    print(translate("La piscine municipale ferme pour travaux. Elle rouvrira au printemps.", "Piscine fermée"))
