"""What a platform cannot do with a group of the community file, said before anybody waits for it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.wecom.address import Way, place
from bot.community.fields import Channel
from bot.community.schema import Group
from nlu.late import regex

NO_WECHAT_GROUPS = (
    "ordinary WeChat groups have no official bot: leave `wechat` out; residents write to the official account, and "
    "`linli export posters` prints its QR codes"
)
_NUMBER = regex(r"-?\d+")
FORMS = "a group on wecom is app:zhang|li, appchat:an1d, robot:a-name or bot:its-chat-id"
APPCHAT = (
    "the app does not hear what is said in an appchat, and shows no buttons there: only news and links arrive; where "
    "cases are worked on, write app: and the members"
)
ROBOT = "a group robot only pushes: nobody can answer it, and there are no buttons"
ROBOT_RESIDENTS = f"{ROBOT}; its texts carry a link to a chat of one's own, and once a week a QR code"
BOT = "an intelligent bot hears only lines that mention it and cannot begin to speak: no digests, no alerts, no offers"
NO_NUMBER = "{what} on telegram is a number such as {like}, not {given!r}: {then}"
STRANGERS = "reaches members of the corporation only: residents need the official account or another channel"


def group(one: Group) -> tuple[list[str], list[str]]:
    """(what is wrong, what is worth knowing) of a group's addresses."""
    wrong = [NO_WECHAT_GROUPS] if one.wechat else []
    if one.telegram and not _NUMBER.fullmatch(one.telegram):
        then = "it stands in the address when the group is open at web.telegram.org/a"
        wrong.append(NO_NUMBER.format(what="a group", like="-1001234567890", given=one.telegram, then=then))
    if one.wecom is None:
        return wrong, []
    way = place(one.wecom).way
    said = {Way.APPCHAT: [APPCHAT], Way.ROBOT: [ROBOT], Way.BOT: [BOT]}.get(way, [])
    if way is Way.MEMBER or not place(one.wecom).id:
        wrong.append(FORMS)
    elif one.role == "residents" and way is Way.ROBOT:
        said = [ROBOT_RESIDENTS]
    elif one.role == "residents" and way in (Way.APP, Way.APPCHAT):
        said = [*said, f"{way}: {STRANGERS}"]
    return wrong, said


def accounts(given: Mapping[Channel, str]) -> list[str]:
    """What is wrong with somebody's accounts."""
    account = given.get("telegram")
    if account is None or _NUMBER.fullmatch(account):
        return []
    then = "leave it out, and let them send the bot the code of `linli staff code KEY`"
    return [NO_NUMBER.format(what="an account", like="123456789", given=account, then=then)]
