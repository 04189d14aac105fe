"""Uploaded photos: checked to be photos, turned upright, made smaller, and freed of everything but pixels."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LONGEST_SIDE = 2_048  # pixels: a street name stays readable
MOST_PIXELS = 60_000_000  # above any phone's camera, below what fills the memory


class NotAPhoto(ValueError):
    """The bytes are no photo we can open; the message may be shown."""


def clean_photo(data: bytes) -> bytes:
    """The photo as JPEG without EXIF (place, time, device), at most LONGEST_SIDE wide and high; raises NotAPhoto."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise NotAPhoto("照片太大了，请换一张小一点的。")
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _jpeg(upright)
    except NotAPhoto:
        raise
    except Exception as error:  # Pillow raises a dozen kinds on hostile bytes; each means the same to the visitor
        raise NotAPhoto("这张照片打不开，请换成 JPG 或 PNG 格式。") from error


def _jpeg(image: Image.Image) -> bytes:
    flat = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
