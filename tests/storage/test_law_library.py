"""The embedded library: which law holds on which day, and that all we wrote about it fits it."""

from __future__ import annotations

import json
import os
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.commands.law import app
from flows.legal.guides import find_guide
from flows.legal.search import LawSearch
from storage import law_vectors
from storage.law_guides import check_all, load_guides, read_guides
from storage.law_library import LawLibrary
from storage.law_search import load_knowledge, load_search
from storage.law_vectors import FOLDER, QUESTIONS, Sentences, load_meaning, mark, save, stored

LIBRARY = LawLibrary.embedded()
NOW = date(2026, 11, 22)


@cache
def by_words() -> LawSearch:
    """The search without vectors, built once for all tests here."""
    return load_search(LIBRARY, meaning=False)


def holds(law: str, number: str, on: date) -> bool:
    return LIBRARY.article(law, number, on) is not None


def test_the_noise_law_gave_way_to_the_ecological_code() -> None:
    before, after = date(2026, 8, 14), date(2026, 8, 15)
    assert holds("噪声污染防治法", "第一条", before)
    assert not holds("噪声污染防治法", "第一条", after)
    assert not holds("生态环境法典", "第一条", before)
    assert holds("中华人民共和国生态环境法典", "第一条", after)


def test_a_version_holds_until_its_successor_starts() -> None:
    old, new = (LIBRARY.article("商标法", "第一条", day) for day in (NOW, date(2027, 1, 1)))
    assert old is not None
    assert new is not None
    assert old.text != new.text
    assert old.until == new.begins == date(2027, 1, 1)


def test_criminal_law_is_in_force_though_marked_as_amended() -> None:
    found = LIBRARY.article("刑法", "第一百三十三条之一", NOW)
    assert found is not None
    assert "追逐竞驶" in found.text


def test_amendments_and_decisions_are_never_law_to_cite() -> None:
    for law in LIBRARY.laws(NOW):
        assert "修正案" not in law
        assert "关于修改" not in law


@pytest.mark.parametrize("day", [date(2012, 1, 1), date(2026, 8, 14), NOW, date(2027, 2, 1)])
def test_one_text_an_article_a_day(day: date) -> None:
    names = [(article.law, article.number) for article in LIBRARY.articles(day)]
    assert len(names) == len(set(names)) > 1000
    assert all(number.startswith("第") for _, number in names)


def test_before_the_last_amendment_the_wording_is_not_certain() -> None:
    found = LIBRARY.article("劳动合同法", "第八十二条", date(2009, 1, 1))
    assert found is not None
    assert not found.certain(date(2009, 1, 1))
    assert found.certain(NOW)


def test_what_does_not_exist_is_not_found() -> None:
    assert not holds("民法典", "第九千九百九十九条", NOW)
    assert LIBRARY.versions("没有这部法", "第一条") == ()


def test_every_question_we_wrote_belongs_to_an_article_in_force() -> None:
    lost = [name for name in load_knowledge().asked if not holds(*name, NOW)]
    assert lost == []


def test_every_guide_says_what_its_articles_say() -> None:
    failures, checked = check_all(NOW)
    assert failures == []
    assert checked > 150
    assert len({guide.key for guide in read_guides()}) >= 60


@pytest.mark.parametrize("module", ["legal/texts.py", "volunteer/own_texts.py", "deep/er/texts_of_more.py"])
def test_a_wrong_citation_in_any_module_of_texts_is_found(tmp_path: Path, module: str) -> None:
    written = tmp_path / module
    written.parent.mkdir(parents=True)
    written.write_text(
        'RULE = "依据《民法典》第九千九百九十九条"\nRIGHT = "《民法典》第一千零七十九条"\n', encoding="utf-8"
    )
    failures, _ = check_all(NOW, texts=tmp_path)
    assert failures == [f"flows/{module}: 《民法典》第九千九百九十九条 does not exist or is not in force"]


def test_a_guide_is_not_handed_out_when_its_article_left_force() -> None:
    noise = {guide.key for guide in load_guides(LIBRARY, date(2026, 1, 5))}
    assert "noise" not in noise  # it cites the ecological code, in force from August 2026
    assert "noise" in {guide.key for guide in load_guides(LIBRARY, NOW)}


@pytest.mark.parametrize(
    ("text", "law", "number"),
    [
        ("公司一直不跟我签劳动合同", "中华人民共和国劳动合同法", "第八十二条"),
        ("楼上扔东西砸到人了找不到是谁扔的", "中华人民共和国民法典", "第一千二百五十四条"),
        ("对方不同意离婚怎么办", "中华人民共和国民法典", "第一千零七十九条"),
        ("合同法没有了，民法典第587条还在吗", "中华人民共和国民法典", "第五百八十七条"),
    ],
)
def test_everyday_questions_find_their_article_by_words_alone(text: str, law: str, number: str) -> None:
    hits = by_words().search(text, top=5, on=NOW).hits
    assert (law, number) in [(hit.article.law, hit.article.number) for hit in hits]


