"""The answer to a question about points: what they are, what they are not, and what is worth how many."""

from __future__ import annotations

from flows.facts import Facts, RuleView
from flows.points import texts
from flows.points.rules import (
    asks_about_expiry,
    asks_about_services,
    asks_for_money,
    asks_what_it_is,
    deductions,
    examples,
    find_rules,
    substance,
)


def explained(asked: str, facts: Facts) -> str:
    """What to say; what points can't do comes before what earns them."""
    if asks_about_services(asked):
        return texts.NO_SERVICE
    if asks_for_money(asked):
        return texts.NOT_MONEY
    if asks_about_expiry(asked):
        return texts.EXPIRY
    if asks_what_it_is(asked):
        return texts.ABOUT
    if not facts.rules:
        return texts.RULES_NONE if facts.community else texts.RULES_UNPLACED
    return _rules_text(asked, facts.rules)


def _rules_text(asked: str, known: tuple[RuleView, ...]) -> str:
    """The rules that fit what was asked; a sample of all when nothing was named, or nothing fits."""
    found = find_rules(asked, known)
    if found:
        return texts.rules(texts.RULES_FOUND, found)
    if len(substance(asked)) > 1:
        return texts.rules(texts.RULES_NOT_FOUND, examples(known))
    minus = deductions(known) if "扣" in asked or "减" in asked else ()
    return texts.rules(texts.RULES_MINUS, minus) if minus else texts.rules(texts.RULES_ALL, examples(known))
