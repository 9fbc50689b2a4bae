"""The web process, started by import string: `uvicorn web.app:app`. Decodes nothing, and needs no face library."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from web import security
from web.pages import tour

_STATIC = Path(__file__).parent / "static"


def create() -> FastAPI:
    """The application; there is no page for its own description."""
    made = FastAPI(title="Beeldpoort", docs_url=None, redoc_url=None, openapi_url=None)
    made.middleware("http")(security.guard)
    # A page elsewhere that gives this machine a name of its own would otherwise read along.
    made.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    made.mount("/static", StaticFiles(directory=_STATIC), name="static")
    made.include_router(tour.router)

    @made.get("/health")
    def health() -> dict[str, str]:
        """Whether this process answers."""
        return {"status": "ok"}

    @made.get("/favicon.ico", include_in_schema=False)
    def mark() -> FileResponse:
        """What browsers ask for on pages that name no sign of their own."""
        return FileResponse(_STATIC / "mark.svg", media_type="image/svg+xml")

    return made


app = create()
