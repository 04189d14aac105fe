"""The same matter reported again: asked before a case is opened, joined with the neighbours', or taken up once more."""

from __future__ import annotations

from flows.complaint import about, texts, unplaced
from flows.complaint.locate import place_text, where
from flows.complaint.rules import OTHER, act_of, service_of
from flows.domain.places import building_level
from flows.domain.similar import Similar, shared
from flows.effects import ActOnCase, Effect
from flows.facts import FindSimilar
from flows.flow import Answers, Choice, Sense, Turn
from nlu.script import kept

YES, NEW = "yes", "new"
YES_WORDS = (
    "一起",
    "一起吧",
    "一起办",
    "一块",
    "一块儿",
    "合着办",
    "跟进",
    "算我一个",
    "加我一个",
    "同一件",
    "是同一件",
    "同一个",
    "就是那件",
)
NEW_WORDS = (
    "单独",
    "单独办",
    "另报",
    "另一件",
    "另外一件",
    "是另外一件",
    "不一样",
    "不是同一件",
    "不是一件",
    "不是一回事",
)
STILL = ("没解决", "还没解决", "没修好", "还没修好", "没弄好", "还是坏的", "又坏了", "老样子", "同一件事没解决")


def look(answers: Answers, turn: Turn) -> FindSimilar | None:
    """What is looked up as soon as the matter and its place are known; None: nothing to look for yet, or at all."""
    if not {"description", "service", "place"} <= answers.keys():
        return None
    if answers["place"].get("several") and "which" not in answers:
        return None
    area, building = where(answers, turn)
    unsaid = (answers["description"]["text"], answers["place"]["text"])
    if area is None or texts.SEE_PHOTO in unsaid or unplaced.PLACELESS in unsaid:
        return None
    service = service_of(turn.facts, answers["service"])
    if service.key == OTHER:  # what nobody could name is like nothing else
        return None
    if "about" not in answers and about.asked(answers, turn):
        return None
    units = about.about(answers, turn)
    complaint = act_of(answers["description"]["text"]) == "complaint"
    return FindSimilar(
        service=service.key,
        area=area,
        building=building,
        place=place_text(answers, turn),
        person=turn.person,
        offered=not units and complaint and shared(service.category, service.key),
    )


def found(answers: Answers, turn: Turn) -> Similar | None:
    """The likeliest case that is the same matter."""
    query = look(answers, turn)
    known: tuple[Similar, ...] = turn.facts.answers.get(query, ()) if query else ()
    return known[0] if known else None


def offered(answers: Answers, turn: Turn) -> bool:
    return found(answers, turn) is not None


def agreed(answers: Answers, turn: Turn) -> Similar | None:
    """The case that the resident says is the same."""
    return found(answers, turn) if answers.get("together") == YES else None


def alone(answers: Answers, turn: Turn) -> bool:
    return agreed(answers, turn) is None


def question(answers: Answers, turn: Turn) -> str:
    """Never with what a neighbour said or who it is."""
    same = found(answers, turn)
    if same is None or same.relation == "neighbours":
        return texts.NEIGHBOURS_TOO.format(people=same.people if same else "几")
    asked = texts.SAME_AS_MINE if same.relation == "mine" else texts.SAME_AS_DONE
    return asked.format(number=same.number, place=kept(building_level(same.place)))


LABELS = {"mine": ("是，补充进去", "不是，另报一件"), "done": ("是，请接着办", "不是，另报一件")}


def choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    same = found(answers, turn)
    yes, new = LABELS.get(same.relation if same else "", ("一起跟进", "不是同一件，单独办"))
    still = STILL if same and same.relation == "done" else ()
    return (Choice(YES, yes, (*YES_WORDS, *still), Sense.YES), Choice(NEW, new, NEW_WORDS, Sense.NO))


def again(same: Similar, answers: Answers) -> tuple[Effect, ...]:
    """More for one's own open case; one that ended is taken up again."""
    photos = answers.get("photos")
    more = {"note": answers["description"]["text"], "photos": photos if isinstance(photos, list) else []}
    added = ActOnCase(same.case, "add", more)
    return (added,) if same.relation == "mine" else (ActOnCase(same.case, "reopen"), added)