def test_vectors_come_back_as_they_were_saved(tmp_path: Path) -> None:
    rows = np.random.default_rng(5).normal(size=(40, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = np.random.default_rng(6).permutation(40).astype(np.int64)
    save(tmp_path / "vectors.npz", keys, rows)
    again, small = stored(tmp_path / "vectors.npz")
    back = small[np.argsort(again)].astype(np.float32)
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    assert float((back * rows[np.argsort(keys)]).sum(axis=1).min()) > 0.999


def test_an_engine_that_cannot_be_loaded_says_nothing_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law_vectors, "vector_model", lambda: None)
    search = by_words()
    meaning = load_meaning(search, Sentences())
    assert meaning is not None
    hits = search.with_meaning(meaning).search("公司一直不跟我签劳动合同", top=5, on=NOW).hits
    assert {"第八十二条", "第十条"} & {hit.article.number for hit in hits}


def test_every_question_we_wrote_has_its_vector() -> None:
    keys, _ = stored(Path(str(FOLDER / QUESTIONS)))
    missing = {mark(question) for asked in load_knowledge().asked.values() for question in asked} - set(keys.tolist())
    assert not missing, f"{len(missing)} questions have no vector: run `linli law index`"


def test_the_command_answers_each_line_and_survives_bad_ones() -> None:
    lines = [
        json.dumps({"text": "公司不签劳动合同怎么办"}),
        "",
        "x",
        json.dumps({"text": ""}),
        '{"text":"\\ud800"}',
        "[1]",
    ]
    done = CliRunner().invoke(app, ["search", "--top", "7", "--words-only"], input="\n".join(lines))
    assert done.exit_code == 0
    assert done.stdout.isascii()
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in row for row in out] == [False, True, False, False, True]
    assert all(len(row["articles"]) == 7 for row in out if "articles" in row)
    assert out[2]["confident"] is False


def test_a_wrong_date_is_said() -> None:
    done = CliRunner().invoke(app, ["check", "--on", "yesterday"])
    assert done.exit_code == 2


def test_the_check_command_passes_on_a_day_and_fails_on_another() -> None:
    passed = CliRunner().invoke(app, ["check", "--on", "2026-11-22"])
    assert passed.exit_code == 0, passed.stdout
    failed = CliRunner().invoke(app, ["check", "--on", "2026-08-14"])  # the day before the ecological code
    assert failed.exit_code == 1
    assert "noise: 《生态环境法典》第五百九十九条 does not exist or is not in force" in failed.stdout


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("老闆拖欠我三個月工資，可以去勞動仲裁嗎", "wages-unpaid"),  # traditional script
        ("老细拖我两个月人工，点算好", "wages-unpaid"),  # Cantonese
        ("俺那口子天天揍俺，咋整", "domestic-violence"),
        ("我弟弟被派出所拘留了怎么办", "detention"),
        ("女儿被老师猥亵了怎么办", "sexual-assault"),
        ("我爸在工地摔断了腿，老板给了两千就不管了，没买社保，算工伤吗", "work-injury"),
        ("我爸走了，他的房子怎么过户，我还有个弟弟，没有遗嘱", "inheritance"),
        ("口头遗嘱有效吗", "will"),
        ("路口被抓拍了怎么办", None),
        ("小偷被抓了怎么办", None),
        ("人工智能拖慢了工作怎么办", None),
    ],
)
def test_which_guide_answers(text: str, key: str | None) -> None:
    found = find_guide(text, load_guides(LIBRARY, NOW))
    assert (found.key if found else None) == key


def test_nothing_we_wrote_is_copied_from_the_evaluation_text() -> None:
    shared = os.environ.get("LINLI_SHARED")
    if not shared:
        pytest.skip("LINLI_SHARED is not set: the written questions were NOT compared with the evaluation text")
    known = _runs(Path(shared) / "data")
    knowledge = load_knowledge()
    ours = [question for asked in knowledge.asked.values() for question in asked]
    ours += [*knowledge.lexicon, *(word for words in knowledge.lexicon.values() for word in words)]
    for guide in read_guides():
        ours += [guide.go, guide.bring, *(sentence.text for sentence in guide.law_sentences)]
    copied = [line for line in ours if any(line[at : at + 12] in known for at in range(len(line) - 11))]
    assert copied == []


def _runs(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            for text in json.loads(line).values():
                if isinstance(text, str):
                    found.update(text[at : at + 12] for at in range(len(text) - 11))
    return found
