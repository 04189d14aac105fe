"""What is said instead of a household's code: that there is none, that it is done already, another wish."""

from __future__ import annotations

from dataclasses import replace

from flows.effects import BeginFlow, Effect, Option, Say, UseCode
from flows.flow import TRIES, Answers, Outcome, State, Turn
from flows.points import redeeming, texts
from flows.words import word
from nlu.late import regex

DONE = regex(
    r"(?:我|这边|那边|刚|已经?|都|好像|应该)*(?:绑定|绑码|绑|弄|办|连)(?:好|上|完|过|成功)?(?:了|啦|成功|成功了|完成)[啊呀吧呢的]?"
)
NONE = regex(
    r"(?:我们?|俺|家里?|还|也|就|现在|手上|手里|根本|从来|一直|的|真)*"
    r"(?:没(?:有|得|收到|拿到|给|见)?|不知道|不晓得|不记得|找不到|忘了|丢了)(?:过|到|给)?我?(?:有|是)?(?:什么|啥|这个|那个|哪个)?(?:绑定)?码?[啊呀呢了的]*"
    r"|(?:我们?|俺|家|这里?|那|边|也|还)*没(?:有|得)?(?:绑定|积分)?码[,，。 ].{0,14}"
    r"|(?:积分|绑定|那个|这个)*码?(?:我们?|俺|我家|还|也|都|真|是)*(?:没有?|没得|不知道|不晓得|忘了|丢了|找不到)[啊呀呢了的]*"
    r"|(?:这|那)?(?:是)?(?:什么|啥|哪个|哪来的?)(?:绑定)?码[啊呀呢]*"
    r"|(?:这|那)?(?:是)?(?:什么|啥|哪个)(?:绑定)?码[啊呀呢]*"
    r"[,，。 ]?我?(?:也)?(?:听|看|搞|弄)?不(?:懂|明白|会弄?|知道|晓得|清楚)[啊呀的]*"
    r"|(?:绑定)?码(?:呢|是(?:啥|什么)|(?:在|去|到|找|问|跟)?(?:哪里?|哪儿|谁)(?:拿|要|领|弄|找|有|给|发)?|怎么(?:拿|要|领|弄|来|得|有)|忘了|丢了|找不到了?|没了)[啊呀呢的]*"
)
TOLD = 2  # times that it is said how to come by a code
WISHES = {"ask_balance": "balance", "ask_statement": "statement", "redeem": "redeem"}


def instead(state: State, turn: Turn) -> Outcome | None:
    """Where there is no code: how to come by one, which twice is no failed try; another wish is kept until there is."""
    if state.asking != "code" or turn.said.photos:
        return None
    said = word(turn.said.text)
    if DONE.fullmatch(said):
        return Outcome(state, (Say(texts.NOT_YET_BOUND),))
    asked = int(state.answers.get("codeless", 0))
    if NONE.fullmatch(said) and asked < TOLD:
        tries = state.tries if asked + 1 < TOLD else TRIES - 1  # whoever says it once more needs a person
        told = replace(state, answers={**state.answers, "codeless": asked + 1}, tries=tries)
        return Outcome(told, (Say(texts.GET_CODE, options=((Option("找人工", "human"),),)),))
    wish = WISHES.get(turn.said.understood.intent) if turn.said.understood.flow == "points" else None
    if wish is None or redeeming.for_all(turn):
        return None
    return Outcome(replace(state, answers={**state.answers, "do": wish}), (Say(texts.CODE_FIRST),))


def bound(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    """The household is the person's from now on, and what they came for follows at once."""
    code, do = answers["code"], answers.get("do")
    told = texts.BOUND.format(name=code["name"])
    use = UseCode(code["id"], turn.person)
    if do in WISHES.values():
        return (use, Say(told), BeginFlow("points", {"do": do}))
    return (use, Say(f"{told}{texts.AND_NOW}", options=(AGAIN,)))


AGAIN = (
    Option("看积分", "begin", {"flow": "points", "intent": "ask_balance"}),
    Option("换东西", "begin", {"flow": "points", "intent": "redeem"}),
)
