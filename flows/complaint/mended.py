"""Whether a worker's line says that the matter is mended: 修好了, 已更换新灯泡."""

from __future__ import annotations

from nlu.late import regex
from nlu.normalize import normalize

_DONE = regex(
    r"(?:修|弄|换|装|补|搞|扫|办|接|通|整|收拾|处理|解决|清理|清运|疏通|更换|维修|修理|安装|打扫)(?:好|完|妥|通|走|干净)+[了啦]"
    r"|已经?(?:全部)?(?:修复|修好|解决|处理|更换|清理|清走|疏通|办结|完成|恢复|换上?|装上?)|搞定|恢复正常|不漏了|(?:会|又|都)?亮了"
)
_NOT = regex(
    r"没|未|不(?!漏|堵|响)|等|明[天早]|后天|下[午周]|晚上|准备|打算|需要?|才|就?能|快|差|一半|部分|如果|要是|[吗嘛？?]"
)


def is_done(text: str) -> bool:
    """Only where nothing speaks against it: a case ended too early is worse than one tap more."""
    said = normalize(text)
    return bool(_DONE.search(said)) and not _NOT.search(said)
