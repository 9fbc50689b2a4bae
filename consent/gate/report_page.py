"""The report of a batch as one page that opens from a folder: no script, no font, no address outside it.

A state is a word and a sign, never a colour alone. Outlines lie over the picture as SVG, so that the picture itself
stays the file it is.
"""

from collections import defaultdict
from collections.abc import Iterable
from html import escape

from consent.gate.report import BatchReport, FaceRow, FileRow
from consent.gate.verdicts import ItemVerdict, Verdict

_SIGNS = {
    str(ItemVerdict.READY): "✓ ready",
    str(ItemVerdict.NEEDS_REVIEW): "? needs review",
    str(ItemVerdict.BLOCKED): "✕ blocked",
    "refused": "✕ refused",
    "duplicate": "= duplicate",
    "waiting": "… waiting",
}

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --accent: #0b5cad; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; padding: 0; list-style: none; }
article { border-top: 1px solid var(--line); padding: 1.2rem 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; }
figure { margin: 0; max-width: 46rem; } figcaption { font-size: .85rem; }
.frame { position: relative; } .frame img { display: block; width: 100%; height: auto; border-radius: .3rem; }
.frame svg { position: absolute; inset: 0; width: 100%; height: 100%; }
table { border-collapse: collapse; font-size: .9rem; margin-top: .8rem; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; }
.scroll { overflow-x: auto; } code { font-size: .85em; }
@media print { article { break-inside: avoid; } }
"""


def page(told: BatchReport, *, with_originals: bool, notice: str = "") -> str:
    """The whole page. `with_originals` puts the picture as it was beside the one made of it."""
    faces: dict[str, list[FaceRow]] = defaultdict(list)
    for face in told.faces:
        faces[face.file].append(face)
    articles = "".join(
        _article(row, number, faces[row.file], size, with_originals=with_originals)
        for number, (row, size) in enumerate(zip(told.files, told.sizes, strict=True))
    )
    counts = "".join(
        f"<li>{escape(sign)}: <strong>{told.count(verdict)}</strong></li>"
        for verdict, sign in _SIGNS.items()
        if told.count(verdict)
    )
    said = f"<p><strong>{escape(notice)}</strong></p>" if notice else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>What became of these pictures</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>What became of these pictures</h1>{said}"
        f'<ul class="counts">{counts}</ul><p>Batch <code>{escape(told.batch_id)}</code>. '
        f"{_next_step(told)}</p>{articles}</main></body></html>"
    )


def _next_step(told: BatchReport) -> str:
    if told.count(ItemVerdict.NEEDS_REVIEW):
        return "Fill in the names in <code>groups.csv</code>, and look at every picture below before you say so."
    return "Nothing waits for you." if told.is_settled else "Some files could not be judged; see below."


def _article(row: FileRow, number: int, faces: list[FaceRow], size: tuple[int, int], *, with_originals: bool) -> str:
    figures = []
    if with_originals and size[0]:
        figures.append(_figure(f"originals/{number}.jpg", "As it came in. Stays inside.", faces, size))
    if row.rendition:
        folder = "../publish" if row.verdict == ItemVerdict.READY else "review"
        figures.append(_figure(f"{folder}/{row.rendition}", f"As it {_would(row)} go out.", faces, size))
    reasons = f": {escape(row.reasons)}" if row.reasons else ""
    return (
        f"<article><h2>{escape(row.file)}</h2><p>{escape(_SIGNS[row.verdict])}{reasons}</p>"
        f'<div class="pictures">{"".join(figures)}</div>{_table(faces)}</article>'
    )


def _would(row: FileRow) -> str:
    return "may" if row.verdict == ItemVerdict.READY else "would"


def _figure(source: str, caption: str, faces: Iterable[FaceRow], size: tuple[int, int]) -> str:
    outlines = "".join(_outline(face, size) for face in faces)
    return (
        f'<figure><div class="frame"><img src="{escape(source)}" alt="" loading="lazy">'
        f'<svg viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{escape(caption)}">{outlines}</svg></div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _outline(face: FaceRow, size: tuple[int, int]) -> str:
    width = max(size) / 400
    dashes = "" if face.verdict == Verdict.SHOW else f' stroke-dasharray="{3 * width} {2 * width}"'
    return (
        f'<rect x="{face.left}" y="{face.top}" width="{face.width}" height="{face.height}" fill="none" '
        f'stroke="#fff" stroke-width="{2 * width}"/>'
        f'<rect x="{face.left}" y="{face.top}" width="{face.width}" height="{face.height}" fill="none" '
        f'stroke="#0b5cad" stroke-width="{width}"{dashes}/>'
        f'<text x="{face.left}" y="{face.top - 2 * width}" font-size="{10 * width}" fill="#fff" stroke="#000" '
        f'stroke-width="{width / 2}" paint-order="stroke">{face.face}</text>'
    )


def _table(faces: list[FaceRow]) -> str:
    if not faces:
        return ""
    rows = "".join(
        f"<tr><td>{face.face}</td><td>{escape(face.group)}</td><td>{escape(face.verdict)}</td>"
        f"<td>{escape(face.reasons)}</td><td>{escape(face.person)}</td></tr>"
        for face in faces
    )
    return (
        '<div class="scroll" role="group" aria-label="Faces" tabindex="0"><table><thead><tr>'
        '<th scope="col">Face</th><th scope="col">Group</th>'
        '<th scope="col">Verdict</th><th scope="col">Why</th><th scope="col">Taken for</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
