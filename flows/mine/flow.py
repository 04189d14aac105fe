"""我的信息: what is held of a person and why; correcting it, withdrawing a consent, deleting everything."""

from __future__ import annotations

from flows.complaint.phone import number_in
from flows.complaint.rules import masked
from flows.effects import Consent, DropPersonal, Effect, ErasePersonal, KeepPersonal, Option, Say, WithdrawConsent
from flows.effects.volunteers import ShowOnBoard, Unregister
from flows.errors import NotAllowed, Unclear
from flows.facts import Held
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn
from flows.mine import link_texts, texts
from flows.mine.words import of_oneself
from flows.words import word
from nlu.late import regex

GUARDIAN = "guardian"
CHILD = "child"  # the field that says somebody is under 14 (个人信息保护法 art. 28, 31: a guardian has to agree)
FIELD_OF = {"phone": "phone", "name": "name", "display_name": "name"}  # what goes with a consent
VOLUNTEER = frozenset({"volunteer", "volunteer_guardian"})  # without which nobody is a volunteer
_YEARS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
_AGE = regex(
    r"(?:^|[，,。！!\s])我(?:今年|现在|才|刚满?|已经|只有|是)*\s*(\d{1,2}|十?[一二三四五六七八九]|十)周?岁(?=$|[了,，。！!、~\s啊呀哦]|想|要|可以|能|也|还|不)"
)
_SCHOOL = regex(
    r"(?:^|[，,。！!\s])我(?:是(?:一名|一个|个)?小学生|(?:还|正)?在?(?:上|读|念)(?:小学|幼儿园|[一二三四五六]年级)(?=$|[了,，。！!、~\s啊呀哦]|想|要|可以|能|也|还|不))"
)


def _phone(turn: Turn, _answers: Answers) -> str:
    found = number_in(turn.said.text)
    if not found:
        raise Unclear(texts.BAD_PHONE)
    return found


def _name(turn: Turn, _answers: Answers) -> str:
    name = turn.said.text.strip()
    if not 1 <= len(name) <= 20:
        raise Unclear(texts.BAD_NAME)
    return name


