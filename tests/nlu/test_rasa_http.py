"""One contract over the embedded engine, Rasa and the chain of both; and what is done when Rasa's server fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from bot.commands.nlu import all_examples
from flows.catalogue import load_catalogue
from nlu.embedded import EmbeddedEngine
from nlu.rasa_http import FAILURES, FLOW_OF, LONGEST, REST, Chain, RasaEngine, flow_of
from nlu.understanding import Engine, Hazard, LocalService, Understanding
from tests.support.rasa import REPORT, FakeRasa, fake_rasa

ROOT = Path(__file__).resolve().parents[2]
SHORT, LONG = 0.2, 30.0  # seconds waited for a server that hangs, and for one that answers on a crowded machine
COMMANDS = [
    '/redeem{"a": 1}',
    " /redeem",
    "\n/redeem",
    "\t//redeem",
    "\u3000/redeem",
    "\u200b/redeem",
    "/ / redeem",
    "\u2028/redeem",
    "\x00/redeem",
    "\ufeff/redeem@0.9",
]
HARD = [
    "",
    " ",
    "\x00",
    "\ud800 x",
    "\u202e反",
    "👨\u200d👩\u200d👧" * 200,
    *COMMANDS,
    "？！" * 3000,
    "灯坏了" * 7000,
    "////",
]


@dataclass
class Stopwatch:
    """Seconds, moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def embedded() -> EmbeddedEngine:
    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    return EmbeddedEngine.load(ROOT / "nlu" / "weights", catalogue.labels(), second=False)


@pytest.fixture(scope="module")
def one_server() -> Iterator[FakeRasa]:
    with fake_rasa() as fake:
        yield fake


@pytest.fixture
def server(one_server: FakeRasa) -> FakeRasa:
    one_server.ranking, one_server.broken, one_server.hangs = list(REPORT), None, False
    one_server.asked.clear()
    return one_server


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def rasa(server: FakeRasa, embedded: EmbeddedEngine, watch: Stopwatch) -> Iterator[RasaEngine]:
    with httpx.Client(timeout=LONG, trust_env=False) as client:
        yield RasaEngine(server.url, embedded, client=client, monotonic=watch)


@pytest.fixture(params=["embedded", "rasa", "chain"])
def engine(request: pytest.FixtureRequest, embedded: EmbeddedEngine, rasa: RasaEngine) -> Engine:
    return {"embedded": embedded, "rasa": rasa, "chain": Chain(rasa, embedded)}[request.param]


class TestEveryEngine:
    """What holds whichever engine is asked."""

    @pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
    def test_no_text_raises_and_the_text_is_kept(self, engine: Engine, text: str) -> None:
        seen = engine.understand(text)
        assert seen.text == text and 0 <= seen.confidence <= 1
        assert seen.flow in {*FLOW_OF.values(), None}
        assert seen.service and seen.category and seen.label7

    @pytest.mark.parametrize("text", ["", "？！", "👍", "\u200b", "///"])
    def test_what_has_no_letters_is_chatter(self, engine: Engine, text: str) -> None:
        assert engine.understand(text).flow is None

    def test_the_ranking_is_of_flows_best_first_and_begins_with_the_flow(self, engine: Engine) -> None:
        seen = engine.understand("楼道灯坏了")
        chances = [p for _, p in seen.ranking]
        assert chances == sorted(chances, reverse=True) and chances[0] == seen.confidence
        assert seen.flow == seen.ranking[0][0] == flow_of(seen.intent) == "complaint"

    def test_everything_but_the_flow_is_the_embedded_engines_word(
        self, engine: Engine, embedded: EmbeddedEngine
    ) -> None:
        text = "3栋2单元着火了，我的电话13800000000"
        own, seen = embedded.understand(text), engine.understand(text)
        assert seen.danger == Hazard.FIRE and seen.slots.phone
        word = replace(seen, flow=own.flow, intent=own.intent, confidence=own.confidence, ranking=own.ranking)
        assert word == own

    def test_a_communitys_own_service_is_found(self, engine: Engine) -> None:
        pump = LocalService("our_pump", like="water_supply", phrases=("三号水泵不出水",))
        assert engine.understand("三号水泵又不出水了", local_services=(pump,)).service == "our_pump"

    def test_overheard_talk_stays_in_the_house(self, engine: Engine, server: FakeRasa) -> None:
        assert hasattr(engine, "quick")
        assert engine.quick().understand("楼道灯坏了").flow == "complaint"
        assert server.asked == []


