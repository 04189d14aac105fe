"""The written examples: enough of each, a service for each, no sentence in two flows."""

from collections import Counter
from pathlib import Path

from flows.catalogue import load_catalogue
from nlu.examples import parse_examples, share_of

ROOT = Path(__file__).resolve().parents[2]
BESIDE = [path for name in ("nlu", "hard") for path in ROOT.glob(f"flows/*/{name}.yml")]
FILES = sorted([*BESIDE, *(ROOT / "flows" / f"{name}.yml" for name in ("assistant", "chatter", "hard"))])
EXAMPLES = [example for path in FILES for example in parse_examples(path.read_text("utf-8"))]


def test_every_intent_has_at_least_eighty_examples() -> None:
    counts = Counter(example.intent.split("/")[0] for example in EXAMPLES)
    assert {name: n for name, n in counts.items() if n < 80} == {}
    assert counts["report_problem"] >= 3000


def test_every_service_has_examples_of_its_own_and_every_category_is_there() -> None:
    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    counts = Counter(e.intent.split("/")[1] for e in EXAMPLES if e.intent.startswith("report_problem/"))
    assert set(counts) == set(catalogue.services)
    assert {key: n for key, n in counts.items() if n < 20} == {}
    assert len(catalogue.categories) == 20
    assert len({service.label7 for service in catalogue.services.values()}) == 7


def test_no_sentence_is_an_example_of_two_intents() -> None:
    meanings: dict[str, set[str]] = {}
    for example in EXAMPLES:
        meanings.setdefault(example.text, set()).add(example.intent.split("/")[0])
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_a_share_has_some_of_every_intent_is_the_same_each_time_and_lies_in_a_larger_one() -> None:
    tenth, half = share_of(EXAMPLES, 0.1), share_of(EXAMPLES, 0.5)
    assert share_of(EXAMPLES, 0.1) == tenth
    assert {e.intent for e in tenth} == {e.intent for e in EXAMPLES}
    assert set(tenth) < set(half) < set(EXAMPLES)
    assert len(tenth) < 0.15 * len(EXAMPLES)
