"""The start page of the demo: what became of a drawn outing. Shows the files that the demo left, and nothing else."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from consent import settings
from web.security import policy

router = APIRouter()
_templates = Jinja2Templates(directory=Path(__file__).parents[1] / "templates")


@router.get("/", response_class=HTMLResponse)
def start(request: Request) -> Response:
    """The outing before and after, with the reasons."""
    return _templates.TemplateResponse(request, "tour.html", {"tour": _told(_folder())})


@router.get("/reports/{name:path}")
def left_behind(name: str) -> Response:
    """A report or a picture of the demo. A name is looked up among those there are; it is never opened as a path."""
    path = _files(_folder()).get(name)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, headers={"Content-Security-Policy": policy(_told(_folder())["report_style"])})


@cache
def _told(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / "tour.json").read_text())
    except OSError:
        raise HTTPException(404, "There is no tour here: run `consent demo`.") from None
    return told


@cache
def _files(folder: Path) -> dict[str, Path]:
    """Pictures, and the reports that show them, by the end of their address."""
    shown = {".jpg", ".png", ".html", ".csv"}
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.suffix in shown
    }


def _folder() -> Path:
    return settings.current().home / "out"
