"""What a legal question is about in a word, and who the other side is: enough to tell a conflict of interest."""

from __future__ import annotations

from nlu.normalize import normalize

OTHER = "其他"


def _words(listed: str) -> dict[str, tuple[str, ...]]:
    """Names with their words: `劳动: 工资 辞退`, going on in the next line where there is no colon."""
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in listed.strip().splitlines():
        if ":" in line:
            name, line = line.strip().split(":", 1)
        found[name] = (*found.get(name, ()), *line.split())
    return found


_FIELDS: dict[str, tuple[str, ...]] = _words(
    """
    婚姻家庭: 离婚 结婚 彩礼 抚养 抚养费 探望 夫妻 老公 老婆 丈夫 妻子 婚前 婚后 出轨 家暴 孩子归 赡养 婆婆 媳妇
        收养 监护
    继承: 继承 遗产 遗嘱 去世 过世 房产分给 身后
    劳动: 工资 辞退 开除 加班 劳动合同 社保 公司 老板 单位 工伤 裁员 试用期 仲裁 上班 离职 产假 年假 工地 包工头
        干活 工钱
    房屋租赁: 租房 房东 租客 押金 房租 转租 租金 中介费 租赁
    房屋买卖: 买房 卖房 二手房 开发商 交房 房产证 首付 定金 购房 烂尾
    物业: 物业 业委会 业主 停车位 车位 公摊 维修基金 小区管理
    邻里: 邻居 楼上 楼下 漏水 噪音 装修 采光 遛狗 宅基地 围墙 排水 楼道 隔壁
    消费: 退款 网购 假货 商家 退货 预付卡 办卡 健身卡 快递 保质期 三倍 店家 充值
    借贷: 借钱 欠钱 借条 欠条 利息 借款 网贷 担保 高利贷 还钱 借给 贷款
    交通事故: 车祸 交通事故 撞 追尾 酒驾 肇事 全责 交强险 电动车
    人身损害: 打人 打伤 咬 摔伤 受伤 医疗 医院 医疗事故 伤残 骂人 名誉 造谣 隐私 偷拍
    土地征收: 征地 拆迁 征收 承包地 土地 安置 青苗 流转
    行政: 行政复议 行政诉讼 罚款 处罚 城管 信访 低保 户口 派出所不
    刑事: 诈骗 被骗 偷 盗窃 拘留 判刑 坐牢 报案 立案 取保 逮捕 传销
    """
)
_SIDES: dict[str, tuple[str, ...]] = _words(
    """
    用人单位: 公司 老板 单位 工地 包工头 厂 雇主
    房东或租客: 房东 租客 二房东 租户
    物业: 物业
    开发商: 开发商 售楼
    邻居: 邻居 楼上 楼下 隔壁
    商家: 商家 店家 超市 平台 健身房 卖家 快递
    家里人: 老公 老婆 丈夫 妻子 夫妻 离婚 父母 爸 妈 儿子 女儿 哥 弟 姐 妹 兄 婆 公公 遗产
    医院: 医院 医生 诊所
    村集体: 村委 村里 村集体 生产队
    政府部门: 派出所 城管 政府 街道办 交警 公安 征收
    熟人: 朋友 同学 同事 亲戚 熟人
    """
)


def field_of(text: str) -> str:
    """The field a question falls into: 劳动, 婚姻家庭 …; 其他 where no word tells."""
    return _most(text, _FIELDS) or OTHER


def side_of(text: str) -> str:
    """What kind of other side there is: 用人单位, 邻居 …; empty where no word tells."""
    return _most(text, _SIDES)


def _most(text: str, words: dict[str, tuple[str, ...]]) -> str:
    """The name most of whose words stand in the text; the longer words count more."""
    text = normalize(text)
    worth = {name: sum(len(word) for word in listed if word in text) for name, listed in words.items()}
    best = max(worth, key=lambda name: worth[name])
    return best if worth[best] else ""
