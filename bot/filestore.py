"""Photos that residents send: size and kind checked, re-encoded without EXIF, kept under their digest."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

LARGEST = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048


class NotAPhoto(Exception):
    """The bytes are no picture we take."""


def keep_photo(folder: Path, data: bytes) -> dict[str, Any]:
    """Keep a photo below `folder`; digest, kind, path (from `folder`) and size. Raises NotAPhoto."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > LARGEST:
        raise NotAPhoto("larger than 10 MB")
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.format not in ("JPEG", "PNG", "WEBP", "GIF") or opened.width * opened.height > MOST_PIXELS:
                raise NotAPhoto(f"{opened.format} {opened.width}x{opened.height}")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto(type(error).__name__) from None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)  # a new file: nothing of the old one's metadata is in it
    bytes_ = out.getvalue()
    digest = hashlib.sha256(bytes_).hexdigest()
    path = Path("photos") / digest[:2] / f"{digest}.jpg"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    if not (folder / path).exists():
        part = (folder / path).with_suffix(f".{id(data)}.part")
        part.write_bytes(bytes_)
        part.replace(folder / path)
    return {"digest": digest, "kind": "photo", "path": path.as_posix(), "size": len(bytes_)}
