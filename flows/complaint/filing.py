"""A case filed by staff for a resident: said in a command, asked only what is missing, with a code for the resident."""

from __future__ import annotations

from dataclasses import replace

from flows.complaint import about, asking, happened, kind, texts
from flows.complaint.locate import place_text
from flows.complaint.opening import described, opened
from flows.complaint.rules import service_of
from flows.effects import Effect
from flows.flow import Answers, Ask, Choice, Flow, Sense, Turn
from nlu.late import regex
from nlu.normalize import aligned
from nlu.script import kept

COMMAND = regex(
    r"^\s*(?:/(?:report|file)|代报|代(?:群众|居民|老人)?(?:登记|反映|上报)"
    r"|(?:帮|替|给)(?:群众|居民|老人|住户)(?:登记|反映|上报|报))(?:一下|一件)?[\s:：,，]*"
)
CODE = Choice("code", "给居民一个码", ("要码", "给码", "给他一个", "给一个"), Sense.YES)
TELL = Choice("tell", "不用，我来转告", ("我转告", "转告", "我来转告"), Sense.NO)


def after_command(text: str) -> str | None:
    """What stands after the command; None: it is none."""
    found = COMMAND.match(aligned(text))
    return text[found.end() :].strip() if found else None


def _summary(answers: Answers, turn: Turn) -> str:
    return texts.FILE_CONFIRM.format(
        service=service_of(turn.facts, answers["service"]).name,
        description=kept(described(answers, turn)),
        when=happened.line(answers, turn),
        place=kept(place_text(answers, turn)),
    )


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    receipt = texts.FILED_CODE if answers["contact"] == CODE.key else texts.FILED
    return (replace(opened(answers, turn), receipt=receipt, behalf=answers["contact"]),)


FILE = Flow(
    "case_file",
    "",
    frozenset(),
    (
        Ask(
            "description",
            texts.ASK_FILED,
            asking.description,
            fill=asking.first_description,
            name="情况",
            free=True,
            drops=("service", "about"),
        ),
        Ask("service", texts.ASK_SERVICE, kind.service, choices=kind.services, fill=kind.fill_service, name="类别"),
        Ask("place", texts.ASK_PLACE, asking.place, fill=asking.fill_place, name="位置", free=True),
        Ask("which", texts.ASK_WHICH, asking.which, choices=asking.candidates, when=asking.several),
        Ask("community", texts.ASK_COMMUNITY, asking.community, choices=asking.communities, when=asking.anywhere),
        Ask("about", about.question, choices=about.choices, when=about.asked),
        Ask("contact", texts.ASK_CONTACT, choices=lambda _a, _t: (CODE, TELL)),
    ),
    _finish,
    confirm=_summary,
    needs=frozenset({"my_cases", "places"}),
)
