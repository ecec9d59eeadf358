"""Wait for many articles at once with asyncio: `python examples/asyncio_script.py`. Needs depeche-client.

However many tasks wait, one connection to Redis listens for all of them.
"""

import asyncio

from depeche import Article, AsyncClient

ARTICLES = [
    Article(
        title=f"Dépêche {number}", text=f"Le train de {number} heures a du retard. Les voyageurs attendent sur le quai."
    )
    for number in range(6, 12)
]


async def translate(client: AsyncClient, article: Article) -> str:
    """One article, there and back; the others go on meanwhile."""
    task_id = await client.submit(article, priority="high")
    result = await client.wait(task_id, timeout_s=600)
    return f"{result.title_en}: {result.text_en}"


async def main() -> None:
    """Print the English of all, in order."""
    async with AsyncClient() as client:
        for english in await asyncio.gather(*(translate(client, article) for article in ARTICLES)):
            print(english)


if __name__ == "__main__":
    asyncio.run(main())
