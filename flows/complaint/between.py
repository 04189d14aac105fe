"""What residents say between two questions of a report that is no answer: how long, more of it, another matter."""

from __future__ import annotations

from dataclasses import replace

from flows.complaint import elsewhere, retelling, rights, texts, unplaced
from flows.complaint.asking import (
    LONGEST,
    NO_PHOTO,
    asks,
    fill_phone,
    fill_place,
    hazard,
    photo_later,
    photoless,
    photos,
)
from flows.complaint.asking_time import told_late
from flows.complaint.desks import INTENT
from flows.complaint.halfway import asks_of_another, over
from flows.complaint.happened import heard
from flows.complaint.locate import WHERE, nearer, only_a_place, pinned_in, put_right, vague, where_told
from flows.complaint.opening import how_long
from flows.complaint.own import ONLY_ASKS, my_cases
from flows.complaint.phone import (
    PHONE,
    calling,
    in_figures,
    number_and_hint,
    of_calling,
    only_number,
    own_phone,
    reached,
    refuses,
)
from flows.complaint.retelling import and_again
from flows.complaint.rules import MAY_WITHDRAW, meant_by
from flows.complaint.unplaced import SINCE, unsaid, wont_say
from flows.declared import Flow
from flows.effects import Say
from flows.flow import CHANGE, CONFIRM, Outcome, State, Turn, resume, stop
from flows.further import asks_further
from flows.words import ANGRY, word
from nlu.late import regex
from nlu.normalize import aligned
from nlu.understanding import Understanding

SURE = 0.8  # that it is told as a matter at all
NAMED = 0.7  # that it is of another service than the one being registered
LEAST = 8  # characters: fewer tell no matter
BESIDES = regex(
    r"\d{5}|电话|手机|号码|照片|图片|相片|[拍发留]|[?？吗]|怎么|为什么|干嘛|不方便|不想"
)  # of phone and photos
NEARER = regex(  # 就是一楼那家
    r"[一二三四五六七八九十两\d][楼单层户]|那[家户边头]|隔壁|对面|旁边|门口|楼[上下]|[东西南北]边"
)
ANOTHER = regex(r"(?:哦|噢|啊|对了|[,，。 ])*(?:还有(?!谁|人|几)|另外|再就是|顺便|顺带|再(?:说|反映|报)一?[个件下])")
STREET = regex(r"[路街巷弄桥]")
LONGEST_PLACE = 20  # of a place told late
MANY = regex(  # 全楼, 家家户户都这样: how many it is about
    r"(?:我们?|咱们?|这|那|不止我家?|[,， ]){0,3}(?:[全整每][个一]?(?:栋|幢|座)?(?:楼|栋|幢|单元|小区|院子?|村|层)"
    r"|家家户户|家家|户户|所有人|大家|好[多几][家户]|楼上楼下)"
    r"(?:都|的|人|居民|住户|这样|没有?|停|[水电气网]|了|啊|呢|有意见|受影响|是|也|[,， ]){0,6}"
)
SUFFERS = regex(r"(?:就|我们?|孩子|老人)*+(?:怕|担心|影响|危险|难闻|熏|睡不|吓|受不了|很|太|有)")  # 怕老人摔
CANNOT = regex(r"(?:我们?|孩子|老人|[妈爸]|的|轮椅|婴儿车)*+都[上下进出过]不")  # 我妈的轮椅都下不来
SLEEPLESS = regex(r"(?:都|也|晚上|我|根本|实在){0,3}(?:睡不|受不|吃不|喘不|熬不|待不)[着了下过好住]")
OFTEN = regex(r"每天|天天|每晚|经常|老是|总是|一直")
MOST_LINES = 4  # told in between; what comes then is an answer, so that a place whose name sounds like telling is one
SHORTEST, LIT = 3, 0.5  # of what reads like a problem of this place
LEAST_MORE = 4  # and fewer than these nothing more of one
# Questions that another city answers.
PLACED_BY = frozenset({"description", "service", "about", "place", "which", "community", CONFIRM})
REPORT, WITHDRAW = "report_problem", "withdraw_case"


