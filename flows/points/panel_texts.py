"""What is said about proposing, approving, announcing and correcting points: whole sentences."""

from __future__ import annotations

from flows.domain.proposal import Kind, Proposal, State

ASK_HOUSEHOLD = "哪一户？把户名发给我，比如「林家」。"
BALANCE = "「{name}」（{place}）现在有{points}分。"
BALANCE_WAYS = "要看每一笔或者更正，发「更正积分」；您查看过会留下记录。"
NO_HOUSEHOLD = "在您负责的片区没找到这一户，请核对户名再发一次。"
WHICH_HOUSEHOLD = "找到几户，是哪一户？"
ASK_DEED = "做了什么好事？用几句话说说：谁、什么时候、做了什么。"
ASK_FAULT = "是什么事？用几句话说清楚：什么时候、在哪里、怎么回事。这段话会告诉这一户。"
DEED_SHORT = "请用几句话写清楚（至少四个字），照片接着再发就行。"
ASK_RULE = "按哪一条规则？没有合适的，就用几个字说说是什么事。"
ASK_PHOTO = "请发一张照片作凭据{evidence}。"
PHOTO_WANTED = "这一步要一张照片，拍好发过来就行。暂时拍不了，发「取消」，以后再报。"
NO_PHOTO = "没有照片"
CONFIRM_AWARD = (
    "请核对：「{name}」加{points}分，按「{title}」{number}。\n事由：{note}\n{photos}提交以后由第二个人来批。"
)
CONFIRM_DEDUCTION = (
    "请核对：「{name}」扣{points}分，按「{title}」{number}。\n事由：{note}\n{photos}"
    "第二个人批了以后先告诉这一户，7天内可以申诉，过了才扣。"
)
CONFIRM_CODE = "给「{name}」发一个新的绑定码吗？一个码只能绑一个人，7天内有效。"
CODE = "「{name}」的绑定码：{{code}}\n请当面或电话告诉本人。7天内有效，只能用一次。"
NO_OFFICE = "这一步是社区工作人员办的。要给自家申报加分，发「申报加分」。"
NOT_BOUND = "积分记在户上，请先绑定您家：把社区给的绑定码发给我，没有就向网格员要一个。"
NO_RULES = "社区还没有放上这样的规则，先请社区管理员加上。"

PROPOSED = "提交了。社区会请第二个人来核实，批了以后告诉您家每个人。"
PROPOSED_STAFF = "提交了，已请第二个人来批。"
STILL_OPEN = "申诉的日子还没过，不能扣。"
NOBODY = "现在找不到能批这一条的人（要和这一户没有关系），请先联系社区。"
TOO_MANY = "您家已经有几条在等着批了，等批完再报吧。"
CAPPED = "「{title}」今年的{cap}分已经加满了，明年再报吧。"
OUTSIDE = "这一户不在您负责的片区。"
RULE_GONE = "这条规则不在这一户的社区用，或者已经停用了，请换一条。"

REVIEW = "请您核实（{kind}）\n户：{name}\n规则：{title}{number}，{sign}{points}分\n事由：{note}\n提出：{who}{photos}"
KINDS = {Kind.AWARD: "加分", Kind.DEDUCTION: "扣分", Kind.CORRECTION: "更正"}
STATES = {
    State.PROPOSED: "等第二个人批",
    State.ANNOUNCED: "公告中，可以申诉",
    State.APPEALED: "有申诉，等评议会",
    State.POSTED: "已入账",
    State.REFUSED: "没有批",
    State.DROPPED: "申诉成立，不扣",
    State.WITHDRAWN: "已撤回",
}
APPROVE, REFUSE, UPHOLD, DISMISS, APPEAL, OBJECT = "同意", "不同意", "申诉成立", "维持扣分", "我要申诉", "有异议"
WITHDRAW = "撤回"
ASK_REASON = "请写一句理由，会告诉这一户。"
REASON_SHORT = "请写清楚一点，至少四个字。"
ASK_APPEAL = "请说说哪里不对，有什么情况。道德评议会看了再定，定之前不会扣分。"
NOTHING_TO_APPEAL = "您家现在没有公告中的扣分，不用申诉。哪一笔积分觉得不对，可以发「人工」。"

APPROVED = "批了，已告诉这一户的每个人。"
ANNOUNCED_DONE = "批了，已告诉这一户，7天内没有申诉才扣。"
REFUSED_DONE = "已记下，也告诉了提的人。"
DECIDED_DONE = "已记下，也告诉了这一户。"
WITHDRAWN_DONE = "已撤回。"
NO_POINTS_LEFT = "「{title}」今年的分已经加满，这一条不再加分，请点「不同意」并说明。"
NO_PANEL = "道德评议会里没有没经手的人，将来没人能听申诉。请先换一个人来批，或者请社区补上评议员。"

