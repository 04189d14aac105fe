# ruff: noqa: E501 - a fault is one line
"""`make mutants`: puts listed faults into a copy of the program, one at a time; each must turn its test red."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("bot", "flows", "nlu", "storage", "tests", "pyproject.toml")
PATIENCE = 240  # seconds: what hangs is red as well


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: where, what stands there, what is put in its place, and the test that must notice."""

    name: str
    file: str
    old: str
    new: str
    test: str


INBOX, OUTBOX, DUE = "tests/storage/test_inbox.py", "tests/storage/test_outbox.py", "tests/storage/test_due.py"
AFTER, FAULTS = "tests/delivery/test_after_death.py", "tests/journeys/test_faults.py"
LEDGER, LIMITS = "tests/storage/test_ledger.py", "tests/delivery/test_limits.py"

MUTANTS = (
    Mutant("drop the key check of what comes in", "storage/arrivals.py", "storable(_fitting(one.key, 128))",
           "storable(_fitting(f'{one.key}{id(arrived)}{now}{len(conn.exec_driver_sql(\"SELECT 1 FROM inbox\").all())}', 128))",
           f"{INBOX}::test_what_comes_in_twice_is_kept_once"),
    Mutant("skip the lease of an inbox row", "storage/inbox.py", '{"ids": [row.id for row in rows], "until": now + lease}',
           '{"ids": [row.id for row in rows], "until": now - lease}',
           f"{INBOX}::test_a_conversation_is_taken_in_order_one_at_a_time"),
    Mutant("let two take one conversation", "storage/inbox_waiting.py", "        ~_behind,\n",
           "", f"{INBOX}::test_a_conversation_is_taken_in_order_one_at_a_time"),
    Mutant("let who floods go before the others", "storage/inbox_waiting.py", "return few or found", "return found or few",
           f"{INBOX}::test_who_floods_has_turns_while_nobody_else_waits_and_not_at_once_again"),
    Mutant("let nobody wait who floods", "storage/inbox.py", '"at": now + wait', '"at": now',
           f"{INBOX}::test_who_floods_has_turns_while_nobody_else_waits_and_not_at_once_again"),
    Mutant("drop the fencing of a turn", "storage/inbox.py", 'return bool(_HELD.say(conn, of, row=id).scalar_one_or_none() == tries)',
           "return True", "tests/bot/test_turn.py"),
    Mutant("try a poison message for ever", "storage/inbox.py", "state=case((inbox.c.tries >= MAX_TRIES",
           "state=case((inbox.c.tries >= 10**6", f"{INBOX}::test_a_poison_message_dies_the_fifth_time_and_lets_the_others_by"),
    Mutant("take all that were in work when a worker died", "storage/inbox.py", "[row for row in found if row.orphan][:1]",
           "[row for row in found if row.orphan]", f"{INBOX}::test_a_message_that_kills_its_worker_takes_nobody_with_it"),
    Mutant("let a message kill one process after the other", "bot/worker.py", "        if self._since is None or",
           "        self._since = self._since or 0\n        if",
           "tests/bot/test_worker.py::test_a_message_that_kills_the_process_dies_and_takes_nobody_with_it"),
    Mutant("look only at what was there when the process began", "storage/inbox.py", "if row.id <= after or", "if",
           f"{INBOX}::test_what_came_since_is_looked_at_and_counted_when_its_turn_ends"),
    Mutant("go on only looking after turns that ended badly", "bot/worker.py", "since, self._since = self._since, None", "since = self._since",
           "tests/bot/test_worker.py::test_a_message_that_kills_the_process_dies_and_takes_nobody_with_it"),
    Mutant("take a row that was looked at without asking whose it is", "bot/turn.py", "if found is None or found.tries != row.stands:",
           "if found is None:", "tests/bot/test_turn.py"),
    Mutant("do not count the try of a row that was looked at", "storage/inbox.py", "    if not row.counted:\n", "    if False:\n",
           f"{INBOX}::test_a_row_that_was_looked_at_is_counted_once_and_then_claimed"),
    Mutant("acknowledge before the commit", "bot/intake.py", "return await kept", "return True",
           f"{FAULTS}::test_a_file_locked_for_longer_than_we_wait_is_unavailable_then_goes_on"),
    Mutant("acknowledge at the bare door before the commit", "bot/channels/telegram_receive.py",
           "put(inbound, lambda outcome: answer(_status(outcome)))", "put(inbound, lambda _: None), answer(HTTPStatus.OK)",
           "tests/channels/test_telegram_receive.py::test_the_bare_door_answers_after_the_outcome"),
    Mutant("take two requests of a connection at once", "bot/doors.py", "while self._held and not self._asked",
           "while self._held", "tests/bot/test_doors.py::test_pipelined_requests_are_taken_one_at_a_time_and_answered_in_order"),
    Mutant("tell Telegram ok while the database is away", "bot/channels/telegram_receive.py",
           '"later, please", 503', '"later, please", 200',
           "tests/channels/test_telegram_receive.py::test_while_the_database_is_away_telegram_is_asked_to_come_again"),
    Mutant("move the polling offset before the commit", "bot/channels/telegram_receive.py",
           "offset = max(offset, await _taken(channel, accept, update, spoilt))",
           'offset = max(offset, int(update.get("update_id", 0)) + 1); await _taken(channel, accept, update, spoilt)',
           "tests/channels/test_telegram_receive.py::test_what_was_not_committed_is_not_acknowledged"),
    Mutant("do not mark a turn done", "bot/turn.py",
           "    inbox.ended(conn, one.row, now)\n", "",
           "tests/bot/test_turn.py"),
    Mutant("keep half of a turn that failed beside others", "storage/database.py", '            _begin(conn, "ROLLBACK TO part")\n', "",
           "tests/bot/test_taking.py"),
    Mutant("let one failing turn undo the others", "bot/taking.py", "        if alone or is_away(error):\n            raise", "        raise",
           "tests/bot/test_taking.py"),
    Mutant("write a thing to say twice", "storage/outbox.py", '"key": key,', '"key": None,',
           f"{OUTBOX}::test_written_twice_is_sent_once"),
    Mutant("skip the lease of an outbox row", "storage/outbox_claims.py", "        _free(outbox),\n", "",
           f"{OUTBOX}::test_several_senders_never_take_one_row_nor_pass_each_other"),
    Mutant("let a message overtake the one before", "storage/outbox_claims.py", "            ~_overtakes(many=not held),\n", "",
           f"{OUTBOX}::test_in_a_chat_and_lane_the_next_waits_for_the_one_before"),
    Mutant("edit before what is edited was sent", "storage/outbox_claims.py",
           '        or_(outbox.c.target_id.is_(None), target.c.state.in_(("sent", "failed"))),\n', "",
           f"{OUTBOX}::test_an_edit_and_a_reply_wait_for_what_they_belong_to"),
    Mutant("forget the wait a platform asked for", "bot/delivery.py", "self._note(reach.pause, row.chat_id, now + wait, now)",
           "pass", f"{AFTER}::test_the_wait_a_platform_asked_for_outlives_who_was_told"),
    Mutant("remind again when a sender died", "bot/letters.py", 'row.lane in RATHER_TWICE and not row.payload.get("once")',
           "row.lane in RATHER_TWICE", f"{AFTER}::test_a_reminder_whose_sender_died_is_not_sent_again_and_a_reply_is"),
    Mutant("send on after the lease", "bot/delivery.py", "if goes_on and clock() - claimed <= LAST_START:", "if goes_on:",
           f"{AFTER}::test_a_lease_is_counted_from_the_claim_however_long_the_claim_took"),
    Mutant("give back what another has claimed", "storage/outbox.py", "_MINE = and_(_ROW, NEW, ",
           "_MINE = _ROW if True else and_(_ROW, NEW, ", f"{AFTER}::test_who_was_overtaken_gives_nothing_back"),
    Mutant("drop the fencing of what is due", "storage/due.py", "return conn.execute(query).scalar_one_or_none() == tries",
           "return True", f"{DUE}::test_who_was_overtaken_does_nothing_more"),
    Mutant("skip the lease of what is due", "storage/due.py", '"until": now + lease', '"until": now - lease',
           f"{DUE}::test_two_schedulers_do_it_once"),
    Mutant("count no message", "bot/limits.py", "        self.tokens -= 1", "        self.tokens -= 0",
           f"{LIMITS}::test_one_chat_at_its_limit_does_not_hold_up_the_others"),
    Mutant("stop everybody for one chat's limit", "bot/limits.py", "ALL = 3", "ALL = 1",
           f"{LIMITS}::test_a_tenth_of_the_chats_limited_stops_nobody_else"),
    Mutant("wait a day when the clock is set back", "storage/setback.py", "return found + conn.execute(told).rowcount",
           "conn.rollback(); conn.begin(); return found + 1",
           "tests/storage/test_setback.py::test_a_clock_set_back_by_a_day_leaves_nothing_waiting[sqlite]"),
    Mutant("let two lead", "storage/leading.py", "where=or_(lead.c.holder == holder, lead.c.until <= now),", "where=None,",
           "tests/storage/test_leading.py"),
    Mutant("forget the lock", "storage/database.py", '    if conn.dialect.name == "postgresql":\n        number',
           '    if conn.dialect.name == "nothing":\n        number',
           "tests/storage/test_database.py::test_a_lock_is_held_to_the_end_of_the_transaction[postgresql]"),
    Mutant("begin without the write lock", "storage/database.py", '"BEGIN IMMEDIATE"', '"BEGIN"',
           "tests/storage/test_database.py::test_who_begins_to_write_has_the_file_from_the_beginning"),
    Mutant("give up safety against power loss", "storage/sqlite_file.py", "(\"FULL\", BACKSTOP) if durable",
           "(\"OFF\", BACKSTOP) if durable", "tests/storage/test_database.py::test_sqlite_is_durable_and_checks_references"),
    Mutant("take a full disk for a bug", "storage/away.py", "frozenset({5, 6, 8, 10, 13, 14, 15})",
           "frozenset({5, 6, 8, 10, 14, 15})", f"{FAULTS}::test_a_full_disk_refuses_politely_and_keeps_what_it_has"),
    Mutant("post only one side", "storage/ledger.py",
           '[{"account": source_id, "new_balance": source_has}, {"account": target_id, "new_balance": target_has}],',
           '[{"account": target_id, "new_balance": target_has}],', LEDGER),
    Mutant("post the same key again", "storage/ledger.py", "    if known is not None:", "    if known is not None and not body:",
           f"{LEDGER}::test_the_same_key_posts_once"),
    Mutant("use a code twice", "storage/codes.py", "codes.c.used_at.is_(None), codes.c.expires_at > now).values",
           "codes.c.expires_at > now).values", "tests/storage/test_codes.py::test_eight_at_once_and_one_wins"),
    Mutant("believe any button", "storage/buttons.py", "if not hmac.compare_digest(token[_ID:], mac):", "if not mac:",
           "tests/storage/test_buttons.py::test_a_changed_mac_is_forged"),
    Mutant("let the books be changed", "storage/schema.py", 'for change in ("update", "delete")', 'for change in ("delete",)',
           "tests/storage/test_migrations.py::test_append_only_rows_cannot_be_changed"),
    Mutant("call newer tables wrong", "storage/database.py", '(found or "") >= schema.HEAD', '(found or "") == schema.HEAD',
           "tests/storage/test_rolling.py::test_the_code_before_goes_on_and_starts_again_on_the_newer_tables[sqlite]"),
    Mutant("go over the second", "bot/limits.py", "self.rate.most - len(self.sent)", "self.rate.most",
           f"{LIMITS}::test_the_bot_as_a_whole_stays_below_thirty_a_second"),
    Mutant("wait a day for a chat when the clock is set back", "storage/setback.py", "(told).rowcount", "(told.where(chat.c.id < 0)).rowcount",
           "tests/storage/test_setback.py::test_what_failed_on_a_clock_a_day_ahead_is_tried_again_soon[sqlite]"),
    Mutant("forget a long wait a platform asked for", "storage/setback.py", "chat_pulse.c.retry_told > far", "chat_pulse.c.retry_at > far",
           "tests/storage/test_setback.py::test_where_no_clock_was_set_back_nothing_changes[sqlite]"),
    Mutant("lead on by a clock that was ahead", "bot/leads.py", "if name in held else now", "if name in held else self._until[name]",
           "tests/bot/test_leads.py::test_who_leads_by_a_clock_that_was_a_day_ahead_stops_when_another_follows"),
    Mutant("acknowledge what shared a commit that failed", "bot/intake.py", "[Unavailable(str(error))] * len(group)",
           "[True] * len(group)", "tests/bot/test_intake.py::test_nobody_is_acknowledged_while_the_database_is_away"),
    Mutant("undo no turn alone", "bot/taking.py", "with world.database.part(conn):", "if conn:",
           "tests/bot/test_taking.py::test_a_turn_that_fails_is_undone_alone"),
    Mutant("write on in a window that is used up", "storage/windows.py", "there.where(chat_pulse.c.write_left > 0, chat_pulse.c.write_until > now)",
           "there.where(chat_pulse.c.write_until > now)", "tests/weixin/test_wechat.py::test_never_a_sixth_message_and_none_is_lost"),
    Mutant("let a menu refill what is open", "storage/windows.py", "if seconds <= BRIEF:", "if seconds < 0:",
           "tests/weixin/test_wechat.py::test_a_menu_pressed_again_and_again_refills_nothing_that_is_open"),
    Mutant("count hours twice when two are one", "storage/merging.py", 'if row["shift_id"] is None or (row["shift_id"],) not in done:',
           "if not done or done:", "tests/storage/test_merging.py::test_hours_and_places_count_once"),
    Mutant("keep the old key when two are one", "storage/merging.py", "    personal.erase(conn, old, now)", "    assert old",
           "tests/storage/test_merging.py::test_what_somebody_left_follows_and_the_old_key_goes"),
    Mutant("give a number after the consent was taken back", "storage/contact.py", ' or not people.agrees(conn, case.person, "phone")',
           "", "tests/play/test_contact.py::test_nor_when_the_consent_is_taken_back"),
    Mutant("look at what was tried before", "storage/inbox.py", "row.tries > 1 or orphan or ", "", f"{INBOX}::test_a_row_that_was_looked_at_is_counted_once_and_then_claimed"),
    Mutant("count a try while the database is away", "storage/returned.py", "tries=inbox.c.tries - 1)", "tries=inbox.c.tries)",
           "tests/bot/test_worker.py::test_what_the_database_had_no_turn_for_counts_no_try"),
    Mutant("give back a message that another works on", "storage/returned.py", 'inbox.c.tries == bindparam("tried"), inbox.c.lease',
           'bindparam("tried") > 0, inbox.c.lease', f"{INBOX}::test_what_had_no_turn_is_given_back_and_nothing_else"),
    Mutant("slow down what only piled up", "storage/inbox.py", '"fresh": now - STILL', '"fresh": now - 99 * STILL',
           f"{INBOX}::test_what_piled_up_is_taken_as_quickly_as_it_goes_and_nobody_waits_for_ever"),
    Mutant("let one person flood like a group", "storage/inbox.py", 'ALONE if row.payload.get("private") else PACE', "PACE",
           f"{INBOX}::test_who_floods_has_turns_while_nobody_else_waits_and_not_at_once_again"),
    Mutant("let go of a cry for help in a flood", "bot/flood.py", "id not in late and not alarm", "id not in late",
           "tests/play/test_flood.py"),
    Mutant("slow down what stands before a cry for help", "bot/flood.py", "hurry=bool(cries)", "hurry=False",
           "tests/play/test_flood.py::test_a_cry_in_ones_own_flood_is_heard_before_more_than_one_pause"),
    Mutant("leave a phone in what others were told", "storage/quoting.py", "sure = field in UNIQUE or (len(value) >= LONG and field != DATED)", "sure = False",
           "tests/storage/test_erasure.py::test_another_of_that_name_keeps_their_messages"),
    Mutant("empty messages about others of that name", "storage/quoting.py", "if sure or row.id in pressed", "if True or row.id in pressed",
           "tests/storage/test_erasure.py::test_another_of_that_name_keeps_their_messages"),
    Mutant("be ready while nothing is taken", "storage/database.py", "for statement in _TRIED[self.dialect]:", "for statement in ():",
           "tests/web/test_full_disk.py"),
    Mutant("take a server that may only be read for a bug", "storage/away.py", "state == _READS_ONLY or (isinstance", "(isinstance",
           "tests/storage/test_database.py::test_a_server_that_may_only_be_read_is_away_until_it_takes_something_again"),
)  # fmt: skip