def between(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The answer, then the open question again; None when it was nothing of the kind."""
    if turn.said.understood.intent == WITHDRAW and not turn.facts.my_cases and MAY_WITHDRAW.fullmatch(turn.said.plain):
        return and_again(flow, state, turn, texts.MAY_CHANGE)
    if turn.said.understood.intent == WITHDRAW and not turn.facts.my_cases:
        return Outcome(stop(state), (Say(texts.NOT_FILED),))
    if over(turn):
        return Outcome(stop(state), (Say(texts.OVER),))
    if asks_of_another(turn):
        return resume(flow, state, turn).after(*my_cases(state, turn).effects)
    if not turn.said.answer and (
        elsewhere.told(turn) or (state.asking in PLACED_BY and elsewhere.instead_of_a_place(turn))
    ):
        return elsewhere.ended(state, turn)
    if "service" in state.answers and ANGRY.search(word(turn.said.text)) and not reports(turn.said.understood):
        return and_again(flow, state, turn, texts.SORRY)
    if whole := retelling.of_the_thing(flow, state, turn):
        return whole
    told = how_long(state, turn)
    if told:
        return and_again(flow, state, turn, told)
    seen, service = turn.said.understood, state.answers.get("service")
    if service is None:
        told_more = retelling.told_anew(flow, state, turn) or _only_where(flow, state, turn)
        return told_more or (_besides(flow, state, turn) if state.asking == "service" else None)
    if law := rights.aside(flow, state, turn):
        return law
    if unplaced := _wont_say_where(flow, state, turn):
        return unplaced
    if seen_in_it := retelling.of_the_photo(flow, state, turn):
        return seen_in_it
    if placed := _placed(flow, state, turn):
        return placed
    if besides := _besides(flow, state, turn):
        return besides
    if corrected := retelling.corrected(flow, state, turn):
        return corrected
    if put_right(turn.said.text):  # 不对，是33户
        return _more(flow, state, turn)
    if seen.intent == "amend_case" and len(ONLY_ASKS.sub("", seen.plain).strip(" ，,。：:、")) >= SHORTEST:
        return _more(flow, state, turn)  # 我还要补充一下，他们用的是大喇叭
    if state.asking != "which" and _goes_on(state, turn):
        return _more(flow, state, turn)
    if not ANOTHER.match(seen.plain) and (not reports(seen) or len(seen.plain) < LEAST):
        return None
    return _another(flow, state, turn) if another(seen, service) else _more(flow, state, turn)


def _goes_on(state: State, turn: Turn) -> bool:
    """Whether it only tells or asks more of the matter: a question to a desk asked further, or told where a place, a
    phone or a photo was asked for."""
    text, seen = turn.said.plain, turn.said.understood
    if state.answers["description"]["text"].count("\n") >= MOST_LINES:
        return False
    if meant_by(text) == INTENT:  # another question, which a counter settles
        return False
    if asks(state.answers, turn) and asks_further(text):
        return True
    if any(one.fullmatch(text.strip(" 。.!！~")) for one in (MANY, SINCE)):
        return True
    other = seen.flow not in (None, "complaint", "legal") and seen.confidence >= SURE
    where = state.asking in ("place", "community", "about")
    besides = state.asking in ("phone", "photos") and not BESIDES.search(text)
    lit = (seen.local >= LIT or OFTEN.search(text)) and len(text) >= SHORTEST  # 又停了, of the lift
    lit = lit or SLEEPLESS.match(text) is not None
    few = where or NEARER.search(text) or SUFFERS.match(text)
    long = lit or len(text) >= (LEAST_MORE if few else LEAST)
    word_of_ours = meant_by(text) not in (None, "" if turn.facts.my_cases else "rate_case")
    tells = (where or besides) and long and not unsaid(text) and not word_of_ours
    long_enough = not CANNOT.match(text) and (len(text) >= LEAST or ANOTHER.match(text))
    return tells and not other and not (long_enough and another(seen, state.answers["service"]))


def _only_where(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The place, told where it was asked what is wrong, or of which kind that is."""
    alone = turn.said.location or (state.asking in ("description", "service") and only_a_place(turn))
    if not alone or turn.said.answer:
        return None
    place = nearer(turn, state.answers) or fill_place(turn, {})
    told = replace(state, answers={**state.answers, "place": place})
    if place is None or state.asking == "description":  # which says itself that the place was heard
        return resume(flow, told, turn) if place else None
    return and_again(flow, told, turn, texts.PLACED)


def _besides(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The answer to another question than the one that was asked: a phone, a photo."""
    text, answers = in_figures(aligned(turn.said.text)), state.answers
    if answers.get("phone") and not PHONE.search(text) and calling(text):
        number, _ = number_and_hint(answers["phone"])
        kept = replace(state, answers={**answers, "phone": reached(number, text)})
        return and_again(flow, kept, turn, texts.CALLING_TOLD)
    if state.asking in (CONFIRM, CHANGE):
        return None
    if state.asking in ("phone", "photos") and not answers.get("phone") and of_calling(text):
        return _more(flow, state, turn)  # 不能打电话, 只能发短信: whoever comes should know
    phone = own_phone(text)[0] or only_number(text)
    if state.asking != "phone" and phone:
        kept = replace(state, answers={**answers, "phone": reached(phone, text)})
        return and_again(flow, kept, turn, texts.PHONE_TOLD)
    if state.asking != "phone" and refuses(text):
        return and_again(flow, replace(state, answers={**answers, "phone": ""}), turn, texts.PHONELESS)
    if state.asking == "photos" and photo_later(turn):
        without = replace(state, answers={**answers, "photos": NO_PHOTO}, asking="", since=0)
        return and_again(flow, without, turn, texts.PHOTO_LATER)
    if state.asking in ("phone", "photos") and (when := told_late(turn, answers)):
        return and_again(flow, replace(state, answers={**answers, "when": when}), turn, texts.WHEN_TOLD)
    if state.asking != "photos" and photoless(turn):
        return and_again(flow, replace(state, answers={**answers, "photos": NO_PHOTO}), turn, texts.PHOTOLESS)
    if state.asking != "photos" and turn.said.photos and not text.strip():
        told = {**answers, "photos": photos(turn, answers)}
        return and_again(flow, replace(state, answers=told), turn, texts.PHOTO_TOLD)
    return None


def _wont_say_where(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """Nobody has to say where: who won't is told what that means, and, saying so again, goes on without a place."""
    if state.asking != "place" or turn.said.answer or not wont_say(turn.said.text):
        return None
    if not state.tries:
        return and_again(flow, replace(state, tries=1), turn, unplaced.MAY_STAY_UNSAID)
    place = {"text": unplaced.PLACELESS, "area": turn.facts.area, "building": None}
    onward = replace(state, answers={**state.answers, "place": place}, asking="", tries=0, since=0)
    return and_again(flow, onward, turn, unplaced.WITHOUT_PLACE)


def _placed(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """A place that is known, told after one that nobody knew; or the building, told after its estate."""
    place, seen = state.answers.get("place"), turn.said.understood
    if state.asking in ("place", "which", CONFIRM) or seen.slots.phone or len(seen.plain) > LONGEST_PLACE:
        return None
    before = where_told(state.answers)
    pin = turn.said.location is not None
    found = pinned_in(turn, state.answers) if pin else nearer(turn, state.answers)
    right = put_right(turn.said.text)
    if found is None or (not pin and not right and _tells_another(state, turn)):
        return None
    drawn = ("which", "community", "about", "together") if right else ("which", "community")
    kept = {slot: value for slot, value in state.answers.items() if slot not in drawn}
    onward = replace(state, asking="", since=0) if found.get("several") or state.asking == "community" else state
    if found.get("several"):
        return resume(flow, replace(onward, answers={**kept, "place": found}), turn)
    if not found.get("area") and not pin:
        return None
    narrower = before is None or (found["building"] and turn.facts.places.inside(found["area"], before))
    if not pin and not narrower and not right:
        return None
    told = place["text"] if place else ""
    joined = before is None and not right and told not in found["text"]
    if joined and not vague(told) and WHERE.search(told):  # 人民路, 靠近菜场
        inside = state.asking == "community" and not STREET.search(told) and not pin  # 大门那里, of the estate told now
        found = {**found, "text": f"{found['text']} {told}" if inside else f"{told}，{found['text']}"}
    return and_again(
        flow, replace(onward, answers={**kept, "place": found}), turn, texts.PUT_RIGHT if right else texts.PLACED
    )


def _tells_another(state: State, turn: Turn) -> bool:
    """幸福里那套的楼道灯也坏了, of a leak: the place in it is that of the other matter."""
    seen = turn.said.understood
    return len(seen.plain) >= LEAST and another(seen, state.answers["service"]) and not only_a_place(turn)


def reports(seen: Understanding) -> bool:
    """Whether it tells a matter at all."""
    return seen.intent == REPORT and seen.confidence >= SURE


def another(seen: Understanding, service: str) -> bool:
    """Whether it tells a matter of another service."""
    best, sure = seen.services[0] if seen.services else ("", 0.0)
    return (reports(seen) or ANOTHER.match(seen.plain) is not None) and best != service and sure >= NAMED


def _another(flow: Flow, state: State, turn: Turn) -> Outcome:
    """It waits until this one is registered, and is offered then."""
    words = turn.said.text.strip()[:500]
    kept = state if (flow.name, words) in state.later else replace(state, later=(*state.later, (flow.name, words))[:5])
    return and_again(flow, kept, turn, texts.ANOTHER)


def _more(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """It goes with what was told; at the confirmation a place or a phone in it is another place or phone instead."""
    if state.asking == CONFIRM and fill_place(turn, state.answers):
        return None
    told = state.answers["description"]
    text = turn.said.text.strip()
    if text in told["text"] and state.asking != CONFIRM:
        return and_again(flow, state, turn, unplaced.KNOWN_ALREADY)
    if text in told["text"] or fill_phone(turn, {}) != turn.facts.phone:
        return None
    added = {**heard(turn), **told, **hazard(turn), "text": f"{told['text']}\n{text}"[:LONGEST]}
    return and_again(flow, replace(state, answers={**state.answers, "description": added}), turn, texts.ADDED_TOO)
