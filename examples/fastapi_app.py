"""A web service in front of Dépêche: `uvicorn examples.fastapi_app:app`. Needs depeche-client[notify] and fastapi.

POST /articles queues one and answers at once with its id; GET /articles/ID has its state, and its English when it is
done. Who would rather be told gives `depeche notify --url http://127.0.0.1:8000/hook` this service's address.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request
from standardwebhooks import Webhook, WebhookVerificationError

from depeche import Article, AsyncClient, DepecheError, JobState

#: What depeche notify has told. It tells at least once, so an event may come twice: a set takes it once.
ended: set[str] = set()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for all requests."""
    async with AsyncClient() as client:
        app.state.depeche = client
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/articles", status_code=202)
async def submit(article: Article, request: Request) -> dict[str, str]:
    """Queue an article."""
    try:
        return {"id": await request.app.state.depeche.submit(article)}
    except DepecheError as error:
        # 2: the article is at fault; everything else may pass.
        raise HTTPException(422 if error.exit_status == 2 else 503, str(error)) from None


@app.get("/articles/{task_id}")
async def look(task_id: str, request: Request, wait_s: float = 0) -> dict[str, object]:
    """The state of a job, and its English when it is done; `?wait_s=20` waits for that."""
    client: AsyncClient = request.app.state.depeche
    try:
        result = await client.wait(task_id, timeout_s=min(wait_s, 60))
    except DepecheError as error:
        status = await client.status(task_id)
        if status.state is JobState.UNKNOWN:
            raise HTTPException(404, str(error)) from None
        return {"state": status.state, "error": status.error and status.error.message}
    return {"state": "succeeded", "title": result.title_en, "text": result.text_en, "summary": result.summary_en}


@app.post("/hook", status_code=204)
async def hook(request: Request) -> None:
    """Take an event, if it is from our own relay."""
    try:
        event = Webhook(os.environ["DEPECHE_WEBHOOK_SECRET"]).verify(await request.body(), dict(request.headers))
    except WebhookVerificationError as error:
        raise HTTPException(401, str(error)) from None
    ended.add(event["data"]["id"])


@app.get("/ended")
async def told() -> list[str]:
    """The ids that were told."""
    return sorted(ended)
