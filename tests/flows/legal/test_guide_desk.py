"""Who may do what with an answer that is to become a guide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.effects import ChangeGuide, OnDuty, Say
from flows.errors import NotAllowed
from flows.legal.guide_desk import Around, Draft, act

AUTHOR, ADVISER, STRANGER = 7, 8, 9
DRAFT = Draft(1, "押金不退怎么办", "先协商。", "legal_guide", AUTHOR, 2, "draft", 1)
IN_REVIEW = replace(DRAFT, state="review")
BY_AUTHOR = Around(AUTHOR, 70, 70, {"legal_guide": (AUTHOR,), "legal_adviser": (ADVISER,)}, 3, (), {})
BY_ADVISER = replace(BY_AUTHOR, staff=ADVISER, person=80)


def state(draft: Draft, action: str, around: Around) -> str:
    (changed,) = (e for e in act(draft, action, {"text": "改好的"}, around) if isinstance(e, ChangeGuide))
    return changed.state


def test_the_author_submits_and_another_approves() -> None:
    assert state(DRAFT, "submit", BY_AUTHOR) == "review"
    assert state(IN_REVIEW, "approve", BY_ADVISER) == "published"
    assert state(IN_REVIEW, "return", BY_ADVISER) == state(DRAFT, "edit", BY_AUTHOR) == "draft"
    (asked,) = (e for e in act(DRAFT, "submit", {}, BY_AUTHOR) if isinstance(e, Say))
    assert asked.to == OnDuty(3, "legal_adviser", (AUTHOR,), stand_ins=False)


@pytest.mark.parametrize(
    ("draft", "action", "around"),
    [
        (IN_REVIEW, "approve", BY_AUTHOR),  # one's own
        (IN_REVIEW, "return", BY_AUTHOR),
        (IN_REVIEW, "approve", replace(BY_ADVISER, staff=STRANGER)),  # advises nowhere there
        (IN_REVIEW, "approve", replace(BY_ADVISER, doubts=("《民法典》第九千条不存在。",))),
        (DRAFT, "approve", BY_ADVISER),  # not submitted
        (replace(DRAFT, state="published"), "approve", BY_ADVISER),
        (replace(DRAFT, state="published"), "edit", BY_AUTHOR),
        (DRAFT, "edit", BY_ADVISER),
        (DRAFT, "drop", BY_ADVISER),
        (DRAFT, "submit", replace(BY_AUTHOR, reviewers={"legal_guide": (AUTHOR,)})),  # nobody to review it
        (DRAFT, "submit", replace(BY_AUTHOR, doubts=("《婚姻法》已经废止了。",))),
        (DRAFT, "publish", BY_AUTHOR),
        (DRAFT, "withdraw", BY_AUTHOR),  # not public
        (replace(DRAFT, state="published"), "withdraw", replace(BY_ADVISER, staff=STRANGER)),
    ],
)
def test_everything_else_is_refused(draft: Draft, action: str, around: Around) -> None:
    with pytest.raises(NotAllowed):
        act(draft, action, {"text": "改好的"}, around)


def test_a_public_one_is_taken_back_by_its_author_or_whoever_reviews_and_the_author_hears_why() -> None:
    public = replace(DRAFT, state="published")
    assert state(public, "withdraw", BY_AUTHOR) == state(public, "withdraw", BY_ADVISER) == "withdrawn"
    (told,) = (e for e in act(public, "withdraw", {"text": "说法过时"}, BY_ADVISER) if isinstance(e, Say))
    assert "说法过时" in told.text
    assert not [e for e in act(public, "withdraw", {}, BY_AUTHOR) if isinstance(e, Say)]


def test_a_reviewer_reply_is_the_reason_and_an_author_reply_the_new_text() -> None:
    (back,) = (e for e in act(IN_REVIEW, "edit", {"text": "写上期限"}, BY_ADVISER) if isinstance(e, Say))
    assert "写上期限" in back.text and "先协商。" in back.text
    (changed,) = (
        e for e in act(DRAFT, "edit", {"text": "问：新问\n答：我叫张小凤"}, BY_AUTHOR) if isinstance(e, ChangeGuide)
    )
    assert changed.question == "新问" and "张小凤" not in str(changed.answer)
