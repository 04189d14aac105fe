"""What a platform cannot do with a group of the community file, said before anybody waits for it."""

from __future__ import annotations

from bot.channels.wecom.address import Way, place
from bot.community.schema import Group

NO_WECHAT_GROUPS = (
    "ordinary WeChat groups have no official bot: leave `wechat` out; residents write to the official account, and "
    "`linli export posters` prints its QR codes"
)
FORMS = "a group on wecom is app:zhang|li, appchat:an1d, robot:a-name or bot:its-chat-id"
APPCHAT = (
    "the app does not hear what is said in an appchat, and shows no buttons there: only news and links arrive; where "
    "cases are worked on, write app: and the members"
)
ROBOT = "a group robot only pushes: nobody can answer it, and there are no buttons"
ROBOT_RESIDENTS = f"{ROBOT}; its texts carry a link to a chat of one's own, and once a week a QR code"
BOT = "an intelligent bot hears only lines that mention it and cannot begin to speak: no digests, no alerts, no offers"
STRANGERS = "reaches members of the corporation only: residents need the official account or another channel"


def group(one: Group) -> tuple[list[str], list[str]]:
    """(what is wrong, what is worth knowing) of a group's addresses."""
    wrong = [NO_WECHAT_GROUPS] if one.wechat else []
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
