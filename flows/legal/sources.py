"""Sources of law to import, from markdown or JSON lines to checked values; every fault is named with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.legal.citations import numeral, value
from nlu.late import regex

KINDS = {
    "law": ("law", "法律"),
    "regulation": ("regulation", "行政法规", "法规"),
    "interpretation": ("interpretation", "司法解释"),
    "local": ("local", "地方性法规", "地方规章", "规章", "地方规定"),
    "charter": ("charter", "村规民约", "居民公约", "公约"),
    "notice": ("notice", "通告", "通知", "公告"),
}
_FIELDS = {
    "title": ("title", "标题", "名称"),
    "issuer": ("issuer", "制定机关", "发布机关", "发文机关"),
    "kind": ("kind", "类别", "种类"),
    "status": ("status", "状态", "时效"),
    "published": ("published", "公布日期", "发布日期", "通过日期"),
    "effective": ("effective", "施行日期", "生效日期"),
    "until": ("until", "失效日期", "废止日期"),
    "areas": ("areas", "适用区域", "适用地区"),
}
_STATUS = {"in_force": ("in_force", "现行有效", "有效"), "repealed": ("repealed", "已废止", "已失效", "废止", "失效")}
_NEEDED = ("title", "issuer", "kind", "published")
_NUMBER = "[零〇一二三四五六七八九十百千两0-9]+"
_ARTICLE = regex(rf"^[#>*\s　]*(第\s*{_NUMBER}\s*条(?:之[一二三四五六七八九十])?)((?:\*\*)?[\s　：:、.]*)(.*)$")
_CHAPTER = regex(rf"^[#*\s　]*(第\s*{_NUMBER}\s*[编章节].*?)\**\s*$")
_ITEM = regex(r"^[#>*\s　]*((?:[一二三四五六七八九十百]+|\d{1,3}))([、.．])[\s　]*(.*)$")
LONGEST = 20_000  # characters of an article


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line of a file, and what to do."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class SourceArticle:
    number: str
    chapter: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """One version of a source of law; `areas` are keys of a community file, none of them: it holds everywhere."""

    title: str
    issuer: str
    kind: str
    published: date
    begins: date
    until: date | None
    areas: tuple[str, ...]
    articles: tuple[SourceArticle, ...]
    line: int = 1
    areas_line: int = 1


def parse(name: str, text: str, today: date) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """The sources of a file by its ending (.jsonl: one a line; else markdown, one a file), and what is wrong."""
    problems: list[Problem] = []
    rows = _json_lines(text, problems) if name.endswith((".jsonl", ".json")) else _markdown(text, problems)
    sources = [source for row in rows if (source := _source(row, today, problems)) is not None]
    if not sources and not problems:
        problems.append(Problem(1, "there is nothing in it; see docs/law-sources.md for the form"))
    return tuple(sources), tuple(sorted(problems, key=lambda p: p.line))


@dataclass(frozen=True, slots=True)
class _Row:
    """What a file says of one source, with the line of each field and article."""

    line: int
    fields: Mapping[str, tuple[Any, int]]
    articles: tuple[tuple[SourceArticle, int], ...]


# -- markdown -------------------------------------------------------------------------------------------------------


def _markdown(text: str, problems: list[Problem]) -> list[_Row]:
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        problems.append(Problem(1, "the file must begin with --- and the fields title, issuer, kind, published"))
        return []
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        problems.append(Problem(1, "the fields are never closed: put --- in a line of its own after them"))
        return []
    fields: dict[str, tuple[Any, int]] = {}
    for at, line in enumerate(lines[1:end], 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        said, colon, given = line.replace("：", ":", 1).partition(":")
        key = _field(said.strip())
        if not colon or key is None:
            problems.append(Problem(at, f"“{said.strip()[:30]}” is no field; the fields are {', '.join(_FIELDS)}"))
        elif key in fields:
            problems.append(Problem(at, f"{key} is given twice; keep one"))
        else:
            fields[key] = (_plain(given), at)
    return [_Row(1, fields, tuple(_articles(lines, end + 1, problems)))]


def _field(said: str) -> str | None:
    return next((key for key, names in _FIELDS.items() if said in names), None)


def _plain(given: str) -> str:
    return given.split(" #", 1)[0].strip().strip("\"'“”")


def _articles(lines: list[str], first: int, problems: list[Problem]) -> Iterator[tuple[SourceArticle, int]]:
    """Articles by their 第…条; where there is none in the whole file, by the items 一、 or 1."""
    body = list(enumerate(lines[first:], first + 1))
    pattern = _ARTICLE if any(_ARTICLE.match(line) for _, line in body) else _ITEM
    chapter, number, at = "", "", 0
    said: list[str] = []
    for n, line in body:
        started = _begins(pattern.match(line), number)
        if started or _CHAPTER.match(line):
            if number:
                yield SourceArticle(number, chapter, "\n".join(said).strip()), at
            number, said = "", []
        if started:
            number, at = _number(started), n
            said = [started.groups()[-1].strip()]
        elif found := _CHAPTER.match(line):
            chapter = " ".join(found[1].split())
        elif number and line.strip():
            said.append(line.strip())
        elif line.strip() and not line.lstrip().startswith("#"):
            problems.append(Problem(n, "this text belongs to no article; begin articles with 第一条 (or 一、)"))
    if number:
        yield SourceArticle(number, chapter, "\n".join(said).strip()), at


def _begins(found: re.Match[str] | None, before: str) -> re.Match[str] | None:
    """A line that begins with 第八条规定的… goes on with an article, unless just that number is next."""
    if found is None or found[2] or not found[3]:
        return found
    return (
        found if value(found[1].strip("第条 ").split("条")[0]) == value(before[1:].split("条")[0] or "0") + 1 else None
    )


def _number(found: re.Match[str]) -> str:
    return canonical(found[1]) if found[1].startswith("第") else numeral(str(value(found[1])))


def canonical(number: str) -> str:
    """第 12 条 and 第十二条 are both 第十二条; raises ValueError for what is no number."""
    found = re.fullmatch(rf"第\s*({_NUMBER})\s*条(?:之([一二三四五六七八九十]))?", number.strip())
    if found is None:
        raise ValueError(number)
    try:
        return numeral(str(value(found[1])) + (f"-{value(found[2])}" if found[2] else ""))
    except KeyError:
        raise ValueError(number) from None


# -- JSON lines -----------------------------------------------------------------------------------------------------


def _json_lines(text: str, problems: list[Problem]) -> list[_Row]:
    rows = []
    for at, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(at, f"not JSON: {error}"))
            continue
        if not isinstance(row, dict):
            problems.append(Problem(at, 'a line is an object such as {"title":…,"articles":[{"number","text"}]}'))
            continue
        unknown = [key for key in row if _field(key) is None and key != "articles"]
        problems += [Problem(at, f"“{key[:30]}” is no field; the fields are {', '.join(_FIELDS)}") for key in unknown]
        fields = {found: (row[key], at) for key in row if (found := _field(key))}
        rows.append(_Row(at, fields, tuple(_json_articles(row.get("articles"), at, problems))))
    return rows


def _json_articles(given: Any, at: int, problems: list[Problem]) -> Iterator[tuple[SourceArticle, int]]:
    if not isinstance(given, list):
        problems.append(Problem(at, 'articles must be a list of {"number":"第一条","text":"…"}'))
        return
    for place, one in enumerate(given, 1):
        row = {"number": numeral(str(place)), "text": one} if isinstance(one, str) else one
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            problems.append(Problem(at, f'article {place} needs {{"number":"第一条","text":"…"}}'))
            continue
        try:
            number = canonical(str(row.get("number", "")))
        except ValueError:
            problems.append(Problem(at, f"article {place}: {str(row.get('number'))[:30]!r} is no number like 第十二条"))
            continue
        yield SourceArticle(number, str(row.get("chapter") or ""), row["text"].strip()), at


# -- what both come to ----------------------------------------------------------------------------------------------


def _source(row: _Row, today: date, problems: list[Problem]) -> Source | None:
    before = len(problems)
    said = {key: given for key, (given, _) in row.fields.items() if given not in (None, "")}
    for key in _NEEDED:
        if key not in said:
            problems.append(Problem(row.line, f"{key} is missing"))
    kind = _one_of(row, "kind", KINDS, problems)
    status = _one_of(row, "status", _STATUS, problems) or "in_force"
    published = _day(row, "published", problems)
    begins = _day(row, "effective", problems) or published
    until = _day(row, "until", problems)
    _check_articles(row, problems)
    if published and begins and begins < published:
        problems.append(Problem(_line(row, "effective"), "effective is before published; look at both dates"))
    if until and begins and until <= begins:
        problems.append(Problem(_line(row, "until"), "until must be after effective: the first day it no longer holds"))
    if status == "repealed" and until is None:
        problems.append(Problem(_line(row, "status"), "what is repealed needs until: the first day it no longer holds"))
    if status == "in_force" and until and until <= today:
        problems.append(
            Problem(_line(row, "until"), f"until is past, but status says in_force; say {_STATUS['repealed'][1]}")
        )
    if len(problems) > before or kind is None or published is None or begins is None:
        return None
    title, issuer = (str(said[key]).strip().removeprefix("《").removesuffix("》") for key in ("title", "issuer"))
    articles = tuple(article for article, _ in row.articles)
    areas = _areas(said.get("areas"))
    return Source(title, issuer, kind, published, begins, until, areas, articles, row.line, _line(row, "areas"))


def _check_articles(row: _Row, problems: list[Problem]) -> None:
    if not row.articles:
        problems.append(Problem(row.line, "there is no article in it; articles begin with 第一条 (or 一、)"))
    seen: dict[str, int] = {}
    for article, at in row.articles:
        if article.number in seen:
            problems.append(Problem(at, f"{article.number} stands already in line {seen[article.number]}"))
        seen[article.number] = at
        if not article.text:
            problems.append(Problem(at, f"{article.number} has no text"))
        if len(article.text) > LONGEST:
            problems.append(Problem(at, f"{article.number} has more than {LONGEST} characters; is a number missing?"))


def _line(row: _Row, key: str) -> int:
    return row.fields[key][1] if key in row.fields else row.line


def _one_of(row: _Row, key: str, known: Mapping[str, tuple[str, ...]], problems: list[Problem]) -> str | None:
    given = str(row.fields[key][0] or "") if key in row.fields else ""
    if not given:
        return None
    found = next((name for name, words in known.items() if given in words), None)
    if found is None:
        listed = ", ".join(f"{name} ({words[1]})" for name, words in known.items())
        problems.append(Problem(_line(row, key), f"{key} {given[:30]!r} is not known; one of {listed}"))
    return found


def _day(row: _Row, key: str, problems: list[Problem]) -> date | None:
    given = str(row.fields[key][0] or "").strip() if key in row.fields else ""
    if not given:
        return None
    found = re.fullmatch(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?", given)
    try:
        if found is None:
            raise ValueError(given)
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        problems.append(Problem(_line(row, key), f"{key} {given[:30]!r} is no date like 2026-08-15"))
        return None


def _areas(given: Any) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else re.split(r"[,，、\s]+", str(given or "").strip("[] "))
    return tuple(dict.fromkeys(str(area).strip() for area in listed if str(area).strip()))
