"""The groups the app makes: one for the staff of an area, with whoever has a role there or in a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.channels.base import SendError
from bot.channels.wecom.address import NAME, Way, place
from bot.channels.weixin.api import Api, ApiError
from nlu.late import regex
from storage import areas, people

ID = regex("[A-Za-z0-9]{1,32}")
SMALLEST, LARGEST = 2, 500
THERE = 86215  # the group was made before


@dataclass(frozen=True, slots=True)
class Group:
    """A group to make."""

    id: str
    name: str
    members: tuple[str, ...]


def wanted(conn: Connection) -> list[Group]:
    """The groups of the community file that the app has to make."""
    made = [group for group in areas.groups(conn, NAME) if group[0].startswith(f"{Way.APPCHAT}:")]
    found = []
    for address, area, area_name in made:
        staff = [one.person for one in people.colleagues(conn, area) if one.person is not None]
        members = [name for name in (people.account_of(conn, person, NAME) for person in staff) if name]
        found.append(Group(place(address).id, f"{area_name}工作群", tuple(dict.fromkeys(members))[:LARGEST]))
    return found


async def create(api: Api, group: Group) -> str:
    """Make a group; says what became of it."""
    if not ID.fullmatch(group.id):
        return f"{group.id}: an id of a group is 1-32 letters and digits; change it in the community file"
    if len(group.members) < SMALLEST:
        return f"{group.id}: {len(group.members)} of its staff on wecom, it takes two; add `accounts: {{wecom: …}}`"
    body = {
        "name": group.name,
        "owner": group.members[0],
        "userlist": list(group.members),
        "chatid": group.id,
    }
    try:
        await api.post("/cgi-bin/appchat/create", body)
    except ApiError as error:
        return f"{group.id}: there already" if error.code == THERE else f"{group.id}: refused: {error}"
    except SendError as error:
        return f"{group.id}: {error.reason}; try again"
    return f"{group.id}: made, {len(group.members)} members. It shows in their lists with the first message"
