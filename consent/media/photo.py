"""A photo as it is judged and shown: upright, sRGB, on white, and nothing but pixels.

Every later step (detection, covering, the rendition) starts from what `sanitise` gives, so nobody can be visible in
the result who was not visible to the detector. `encode` writes the finished file; `anatomy.inspect` proves what is
in it.
"""

import io
import re
import struct
from enum import StrEnum

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

from consent.media.colour import as_srgb, without_alpha
from consent.media.probe import opened
from consent.media.signatures import Format

_WHITE = (255, 255, 255)


def sanitise(content: bytes) -> Image.Image:
    """The photo as a fresh upright 8-bit sRGB picture without metadata; raises as `probe` does.

    Full resolution, first picture of several. See-through places become white before anything else looks.
    """
    with opened(content) as (stored, _):
        stored.load()
        image: Image.Image = stored
        profile = image.info.get("icc_profile")
        turn = _turn(stored)
        if turn is not None:
            image = image.transpose(turn)
        colours, alpha = without_alpha(image)
    del stored, image
    colours = as_srgb(colours, profile if isinstance(profile, bytes) else None)
    fresh = Image.new("RGB", colours.size, _WHITE)
    fresh.paste(colours, mask=alpha)
    return fresh


_TURNS = {  # EXIF 3.0, tag 0x0112
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn the decoded picture upright, if it is not. Broken EXIF turns nothing.

    The readers of HEIF and TIFF have turned it while decoding, and say so in its EXIF.
    """
    image.info.pop("xmp", None)  # Pillow would turn by XMP too, which no viewer does
    image.info.pop("XML:com.adobe.xmp", None)
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, AttributeError, struct.error):
        return None


class Output(StrEnum):
    """The two kinds of file that leave."""

    JPEG = "jpeg"
    PNG = "png"


_LOSSLESS = frozenset({Format.PNG, Format.GIF, Format.BMP, Format.TIFF})
_FLAT = 0.5  # share of pixels like the one to their left: in drawings and screenshots most, in photos a few


def output_for(image: Image.Image, source: Format) -> Output:
    """PNG for a drawing or a screenshot, which JPEG would blur; JPEG for everything else."""
    if source not in _LOSSLESS or image.width == 1:
        return Output.JPEG
    rows = np.asarray(image.resize((image.width, min(image.height, 64)), Image.Resampling.NEAREST))
    same = (rows[:, 1:] == rows[:, :-1]).all(axis=-1).mean()
    return Output.PNG if same > _FLAT else Output.JPEG


class ReleaseStatus(StrEnum):
    """What the file says about model releases, in the words of the PLUS vocabulary."""

    NONE = "MR-NON"
    NOT_APPLICABLE = "MR-NAP"  # nobody is shown
    UNLIMITED = "MR-UMR"
    LIMITED = "MR-LMR"


_QUALITY = 90  # twice as large at 95, with no difference that is seen


def encode(image: Image.Image, *, release_id: str, release_status: ReleaseStatus, like: Output) -> bytes:
    """The finished file. Beside pixels it holds one XMP packet: the release, its status, and no data mining.

    No colour profile: a picture without one is sRGB. 4:2:0, as the phones write it.
    """
    written = io.BytesIO()
    bare = image
    if image.info or image.mode != "RGB":  # a writer would copy the info into the file
        bare = Image.new("RGB", image.size)
        bare.paste(image)
    match like:
        case Output.JPEG:
            packet = release_packet(release_id, release_status).encode()
            bare.save(written, "JPEG", quality=_QUALITY, subsampling="4:2:0", xmp=packet)
        case Output.PNG:
            text = PngImagePlugin.PngInfo()
            text.add_itxt("XML:com.adobe.xmp", release_packet(release_id, release_status))
            bare.save(written, "PNG", pnginfo=text)
    return written.getvalue()


_RELEASE_ID = re.compile(r"[0-9a-z][0-9a-z-]{7,63}")
_PLUS = "http://ns.useplus.org/ldf"


def release_packet(release_id: str, status: ReleaseStatus) -> str:
    """The XMP packet of a rendition.

    The id stands in `plus:ModelReleaseID`, the standard's own field for it (PLUS LDF 2.0, IPTC Photo Metadata
    Standard 2023), so that a connector or another archive finds it without knowing us.
    """
    if not _RELEASE_ID.fullmatch(release_id):
        raise ValueError("not an opaque release id")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:plus="{_PLUS}/xmp/1.0/"'
        f' plus:ModelReleaseStatus="{_PLUS}/vocab/{status.value}"'
        f' plus:DataMining="{_PLUS}/vocab/DMI-PROHIBITED">'
        f"<plus:ModelReleaseID><rdf:Bag><rdf:li>{release_id}</rdf:li></rdf:Bag></plus:ModelReleaseID>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
