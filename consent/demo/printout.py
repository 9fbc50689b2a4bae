"""The tour as text: what became of every picture at each stage, the words that say why, and the sums."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from consent.demo.outing import Truth
from consent.demo.stages import Stage
from consent.gate.report import DUPLICATE, REFUSED, BatchReport, FaceRow, FileRow
from consent.gate.verdicts import ItemVerdict, Verdict, Why

WIDTH = 100
SIGNS = {
    str(ItemVerdict.READY): "✓ ready",
    str(ItemVerdict.NEEDS_REVIEW): "? needs review",
    str(ItemVerdict.BLOCKED): "✕ blocked",
    REFUSED: "✕ refused",
    DUPLICATE: "= duplicate",
}
MEANINGS = {
    Why.ALLOWED: "a person said who it is, and that one allows it here",
    Why.SHOWN_AUTOMATICALLY: "surely recognised, sixteen or older, allows it, and the channel asks for no look",
    Why.NOT_ALLOWED: "a person said who it is, and that one does not allow it here",
    Why.KEEP_OUT: "perhaps, or certainly, somebody who may not be in a picture at all",
    Why.PROPOSED: "looks like somebody's portrait; a person has to confirm it",
    Why.UNSURE: "looks a little like somebody's portrait, or like two people's",
    Why.LOOK_ALIKE: "a brother, sister or somebody very alike could be meant",
    Why.NOBODY_KNOWN: "like nobody's portrait, or matching is off",
    Why.NOT_ON_THE_REGISTER: "a person said: nobody of ours",
    Why.NO_IDEA: "a person looked, and cannot say who it is",
    Why.POSSIBLE_FACE: "perhaps a face; covered until a person says that it is none",
    Why.NO_FACE: "a person said: not a face",
    Why.COVERED_BY_HAND: "a cover that a person drew",
    Why.NO_FACE_FOUND: "no face was found, which is no proof that there is none",
    Why.CHANNEL_BLOCKS: "this channel takes no picture of somebody who has to be covered",
    Why.NOT_YET_REVIEWED: "nobody has looked at exactly this file yet",
    Why.SECOND_PERSON_NEEDED: "this channel wants a second pair of eyes",
    Why.KEEP_OUT_PRESENT: "somebody who has to be kept out was on this outing: look whether they are in it",
    Why.COMMISSIONED: "a commissioned portrait, and not everybody in it allows it",
    Why.NO_REGISTER: "there is no register: everybody is covered",
    Why.LEAK_CHECK_FAILED: "the finished file did not pass the last check",
}


def lines(shown: Sequence[Stage], truths: Mapping[str, Truth], channel_names: Mapping[str, str]) -> Iterator[str]:
    """The whole print-out."""
    yield ""
    for number, stage in enumerate(shown, start=1):
        yield from _wrapped(f"  {number} {stage.title}: ", stage.told, indent=4)
    first = next(iter(shown[0].reports.values()))
    for number, file in enumerate(first.files):
        yield ""
        yield from _wrapped("", f"{file.file} — {truths[file.file].told}")
        if file.verdict in {REFUSED, DUPLICATE}:
            yield from _wrapped("  ", f"{SIGNS[file.verdict]}: {file.reasons}")
            continue
        for stage_number, stage in enumerate(shown, start=1):
            yield from _of_a_stage(stage_number, stage, number, channel_names)
    yield ""
    yield "What the words mean"
    used = words_used(shown)
    for word, meaning in MEANINGS.items():
        if word in used:
            yield from _wrapped(f"  {said(word):<22}", meaning)
    yield ""
    yield from sums(shown, channel_names)


def sums(shown: Sequence[Stage], channel_names: Mapping[str, str]) -> Iterator[str]:
    """Files and faces by what became of them, for each stage and channel."""
    columns = ("ready", "needs review", "blocked")
    yield "Sums".ljust(34) + "".join(f"{name:>13}" for name in (*columns, "shown", "covered"))
    for number, stage in enumerate(shown, start=1):
        for key, told in stage.reports.items():
            counts = [told.count(name.replace(" ", "_")) for name in columns]
            counts += [sum(row.shown for row in told.files), sum(row.covered for row in told.files)]
            title = f"  {number} {stage.title}, {channel_names[key]}"
            yield title.ljust(34) + "".join(f"{count:>13}" for count in counts)


def words_used(shown: Sequence[Stage]) -> frozenset[Why]:
    """Every reason that came up anywhere."""
    reports = [told for stage in shown for told in stage.reports.values()]
    texts = [file.reasons for told in reports for file in told.files if file.verdict in set(ItemVerdict)]
    texts += [face.reasons for told in reports for face in told.faces]
    return frozenset(Why(word.replace(" ", "_")) for text in texts for word in text.split("; ") if word)


def said(word: StrEnum) -> str:
    """A reason as a person reads it."""
    return str(word).replace("_", " ")


def _faces_why(faces: Sequence[FaceRow]) -> str:
    counts = Counter(face.reasons for face in faces if face.verdict != Verdict.DISMISSED)
    return ", ".join(f"{words.replace('; ', ' + ')} ×{count}" for words, count in counts.most_common())


def _item_why(file: FileRow, faces: Sequence[FaceRow]) -> str:
    """Those that its faces did not name yet."""
    named = {word for face in faces for word in face.reasons.split("; ")}
    return ", ".join(word for word in file.reasons.split("; ") if word and word not in named)


def _of_a_stage(number: int, stage: Stage, file_number: int, channel_names: Mapping[str, str]) -> Iterator[str]:
    """One line for each outcome, with the reasons of the first channel that it is the outcome of."""
    together: dict[str, list[str]] = {}
    for key, told in stage.reports.items():
        file = told.files[file_number]
        outcome = f"{SIGNS[file.verdict]:<15}{file.shown:>3} shown {file.covered:>3} covered"
        together.setdefault(outcome, []).append(key)
    for index, (outcome, keys) in enumerate(together.items()):
        title = f"  {number} {stage.title}" if index == 0 else ""
        names = ", ".join(channel_names[key] for key in keys) if len(together) > 1 else "everywhere"
        yield f"{title:<24}{names:<25}{outcome}"
        yield from _wrapped(" " * 24, why(stage.reports[keys[0]], file_number))


def why(told: BatchReport, file_number: int) -> str:
    """What there is to say of one picture on one channel: of its faces, then of the whole."""
    file = told.files[file_number]
    faces = [face for face in told.faces if face.file == file.file]
    return "; ".join(part for part in (_faces_why(faces), _item_why(file, faces)) if part)


def _wrapped(title: str, text: str, indent: int | None = None) -> list[str]:
    margin = " " * (len(title) if indent is None else indent)
    return textwrap.wrap(text, WIDTH, initial_indent=title, subsequent_indent=margin)
