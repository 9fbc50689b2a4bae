"""The last look at a finished file, by itself and from its bytes: is every cover there, and is nothing else in it?

A failure blocks. A face that is found again on a proven cover is not a failure: detectors see faces in clouds too. But
a face where nobody was judged, and which is no cover, is one.
"""

from collections.abc import Sequence

from consent.faces import second_look
from consent.media import anatomy, covers, photo, views
from consent.media.covers import Cover
from consent.media.photo import ReleaseStatus
from consent.media.regions import Box, overlap

_SAME_FACE = 0.3  # intersection over union from which two boxes are taken for one face, as in WIDER FACE


def find_leak(
    content: bytes,
    size: tuple[int, int],
    wanted: Sequence[Cover],
    shown: Sequence[Box],
    release_id: str,
    status: ReleaseStatus,
) -> str | None:
    """What is wrong with a finished file, in a word; nothing where it holds.

    `size` is that of the upright original, `wanted` the covers in the order in which they were painted.
    """
    if not anatomy.inspect(content).holds_only(photo.release_packet(release_id, status).encode()):
        return "more than a picture is in the file"
    finished = views.decode(content)
    for number, one in enumerate(wanted):
        later = [other.area for other in wanted[number + 1 :]]
        unproven = covers.prove_covered(size, finished, one, later)
        if unproven is not None:
            return f"a cover is not in place ({unproven})"
    if any(not _accounted_for(face, wanted, shown) for face in second_look.plain_faces(finished)):
        return "a face was found that nobody judged"
    return None


def _accounted_for(face: Box, wanted: Sequence[Cover], shown: Sequence[Box]) -> bool:
    x, y = face.centre
    on_a_cover = any(one.area.holds(x, y) for one in wanted)
    return on_a_cover or any(
        overlap(face, box) > _SAME_FACE or (box.left <= x < box.right and box.top <= y < box.bottom) for box in shown
    )