def turns_red(mutant: Mutant, tree: Path) -> bool:
    """Whether the mutant's test fails in the copy."""
    path = tree / mutant.file
    sound = path.read_text("utf-8")
    path.write_text(sound.replace(mutant.old, mutant.new), "utf-8")
    try:
        asked = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", mutant.test]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        done = subprocess.run(asked, cwd=tree, env=clean, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(f"{mutant.name}: the test could not run\n{done.stdout[-2000:]}{done.stderr[-500:]}")
        return done.returncode == 1
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(sound, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only those whose name holds these words")
    words = " ".join(parser.parse_args().words)
    alive: list[str] = []
    with tempfile.TemporaryDirectory(prefix="linli-mutants-") as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, tree / name)
        chosen = [mutant for mutant in MUTANTS if words in mutant.name]
        for mutant in chosen:
            begun = time.monotonic()
            red = turns_red(mutant, tree)
            alive += [] if red else [mutant.name]
            seen = "red  " if red else "ALIVE"
            print(
                f"{seen} {time.monotonic() - begun:5.1f} s  {mutant.name:48} {mutant.file:36} {mutant.test}", flush=True
            )
    print(
        f"{len(chosen)} faults, {len(chosen) - len(alive)} seen" + (f"; NOT SEEN: {', '.join(alive)}" if alive else "")
    )
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
