"""Writes how the patterns of nlu/danger_words.py are looked for: `python -m tools.words`, after each change of them."""

from __future__ import annotations

import json

from nlu.danger import WORDS, words


def main() -> None:
    WORDS.write_text(json.dumps(words(), ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
