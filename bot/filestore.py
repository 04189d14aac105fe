"""What residents send besides words: photos made anew without EXIF, voice by its kind; kept under their digest."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

LARGEST = 10 * 1024 * 1024  # bytes
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MOST_PIXELS = 60_000_000  # above any phone's camera, below what fills the memory
LONGEST_SIDE = 2_048  # pixels: a street name stays readable
VOICES = (  # how each begins, after so many bytes, and what it is called
    (0, b"OggS", "ogg"),
    (0, b"#!AMR", "amr"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (4, b"ftyp", "m4a"),
    (8, b"WAVE", "wav"),
)
VOICE_TYPES = {"ogg": "audio/ogg", "amr": "audio/amr", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav"}


class NotAPhoto(ValueError):
    """The bytes are no picture or voice we take; the message may be shown."""


def clean_photo(data: bytes) -> bytes:
    """The photo as JPEG without EXIF (place, time, device), at most LONGEST_SIDE wide and high; raises NotAPhoto."""
    from PIL import Image, ImageOps

    if len(data) > LARGEST:
        raise NotAPhoto("照片太大了，请换一张小一点的。")
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
    except Exception as error:  # Pillow raises a dozen kinds on hostile bytes; each means the same to the sender
        raise NotAPhoto("这张照片打不开，请换成 JPG 或 PNG 格式。") from error


def _jpeg(image: Any) -> bytes:
    from PIL import Image

    flat = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)  # a new file: nothing of the old one's metadata is in it
    return out.getvalue()


def keep_photo(folder: Path, data: bytes) -> dict[str, Any]:
    """Keep a photo below `folder`; digest, kind, path (from `folder`) and size. Raises NotAPhoto."""
    return _keep(folder, clean_photo(data), "photo", "photos", "jpg")


def keep_voice(folder: Path, data: bytes) -> dict[str, Any]:
    """Keep a voice message as it came, if it is one by its first bytes. Raises NotAPhoto."""
    kind = next((kind for start, mark, kind in VOICES if data[start : start + len(mark)] == mark), None)
    if kind is None or len(data) > LARGEST:
        raise NotAPhoto("这段录音太大，或者不是录音。")
    return _keep(folder, data, "voice", "voice", kind)


def _keep(folder: Path, data: bytes, kind: str, place: str, ending: str) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    path = Path(place) / digest[:2] / f"{digest}.{ending}"
    put(folder / path, data)
    return {"digest": digest, "kind": kind, "path": path.as_posix(), "size": len(data)}


def put(path: Path, data: bytes) -> None:
    """Make a file that is whole or not there, whatever happens; one that is there stays. Raises OSError."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}-{id(data)}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # what the database says of it is durable as well
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)  # the disk is full: half a photo would fill it more
        raise


def forget_uploads(folder: Path, before: datetime) -> int:
    """Delete the copies of photos that the web chat shows and that came before; says how many."""
    old = [path for path in (folder / "uploads").glob("*/*.jpg") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