def _phone_kept(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    phone = str(answers["phone"])
    kept = (Consent(turn.person, "phone", "phone-1"), KeepPersonal(turn.person, "phone", phone))
    return (*kept, Say(texts.PHONE_KEPT.format(phone=masked(phone))))


def _name_kept(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    name = str(answers["name"])
    kept = (Consent(turn.person, "name", "name-1"), KeepPersonal(turn.person, "name", name))
    return (*kept, Say(texts.NAME_KEPT.format(name=name)))


FLOWS = (
    Flow("mine_phone", "", frozenset(), (Ask("phone", texts.ASK_PHONE, _phone),), _phone_kept),
    Flow("mine_name", "", frozenset(), (Ask("name", texts.ASK_NAME, _name, free=True),), _name_kept),
)


def show(state: State, turn: Turn) -> Outcome:
    """What is held, under which consents, and the way to each right."""
    held = turn.facts.held or Held()
    shown = [(k, v) for k, v in held.fields.items() if k in texts.FIELDS]
    lines = [texts.HELD] if shown else [texts.NOTHING]
    for key, value in shown:
        value = masked(value) if key.endswith("phone") else value
        lines.append(texts.FIELD.format(name=texts.FIELDS[key], value=value))
    if held.consents:
        lines.append(texts.AGREED)
        lines += [texts.CONSENT.format(purpose=_called(p), day=day) for p, day in held.consents]
    if held.cases or held.threads or held.sign_ups:
        lines.append(texts.COUNTS.format(cases=held.cases, threads=held.threads, sign_ups=held.sign_ups))
    return Outcome(state, (Say("\n".join([*lines, texts.HINT]), options=_ways(held)),))


def wished(state: State, turn: Turn) -> Outcome | None:
    """What is held, or how to move to another account, for who asks for it in words of their own."""
    match of_oneself(word(turn.said.text)):
        case "data":
            return show(state, turn)
        case "erase":
            return Outcome(state, erase_asked(turn))
        case "move":
            return Outcome(state, (moving(),))
    return None


def moving() -> Say:
    """The ways to another phone, number or account."""
    return Say(
        link_texts.WHICH,
        options=((Option(link_texts.GIVE_CODE, "account.code"), Option(texts.FIX_PHONE, "mine.phone")),),
    )


def _called(purpose: str) -> str:
    return texts.PURPOSES.get(purpose, purpose)


def _ways(held: Held) -> tuple[tuple[Option, ...], ...]:
    phone = texts.FIX_PHONE if "phone" in held.fields else texts.LEAVE_PHONE
    name = texts.FIX_NAME if "name" in held.fields else texts.LEAVE_NAME
    withdraw = (
        (Option(texts.WITHDRAW.format(purpose=_called(p))[:40], "mine.withdraw", {"purpose": p}),)
        for p, _ in held.consents
    )
    return (
        (Option(texts.COPY, "mine.copy"), Option(texts.ERASE, "mine.erase")),
        (Option(phone, "mine.phone"), Option(name, "mine.name")),
        (Option(texts.UNBIND, "account.list"),) if held.accounts > 1 else (Option(texts.BIND, "account.code"),),
        *withdraw,
    )


def withdraw(turn: Turn, purpose: str) -> tuple[Effect, ...]:
    """A consent ends, and with it what was kept under it."""
    held = turn.facts.held or Held()
    if purpose not in dict(held.consents):
        raise NotAllowed(texts.NOT_AGREED)
    field = FIELD_OF.get(purpose)
    still = any(FIELD_OF.get(p) == field for p, _ in held.consents if p != purpose)
    gone, drop = "", tuple[Effect, ...]()
    if purpose == "volunteer_board":
        drop = (ShowOnBoard(turn.person, "off"),)
    if purpose in VOLUNTEER:
        other = (WithdrawConsent(turn.person, p) for p, _ in held.consents if p in VOLUNTEER - {purpose})
        gone, drop = texts.WITHDRAWN_VOLUNTEER, (Unregister(turn.person), *other)
    if field is not None and field in held.fields and not still:
        gone, drop = texts.WITHDRAWN_FIELD.format(name=texts.FIELDS[field]), (DropPersonal(turn.person, field),)
    return (
        WithdrawConsent(turn.person, purpose),
        *drop,
        Say(texts.WITHDRAWN.format(purpose=_called(purpose), gone=gone)),
    )


def erase_asked(turn: Turn) -> tuple[Effect, ...]:
    """What deleting everything means for what is under way; then the question."""
    held = turn.facts.held or Held()
    lines = [texts.ERASE_FIRST]
    if held.alone:
        lines.append(texts.ERASE_CASES.format(numbers="、".join(held.alone)))
    if held.shared:
        lines.append(texts.ERASE_SHARED.format(numbers="、".join(held.shared)))
    if held.upcoming:
        lines.append(texts.ERASE_SIGN_UPS.format(count=held.upcoming))
    if held.bookings:
        lines.append(texts.ERASE_BOOKINGS.format(numbers="、".join(held.bookings)))
    if held.mediations:
        lines.append(texts.ERASE_MEDIATIONS.format(numbers="、".join(held.mediations)))
    if held.household:
        lines.append(texts.ERASE_POINTS)
    if held.works:
        lines.append(texts.ERASE_WORK)
    row = (Option(texts.ERASE_YES, "mine.erase_now"), Option(texts.ERASE_NO, "mine.keep"))
    return (Say("\n".join([*lines, texts.ERASE_REST, texts.ERASE_ASK]), options=(row,)),)


def erased(turn: Turn) -> tuple[Effect, ...]:
    return (ErasePersonal(turn.person), Say(texts.ERASED))


# -- under 14 ----------------------------------------------------------------------------------------------------------


def says_child(text: str) -> bool:
    """Whether somebody says of themselves that they are under 14."""
    age = _AGE.search(text)
    if age:
        said = age[1]
        years = int(said) if said.isdecimal() else 10 * said.startswith("十") + _YEARS.get(said.removeprefix("十"), 0)
        return 0 < years < 14
    return bool(_SCHOOL.search(text))


def guardian_first(state: State, turn: Turn) -> Outcome | None:
    """A child is served once a guardian has agreed; nothing they said is kept until then."""
    if not turn.facts.child and not says_child(turn.said.plain):
        return None
    if turn.facts.guarded:
        return None
    known: tuple[Effect, ...] = () if turn.facts.child else (KeepPersonal(turn.person, CHILD, "1"),)
    if turn.facts.child and not says_child(turn.said.plain):  # read once already
        return Outcome(state, (Say(texts.GUARDIAN_WAITS, options=((Option(texts.GUARDIAN_YES, "mine.guardian"),),)),))
    said = texts.GUARDIAN.format(words=texts.VERSIONS["guardian-1"])
    return Outcome(state, (*known, Say(said, options=((Option(texts.GUARDIAN_YES, "mine.guardian"),),))))


def guarded(turn: Turn) -> tuple[Effect, ...]:
    return (Consent(turn.person, GUARDIAN, "guardian-1"), Say(texts.GUARDIAN_KEPT))