def test_the_flow_is_the_servers_word_and_its_intents_add_up(server: FakeRasa, rasa: RasaEngine) -> None:
    server.ranking = [("ask_law", 0.4), ("redeem", 0.35), ("ask_rules", 0.25)]
    seen = rasa.understand("楼道灯坏了")
    assert (seen.flow, seen.intent) == ("points", "redeem") and abs(seen.confidence - 0.6) < 1e-9
    assert server.asked == ["楼道灯坏了"]


def test_an_unsure_server_is_not_taken_for_chatter(server: FakeRasa, rasa: RasaEngine) -> None:
    server.ranking = [("nlu_fallback", 0.4), ("ask_law", 0.35), ("chatter", 0.3)]
    assert rasa.understand("楼道灯坏了").flow == "legal"


def test_every_intent_of_ours_has_the_same_flow_in_both_engines() -> None:
    told = json.loads((ROOT / "nlu" / "weights" / "heads.json").read_text("utf-8"))["flow_of"]
    assert {name: flow_of(name) for name in told} == told
    assert {example.intent.partition("/")[0] for example in all_examples()} == set(told)


@pytest.mark.parametrize("text", COMMANDS, ids=range(len(COMMANDS)))
def test_a_typed_command_is_never_obeyed(server: FakeRasa, rasa: RasaEngine, text: str) -> None:
    assert rasa.understand(text).flow == "complaint"  # what the fake takes words for, not redeem
    assert server.asked and not server.asked[0].strip().startswith("/")


@pytest.mark.parametrize("text", ["灯坏了" * 7000, "\u200b" * 1000 + "灯坏了" * 7000, "/" * 19_000 + "灯" * 1000])
def test_a_long_message_is_capped(server: FakeRasa, rasa: RasaEngine, text: str) -> None:
    assert rasa.understand(text).flow == "complaint"
    assert [len(asked) for asked in server.asked] == [LONGEST]


def test_characters_json_cannot_carry_do_no_harm(server: FakeRasa, rasa: RasaEngine) -> None:
    for _ in range(FAILURES + 1):
        assert rasa.understand("\ud800灯坏了\udfff").flow == "complaint"
    assert server.asked == ["灯坏了"] * (FAILURES + 1)  # and nobody can open the breaker with them


def rows(*pairs: tuple[object, object]) -> Response:
    return JSONResponse({"intent_ranking": [{"name": name, "confidence": p} for name, p in pairs]})


