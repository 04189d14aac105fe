"""A font that holds Chinese, for what is drawn: the system's own where it has one, else that of the `fonts` extra."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

SYSTEM = (  # path, place in the collection
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 1),
    ("C:/Windows/Fonts/msyh.ttc", 0),
)
PACKAGE = ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf")


class Font(NamedTuple):
    """A font file, and which of the fonts in it is meant."""

    path: Path
    place: int = 0


@cache
def chinese() -> Font | None:
    """The first font found; None where there is none, and what would be drawn has to be said in words."""
    for path, index in SYSTEM:
        if Path(path).exists():
            return Font(Path(path), index)
    return packaged()


def packaged() -> Font | None:
    """The font that came with the `fonts` extra."""
    found = importlib.util.find_spec(PACKAGE[0])
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / PACKAGE[1]
        if path.exists():
            return Font(path)
    return None
