"""Set phrases about points: what a short sentence asks for, before any understanding is asked."""

from __future__ import annotations

import re

from nlu.late import regex

PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bind_household", regex(r"(?:绑定|绑定码|我家的?码)?(?:是|[:：])?\s*\d{8}")),
    ("give_code", regex(r"(?:给.{1,12})?(?:发|开|补)一?个?新?绑定码.{0,8}|.{1,8}要绑定码")),
    ("propose_deduction", regex(r"(?:登记|提出|申报)扣分.{0,20}|给(?!我|俺|咱).{1,12}扣\d{0,3}分.{0,20}")),
    ("propose_correction", regex(r"(?:积分)?冲正.{0,12}|更正积分.{0,12}")),
    (
        "propose_award",
        regex(r"(?:我?要|我?想)?(?:申报|申请|上报|登记)(?:积分)?加分.{0,20}|给.{1,12}加\d{0,3}分.{0,20}"),
    ),
    ("pending", regex(r"积分待办|待批积分|待审积分|积分审批")),
    ("move_household", regex(r"迁户.{0,12}|(?:给.{1,12})?办?迁出.{0,4}")),
    ("leave_household", regex(r"(?:我要|我想)?(?:退出这一?户|退出我?们?家?户头|退户|解绑|解除绑定)")),
    ("appeal", regex(r"(?:我要|我想)?(?:申诉扣分|扣分申诉|积分申诉)")),
    ("join_ranking", regex(r"(?:我要|我想|我们?家)?(?:要|想)?参加(?:积分)?排名")),
    ("leave_ranking", regex(r"(?:我要|我想|我们?家)?(?:要|想)?(?:退出|不参加)(?:积分)?排名")),
    ("ranking", regex(r"(?:看看?)?(?:我们?家)?(?:的)?(?:积分)?(?:排名|排行榜?)|我们?家(?:积分)?排第几名?")),
    (
        "redeem",
        regex(
            r"(?:我们?家?的?)?(?:积分|分)(?:都|怎么|全)*(?:被|让|给)(?:人|别人|谁)(?:偷偷)?(?:换|用|领|花|盗|偷)[走掉了光]*"
        ),
    ),
    ("gift_code", regex(r"(?:我要|我家的?)?收分码")),
    ("send_gift", regex(r"(?:我要|我想)?(?:送|赠送|转赠)积分.{0,12}")),
    ("notice", regex(r"(?:看看?|查)?(?:积分|道德银行)(?:的)?公示")),
    (
        "collect_for",
        regex(
            r"(?:能不能|可不可以|可以|能)?(?:让|叫|请|由)?(?:我|我们?家|我们)?的?(?:儿子|女儿|闺女|老公|老婆|老伴|媳妇|家里?人|孩子|别人|邻居|朋友)"
            r"(?:能不能|可不可以|可以|能)?(?:帮我|替我|代我)?(?:去|来)?代?[拿领取](?:东西|货|米|油)?(?:行不行|可不可以|可以|行|能|成|吗|么|不)*"
        ),
    ),
    (
        "show_codes",
        regex(
            r"(?:我的?|我家的?|查|看|再?发|找)?一?下?取货码(?:呢|(?:找?不[到见]|忘|丢|弄丢|删|没存)了?|是多少)?[,，]?(?:再发一[次遍下])?(?:怎么办|咋办)?"
            r"|(?:我|取货|那个|的)*码(?:我)?(?:弄)?(?:丢|忘|删|找不到|不见)(?:掉)?了?"
        ),
    ),
)


def meant(text: str) -> str | None:
    """The intent of a set phrase; None for any other sentence."""
    return next((intent for intent, pattern in PHRASES if pattern.fullmatch(text)), None)