BROKEN = {
    "500": Response("oh", 500),
    "redirect": Response("", 307, headers={"location": "http://127.0.0.1:9/"}),
    "empty": Response(""),
    "no JSON": Response("<html>"),
    "cut": Response('{"intent_ranking": [{"na'),
    "not UTF-8": Response(b'{"\xff\xfe": 1}'),
    "a list": JSONResponse([1]),
    "null": JSONResponse(None),
    "a number": JSONResponse(5),
    "no ranking": JSONResponse({"intent": {"name": "redeem", "confidence": 1}}),
    "null ranking": JSONResponse({"intent_ranking": None}),
    "ranking of words": JSONResponse({"intent_ranking": ["redeem"]}),
    "no name": JSONResponse({"intent_ranking": [{"confidence": 1}]}),
    "no number": rows(("redeem", "very")),
    "null number": rows(("redeem", None)),
    "above one": rows(("redeem", 7)),
    "below nought": rows(("redeem", -1)),
    "not a number": Response('{"intent_ranking": [{"name": "redeem", "confidence": NaN}]}'),
    "infinite": Response('{"intent_ranking": [{"name": "redeem", "confidence": 1e999}]}'),
    "deep": Response("[" * 100_000),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_nonsense_leaves_the_embedded_understanding(
    server: FakeRasa, rasa: RasaEngine, embedded: EmbeddedEngine, answer: Response
) -> None:
    server.broken = answer
    for engine in (rasa, Chain(rasa, embedded)):
        assert engine.understand("我想报名志愿活动") == embedded.understand("我想报名志愿活动")
    assert len(server.asked) == 2


def test_a_server_that_hangs_is_not_waited_for(server: FakeRasa, embedded: EmbeddedEngine) -> None:
    server.hangs = True
    with httpx.Client(timeout=httpx.Timeout(LONG, read=SHORT), trust_env=False) as client:
        seen = RasaEngine(server.url, embedded, client=client).understand("我想报名志愿活动")
    assert seen == embedded.understand("我想报名志愿活动")
    assert len(server.asked) == 1


def test_no_server_at_all(embedded: EmbeddedEngine) -> None:
    with httpx.Client(timeout=SHORT, transport=httpx.HTTPTransport()) as client:
        engine = RasaEngine("http://127.0.0.1:1", embedded, client=client)
        assert engine.understand("楼道灯坏了") == embedded.understand("楼道灯坏了")


class TestBreaker:
    """After failures in a row the server is left alone, then tried with one message."""

    def fail(self, server: FakeRasa, rasa: RasaEngine, times: int) -> None:
        server.broken = Response("oh", 500)
        for _ in range(times):
            rasa.understand("楼道灯坏了")

    def test_it_opens_after_failures_in_a_row(self, server: FakeRasa, rasa: RasaEngine) -> None:
        self.fail(server, rasa, FAILURES + 5)
        assert len(server.asked) == FAILURES

    def test_an_answer_between_failures_starts_the_count_again(self, server: FakeRasa, rasa: RasaEngine) -> None:
        self.fail(server, rasa, FAILURES - 1)
        server.broken = None
        rasa.understand("楼道灯坏了")
        self.fail(server, rasa, FAILURES - 1)
        assert len(server.asked) == 2 * FAILURES - 1

    def test_it_closes_after_the_rest_when_the_server_is_back(
        self, server: FakeRasa, rasa: RasaEngine, watch: Stopwatch
    ) -> None:
        self.fail(server, rasa, FAILURES)
        server.broken, server.ranking = None, [("redeem", 1.0)]
        watch.now += REST - 0.1
        assert rasa.understand("楼道灯坏了").flow == "complaint"
        watch.now += 0.2
        assert [rasa.understand("楼道灯坏了").flow for _ in range(3)] == ["points"] * 3

    def test_one_failure_after_the_rest_opens_it_again(
        self, server: FakeRasa, rasa: RasaEngine, watch: Stopwatch
    ) -> None:
        self.fail(server, rasa, FAILURES)
        watch.now += REST + 1
        self.fail(server, rasa, 5)
        assert len(server.asked) == FAILURES + 1


class TestChain:
    """Rasa where it is sure, else the embedded engine."""

    def understood(self, rasa: RasaEngine, embedded: EmbeddedEngine) -> Understanding:
        return Chain(rasa, embedded).understand("我想报名志愿活动")

    def test_a_sure_server_is_believed(self, server: FakeRasa, rasa: RasaEngine, embedded: EmbeddedEngine) -> None:
        server.ranking = [("ask_law", 0.51), ("chatter", 0.49)]
        assert self.understood(rasa, embedded).flow == "legal"

    def test_an_unsure_one_is_not(self, server: FakeRasa, rasa: RasaEngine, embedded: EmbeddedEngine) -> None:
        server.ranking = [("ask_law", 0.49), ("chatter", 0.3), ("redeem", 0.21)]
        assert self.understood(rasa, embedded) == embedded.understand("我想报名志愿活动")

    def test_one_that_only_says_it_is_unsure_is_not(
        self, server: FakeRasa, rasa: RasaEngine, embedded: EmbeddedEngine
    ) -> None:
        server.ranking = [("nlu_fallback", 0.9)]
        assert self.understood(rasa, embedded) == embedded.understand("我想报名志愿活动")

    def test_the_breaker_holds_in_a_chain(self, server: FakeRasa, rasa: RasaEngine, embedded: EmbeddedEngine) -> None:
        server.broken = Response("oh", 500)
        for _ in range(FAILURES + 2):
            assert self.understood(rasa, embedded).flow == "volunteer"
        assert len(server.asked) == FAILURES
