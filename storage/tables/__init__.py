"""Every table of the assistant; rows are written by storage/ only."""

from __future__ import annotations

from storage.tables.alerts import alert, alert_branch, alert_post
from storage.tables.base import metadata
from storage.tables.bookings import booking
from storage.tables.burden import burden
from storage.tables.clock import audit, due, lead, sequence
from storage.tables.complaints import case, case_bar, case_called, case_event, case_file, case_party, case_words
from storage.tables.laws import law_answer, law_import, law_source
from storage.tables.mediations import mediation, mediation_event, mediation_party
from storage.tables.people import (
    account,
    code,
    consent,
    duty,
    person,
    person_alias,
    personal,
    staff,
    staff_role,
    walk_in,
)
from storage.tables.places import area, area_alias, service
from storage.tables.points import (
    goods,
    household,
    household_member,
    ledger_account,
    ledger_total,
    proposal,
    proposal_file,
    redemption,
    rule,
    shop_session,
    transfer,
)
from storage.tables.talk import button, card, chat, conversation, file, group_memory, inbox, outbox, web_line
from storage.tables.threads import thread, thread_line
from storage.tables.volunteers import (
    activity,
    certificate,
    check_in,
    commendation,
    need,
    need_offer,
    project,
    service_hours,
    shift,
    sign_up,
    volunteer,
)
from storage.tables.weixin import api_token, nonce, platform_card

__all__ = [
    "account",
    "activity",
    "alert",
    "alert_branch",
    "alert_post",
    "api_token",
    "area",
    "area_alias",
    "audit",
    "booking",
    "burden",
    "button",
    "card",
    "case",
    "case_bar",
    "case_called",
    "case_event",
    "case_file",
    "case_party",
    "case_words",
    "certificate",
    "chat",
    "check_in",
    "code",
    "commendation",
    "consent",
    "conversation",
    "due",
    "duty",
    "file",
    "goods",
    "group_memory",
    "household",
    "household_member",
    "inbox",
    "law_answer",
    "law_import",
    "law_source",
    "lead",
    "ledger_account",
    "ledger_total",
    "mediation",
    "mediation_event",
    "mediation_party",
    "metadata",
    "need",
    "need_offer",
    "nonce",
    "outbox",
    "person",
    "person_alias",
    "personal",
    "platform_card",
    "project",
    "proposal",
    "proposal_file",
    "redemption",
    "rule",
    "sequence",
    "service",
    "service_hours",
    "shift",
    "shop_session",
    "sign_up",
    "staff",
    "staff_role",
    "thread",
    "thread_line",
    "transfer",
    "volunteer",
    "walk_in",
    "web_line",
]
