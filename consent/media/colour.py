"""Any picture's colours as 8-bit sRGB, as far as possible as they were meant."""

import io

import numpy as np
from PIL import Image, ImageCms, TiffImagePlugin

_BITS_PER_SAMPLE = 258  # TIFF 6.0


def without_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours as L, RGB, CMYK or LAB, not yet converted, and apart from them how opaque each pixel is."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image), None
    if image.mode in ("La", "RGBa"):  # colours are multiplied by alpha
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA") if image.mode not in ("LA", "RGBA") else image
        alpha = image.getchannel("A")
    wanted = {"1": "L", "LA": "L", "L": "L", "CMYK": "CMYK", "LAB": "LAB"}.get(image.mode, "RGB")
    return (image if image.mode == wanted else image.convert(wanted)), alpha


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """L, RGB, CMYK or LAB as RGB in sRGB; a profile that is broken or of another kind of colour counts as none.

    Relative colorimetric, so that white stays white.
    """
    try:
        source = _source(image.mode, profile)
        if source is None:
            return image.convert("RGB")
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            image.mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        if image.mode == "RGB" and _changes_nothing(transform):
            return image
        return ImageCms.applyTransform(image, transform) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image.convert("RGB")


def _source(mode: str, profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    if mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Most phones write sRGB's own profile; trying 216 colours is cheaper than converting twelve million."""
    steps = np.linspace(0, 255, 6).astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(36, 6, 3)
    turned = ImageCms.applyTransform(Image.fromarray(colours), transform)
    return turned is not None and bool((np.abs(np.asarray(turned).astype(int) - colours) <= 1).all())


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits, scaled; Pillow's own `convert` would clip everything above 255 to white."""
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((values >> (_bits(image) - 8)).clip(0, 255).astype(np.uint8))
    # 32-bit whole numbers and floating point have no agreed white: what is there is spread from black to white.
    finite = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    return Image.fromarray(((finite - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))


def _bits(image: Image.Image) -> int:
    """How many of the 16 bits are used: TIFF knows 12."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return min(max(int(image.tag_v2.get(_BITS_PER_SAMPLE, (16,))[0]), 8), 16)
    return 16
