"""What every answer of the web says about itself: where a page may load from, and who may show it."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def policy(*styles: str) -> str:
    """Nothing from anywhere but here, no script at all; `styles` are digests of style sheets inside a page."""
    allowed = " ".join(["'self'", *(f"'{digest}'" for digest in styles if digest)])
    return (
        f"default-src 'none'; img-src 'self'; style-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Put the headers on every answer; a page that needs another policy has set its own."""
    response = await answer(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy())
    return response