AWARDED = "您家加了{points}分。\n规则：{title}{number}\n事由：{note}\n现在一共{balance}分。"
AWARDED_LESS = "（这一条一年最多{cap}分，这次加到满）"
NOT_APPROVED = "您提的「{title}」这次没有批。理由：{reason}\n觉得不对，可以发「人工」问问社区。"
ANNOUNCED = (
    "公告：您家有一条扣分，还没有扣。\n规则：{title}{number}，{points}分\n事由：{note}\n"
    "{day}（含当天）前可以申诉，由道德评议会来定；定之前不扣。"
)
APPEALED = "申诉收到了，道德评议会会看，定了马上告诉您家。定之前不会扣分。"
APPEAL_CARD = (
    "有一件扣分申诉，请您来定\n户：{name}\n规则：{title}{number}，{points}分\n事由：{note}\n申诉：{appeal}{photos}"
)
DEDUCTED = "您家扣了{points}分。\n规则：{title}{number}\n事由：{note}\n现在还有{balance}分。"
DEDUCTED_NOTHING = "公告的那条扣分（{title}）到期了。您家现在没有积分，这次不扣，也不欠着。"
DEDUCTED_LATER = "公告的那条扣分（{title}）到期了。您家的积分都占在没取的兑换上：取了就不扣了，退回来的话从里面补扣。"
DEDUCTED_REST = "\n没扣够的部分，占在没取的兑换上的分要是退回来，再从里面补扣。"
DISMISSED = "道德评议会看过申诉，维持扣分。理由：{reason}"
UPHELD = "申诉成立，「{title}」那条不扣了。理由：{reason}"
CORRECTED = "您家有一笔积分更正：{points}分退回去了，是「{title}」那一笔。\n理由：{note}\n现在一共{balance}分。"
CORRECTED_UP = "您家有一笔积分更正：补回{points}分，是「{title}」那一笔。\n理由：{note}\n现在一共{balance}分。"
SPENT = "这一户的分已经用掉了，冲不回来（户上不会变成负数）。"

HOURS = "您家加了{points}分：{memo}，志愿服务{hours}小时，按「{title}」{number}。现在一共{balance}分。"
HOURS_BEFORE = "这次服务更正前已经加过的{points}分还在您家，这里只补差的部分。"
HOURS_BACK = "志愿时长更正了，{points}分退了回去：{memo}。现在一共{balance}分。"

HOURS_SPENT = (
    "「{name}」的志愿时长更正了（{memo}），多记的{points}分有的已经花掉，账上只剩{left}分，没有自动退。\n"
    "要补扣的，发「更正积分」找到这一户这一笔，写明理由，第二个人批了会告诉他们；不补扣就不用管。"
)

ENTRIES = "「{name}」最近可以更正的记录，要更正哪一笔？更正也要第二个人批。"
ENTRY = "{day} {sign}{points}分 {memo}"
NO_ENTRIES = "「{name}」没有可以更正的记录。"
ASK_CORRECTION = "为什么更正？写一句理由，会告诉这一户。"
TO_DECIDE = "等您定的积分{count}条，发「积分待办」就能看。"
PENDING = "等着您来定的积分：{count}条。"
NONE_PENDING = "现在没有等着您定的积分。"

ASK_COMMUNITY = "搬到哪个社区？请选一个，或者发社区的名字。"
CONFIRM_MOVE = "把「{name}」迁到{community}吗？积分和记录都跟过去。"
MOVED = "迁好了。"
MOVED_HOUSEHOLD = "您家迁到{community}了，{balance}分都带过去了，以前的记录也都在。"
CONFIRM_LEAVE = "确定不再绑「{name}」吗？积分是全户的，留在户上；要再绑回来，得向社区要新的绑定码。"
LEFT = "已解除绑定，这一户的积分和您没有关系了。"
MEMBER_LEFT = "您家有一位成员解除了绑定，积分没有变。"


def number(proposal_number: str) -> str:
    return f"（{proposal_number}）" if proposal_number else ""


def photos(count: int) -> str:
    return f"\n照片{count}张" if count else ""


def said(text: str, proposal: Proposal, **more: object) -> str:
    """A sentence about a proposal, filled in."""
    known = {
        "name": proposal.name,
        "title": proposal.title,
        "number": number(proposal.number),
        "points": proposal.points,
        "note": proposal.note,
        "appeal": proposal.appeal,
        "photos": photos(len(proposal.photos)),
    }
    return text.format(**known | more)
