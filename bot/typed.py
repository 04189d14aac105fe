"""A choice typed instead of pressed: "2" or the label means that choice of the message just shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot import privatetalk
from flows.choosing import NUMBER, place_of
from flows.errors import Unclear
from flows.flow import Said, Sense, State, read
from flows.words import NODS, word
from flows.yesno import sense_of
from nlu.late import regex
from nlu.understanding import Understanding
from storage import outbox_shown

if TYPE_CHECKING:
    from bot.turn import Scene

Choice = Mapping[str, Any]  # of what was shown: token, label
LONGEST = 20  # characters; longer labels are not typed
SO_SO = frozenset({"还行", "还行吧", "还可以", "还可以吧", "可以吧", "一般吧", "一般般", "凑合", "凑合吧", "马马虎虎"})
TAKE = "接下"
TAKES = (TAKE, "接单")
GOES = regex(  # 好的，我马上过去
    r"(?:好的?|收到|行|嗯|[,，。 ])*+"
    r"(?:我(?:马上|这就|现在|先)?(?:过?去|来|到|接|处理|负责)|(?:马上|这就|现在)(?:过?去|过?来|到|处理)"
    r"|我?在(?:路上|赶)|我?(?:已经?|这就|马上)?出发)(?:了|吧|处理|看看?|一下|接[手下单]){0,3}"
)


def token(scene: Scene, understood: Understanding) -> str | None:
    """The button that is meant; None when the words are no choice, or answer the open question."""
    text = word(scene.said.text)
    number = NUMBER.fullmatch(text)
    if not text or len(text) > LONGEST or scene.photos or scene.said.reply_to:
        return None
    shown = outbox_shown.last_choices(scene.conn, scene.chat.id)
    if number:
        place = place_of(number)
        chosen = shown[place - 1] if 0 < place <= len(shown) else None
    else:
        chosen = _labelled(shown, text) or _taken(shown, text) or _offered(scene, shown, text)
    return str(chosen["token"]) if chosen and not _answers(scene, understood) else None


def _labelled(shown: Sequence[Choice], text: str) -> Choice | None:
    """The one that is called so, or begins so: 登记下来 for 登记下来，请社区答复."""
    text = "一般" if text in SO_SO else text  # of 满意 一般 不满意
    whole = [choice for choice in shown if word(choice["label"]) == text]
    begun = [choice for choice in shown if word(choice["label"].partition("，")[0]) == text]
    return next(iter(whole or begun), None)


def _taken(shown: Sequence[Choice], text: str) -> Choice | None:
    """我马上去, to a card that waits for somebody to take it; where nothing else can be chosen (an alarm), a nod as
    well: whoever answers 收到 has it."""
    takes = next((choice for choice in shown if choice["label"] in TAKES), None)
    nods = text in NODS and [choice["label"] for choice in shown] == [TAKE]
    return takes if takes and (nods or GOES.fullmatch(text)) else None


def _offered(scene: Scene, shown: Sequence[Choice], text: str) -> Choice | None:
    """What yes or no comes to after an offer of two, one of which declines (接着办, 不用了)."""
    declines = [choice for choice in shown if Sense.NO in sense_of(word(choice["label"]))]
    if len(shown) != 2 or len(declines) != 1 or scene.talk().get("flow"):
        return None
    senses = sense_of(text)
    if Sense.YES in senses:
        return next(choice for choice in shown if choice not in declines)
    return declines[0] if Sense.NO in senses else None


def _answers(scene: Scene, understood: Understanding) -> bool:
    """Whether the open question takes it: its own choices by number, or a number it asked for."""
    state = State.from_json(scene.talk())
    open_flow = scene.world.flows.get(state.flow)
    if open_flow is None:
        return False
    ask = open_flow.ask(state.asking)
    if ask is None:
        return True
    try:
        read(ask, state, privatetalk.turn_of(scene, Said(scene.said.text, understood), state))
    except Unclear:
        return False
    return True
