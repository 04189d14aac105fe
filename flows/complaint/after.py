"""What is said right after a report: when somebody is at home, who has to pay, more of it, a photo."""

from __future__ import annotations

from datetime import timedelta

from flows.complaint import texts
from flows.complaint.own import SURE_OF_ANOTHER, unsolved
from flows.complaint.phone import of_calling
from flows.domain.case import ALIVE, Status
from flows.effects import ActOnCase, Option, Say
from flows.flow import Answers, Outcome, State, Turn
from nlu.late import regex

AMISS = regex(  # of what was said to be done
    r"没(?:换|修|弄|清|通|动|好|有?解决)|(?:还是|还|又|仍|照样|依然)(?:有(?!多少|几|没|谁|什么)|不|没|是?[旧坏漏堵臭响黑吵脏]|很|老样子|一样|那样|这样)"
    r"|[一-龥]是[一-龥]了[,，]|[修弄换清]了?[跟和]没[修弄换清]"
)
SO_SO = regex(r"就这样|(?:还|勉强|也)(?:行|可以|凑合)|一般|马马虎虎|凑合|将就")
VERY_SURE = 0.8
JUST_NOW = timedelta(minutes=30)
FRESH, LONGEST_HOME = timedelta(days=3), 30  # how long a report is the one that is meant; characters
AT_HOME = regex(
    r"(?:我|我们|家里|俺|白天|平时|[上下]午|早上|晚上|中午|周末|周[一二三四五六日]|[今明后]天|那天|到|要|得|都|一般|大概|可能"
    r"|[\d一二两三四五六七八九十]+点半?|以?[前后]|之后|才|就|只有|[,，。 ])*"
    r"(?:不?在家|没人在?家?|有人在?家?|下班|回[来家]|上班|不在|都在|才在|一直在)(?:里|的|了|哦|啊|呢)*"
    r"|(?:请|让|叫)?(?:师傅|他们?|你们|来的人)?(?:来|上门)(?:之?前|的时候).{0,12}(?:打|说|联系|通知|电话).{0,10}"
    r"|(?:师傅|他们?|你们|人|到时候|要是|[,，])*(?:来|上门)?(?:了|的时候)?(?:要|得)?(?:敲门|按门铃|门铃|敲|打电话|电话).{0,6}(?:听不[到见清]|没声|坏了|接不了|重一点|大声).{0,6}"
)
WHO_PAYS = regex(
    r"(?:那|要是|如果|的|他|她|对方|人家|主人|我|去|打|看|修|要|得|这个?)*(?:医药|医疗|药|疫苗|打针|看病|误工|维修|修理|损失|赔偿)*(?:的?(?:费用?|钱|损失))?"
    r"(?:该|应该|要|得)?(?:谁|哪个)(?:来)?(?:出|赔|付|负责|承担|给)[啊呢呀的]?|(?:他|她|对方|人家|主人|那)+(?:要是|如果|就是|还)?不(?:赔|认|给|承认)(?:钱|账)?(?:怎么办|咋办|呢)"
)
HEARING = regex(
    r"(?:耳朵?|听力|耳)(?:有点|不太|不|背|聋)|(?:腿脚|腿|眼睛|眼神)(?:有点|不太|都)?(?:不好|不便|不方便|看不[见清])"
)
MORE_OF_IT = regex(
    r"(?:又|更|越来越|现在|刚才?|他们|人家|对方|已经)(?!有)(?![^?？]*(?:[?？吗呢]|什么|怎么|几|谁|谢)).{3,}"
)


def afterwards(turn: Turn, before: Answers) -> Say | None:
    """What is said after a report: when somebody is at home, which whoever comes should know; who has to pay."""
    text = turn.said.understood.plain.strip(" 。.!！~?？")
    if judged := _judged(turn, text):
        return judged
    late = "told" not in before or turn.since(before["at"]) > FRESH
    asked = turn.said.understood.flow == "legal" and turn.said.understood.confidence >= SURE_OF_ANOTHER
    if late or asked or len(text) > LONGEST_HOME:  # the law is asked at once (flows/legal/reported.py)
        return None
    if WHO_PAYS.fullmatch(text):
        args = {"flow": "legal", "text": f"{before['told']}\n{turn.said.text.strip()}"}
        return Say(texts.LAW_OF_IT, options=((Option(texts.LAW_FIRST, "begin", args),),))
    if not (AT_HOME.fullmatch(text) or of_calling(text) or HEARING.search(text) or _goes_on(turn, text)):
        return None
    args = {"flow": "complaint", "intent": "amend_case", "text": turn.said.text.strip()}
    return Say(texts.TELL_THEM, options=((Option(texts.TELL_THEM_YES, "begin", args),),))


def _judged(turn: Turn, text: str) -> Say | None:
    """What is said of a result nobody has rated yet, however much it sounds like other things: 没换！还是旧的."""
    done = [case for case in turn.facts.my_cases if case.status == Status.RESOLVED]
    seen = turn.said.understood
    sure = VERY_SURE if AMISS.search(text) else SURE_OF_ANOTHER
    if not done or (seen.flow not in (None, "help") and seen.confidence >= sure):
        return None
    if len(text) > LONGEST_HOME or not (AMISS.search(text) or SO_SO.search(text)):
        return None
    return Say(texts.RATE_WHICH, options=unsolved(done))


def _goes_on(turn: Turn, text: str) -> bool:
    """他们今天钻到中午, while the report is fresh: more of it, where it is no matter of its own and asks nothing."""
    seen = turn.said.understood
    clear = seen.flow is not None and seen.confidence >= SURE_OF_ANOTHER
    return not clear and MORE_OF_IT.fullmatch(text) is not None


def photo_of_it(state: State, turn: Turn) -> Outcome | None:
    """A photo without a word, right after a report: it goes with that case; None: it is no such photo."""
    last, newest = state.last, next((c for c in turn.facts.my_cases if c.status in ALIVE), None)
    if newest is None or not turn.said.photos or turn.said.text.strip() or "told" not in last:
        return None
    if turn.since(last["at"]) > JUST_NOW:
        return None
    return Outcome(state, (ActOnCase(newest.id, "add", {"note": "见照片", "photos": list(turn.said.photos)}),))
