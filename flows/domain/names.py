"""How a person's name is told in free text: by the word before it, by the number beside it, or by its looks; pure."""

from __future__ import annotations

from flows.domain.ordinary import NO_NAME
from nlu.late import late

_DOUBLE = "欧阳|歐陽|上官|司马|诸葛|尉迟|皇甫|令狐|慕容|长孙|宇文|司徒|夏侯|端木|公孙|轩辕|独孤|南宫"
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文闫颜翁倪严牛温芦季俞章鲁葛伍韦申尤"
    "毕聂焦柳邢岳齐庄辛管祝左涂祁时舒耿牟卜詹关苗凌费纪靳盛童甄项曲成游裴席卫查屈鲍覃霍翟隋甘景薄单包司柏宁柯阮"
    "陳劉楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻鐘譚鄒陸龍萬錢湯"
)
_SURELY = (  # begins hardly anything but a name
    "王李张刘陈杨赵吴徐孙胡朱郭罗梁宋郑谢韩唐冯董曹袁邓许沈曾彭吕苏卢蒋蔡贾丁魏薛叶潘杜戴汪姜范姚谭廖邹熊崔邱秦侯邵孟钱尹黎"
    "贺龚闫陳劉楊趙吳孫羅鄭謝韓馮"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军勇艳杰娟涛明超兰霞刚桂芬玲建国红梅丹萍鑫鹏飞宇浩轩涵梓欣怡雨晨佳琪嘉豪俊思婷雪倩颖琳莉慧晓燕玉珍"
    "凤琴淑志斌彬辉旭凯帆翔泽楠博昊睿瑞峰庆祥荣贵德义忠诚仁根福宝顺友良春秋菊莲香翠巧美云霄洁璐瑶蕾薇媛莹妍钰钧铭哲航毅坤亚"
    "学世永兴昌盛华文偉麗強軍艷傑濤蘭剛國紅鵬飛婷曉鳳誌輝凱澤慶榮貴義寶順愛爱"
)
_A_PLACE = "路街巷村镇乡屯庄社苑园院桥湖河江里弄坊楼栋站口市县区州省厂校店馆堂号寺湾港大"  # said so by what follows
_NO_PLACE = rf"(?![一-鿿]?[{_A_PLACE}])"
_NO_TITLE = (  # 王主任, 李师傅, 张大妈 are what everybody calls them; 关了 is no name
    "(?![了着过家某总哥姐叔伯婶姨奶爷局科所站]|主任|书记|师傅|大[爷妈娘伯叔姐哥爸]|阿姨|老师|老板|经理|队长|医生|律师|警官|院长|校长|点工|先生|女士)"
)
_NO_WORD = rf"(?!{NO_NAME.pattern})"  # begins as a surname would
_TAIL = (
    r"(?=[，。,.;；、：:！!？?\s（()）的［]|$|电话|手机|身份证|号码|联系|住|家|车|先生|女士|同志|老师|阿姨"
    r"|说|讲|跟|和|把|在|就|不|没|打|骂|天天|半夜|总|又|每|晚|投诉|反映|被|欠|将|往|已|摔|是|家里|他|她|们)"
)

_LIKE = late(  # what a recogniser takes for a person, if it is one
    rf"(?:(?:{_DOUBLE})[一-鿿]{{1,2}}|{_NO_WORD}[{_SINGLE}]{_NO_TITLE}[一-鿿]{{1,2}})(?<![{_A_PLACE}某])"
)
ANNOUNCED = late(  # by a word after which only a name comes
    r"((?:名字?叫做?|名字是|我叫|他叫|她叫|姓名|联系人|收件人|署名|落款|反映人|投诉人|报修人|举报人)(?:是|为|[:：\s])*)"
    rf"(?![我你他她它您咱这那个辆人什啥哪谁上下来去错不没改换写填要在收署权与同和是为民家]|［)[一-鿿]{{2,4}}?{_TAIL}"
)
NAMED = late(  # by a word of who it is: what comes then must look like a name
    r"((?:我是|本人|联系|转告|告诉|通知|找|叫|户主|当事人|邻居|业主|住户|租户|租客|房东|老板|男子|女子|居民|村民|同事|老师|我[爸妈爷奶叔姨哥姐弟妹]"
    r"|老公|老婆|丈夫|妻子|儿子|女儿|孩子)[:：\s]?)"
    rf"(?:(?:{_DOUBLE})[一-鿿]{{1,2}}?|{_NO_WORD}[{_SINGLE}]{_NO_TITLE}[一-鿿]{{1,2}}?){_NO_PLACE}{_TAIL}"
)
BESIDE = late(  # by the number of its bearer, which is gone already
    rf"(?:(?:{_DOUBLE})[一-鿿]{{1,2}}|[{_SINGLE}][一-鿿]{{1,2}})"
    r"(?=[，,、:：\s（(]*(?:的?(?:电话|手机|号码|身份证)\S{0,3})?［(?:电话|证件号)］)"
)
LOOKS = late(  # by itself
    rf"(?:(?:{_DOUBLE})[一-鿿]{{1,2}}?{_TAIL}|[{_SURELY}][{_GIVEN}]{{2}}){_NO_PLACE}"
)
ALONE = late(  # by standing alone, as a signature does
    rf"((?:^|[^一-鿿0-9A-Za-z]))(?:(?:{_DOUBLE})[一-鿿]{{1,2}}"
    rf"|{_NO_WORD}(?:[{_SINGLE}]{_NO_TITLE}[一-鿿]{{1,2}}|[{_SURELY}]{{2}}[一-鿿]{{2}}))"
    rf"(?![一-鿿0-9A-Za-z])(?<![路街巷村镇乡屯苑园桥坊楼站口市县区州省厂校店馆堂寺港])"
)


def like_a_name(word: str) -> bool:
    """Whether a word may be somebody's whole name: begins with a surname, is no title, place or everyday word."""
    return _LIKE.fullmatch(word) is not None
