"""Where is a question sent on to? Nowhere: it holds code, and its headers hold a key.

httpx takes `Authorization` off when a redirect leads to another host, and leaves every other header
that providers want their keys in (`x-api-key`, `x-goog-api-key`, `api-key`) as well as the body.
"""

import functools
from typing import Any


@functools.cache
def refuse_redirects() -> None:
    """Let no client of httpx in this process follow a redirect of a POST; harmless to repeat."""
    import httpx

    send = httpx.AsyncClient.send

    async def send_here_only(
        self: httpx.AsyncClient, request: httpx.Request, **options: Any
    ) -> httpx.Response:
        if request.method == "POST":
            options["follow_redirects"] = False
        return await send(self, request, **options)

    # litellm makes its clients itself, in several places, and all of them send by this method.
    httpx.AsyncClient.send = send_here_only  # type: ignore[method-assign]
