"""The envelope reads what @wecom/crypto 1.0.1 and wechat-crypto 0.0.2 of npm sealed, and the tests' own side."""

from __future__ import annotations

from random import Random

import pytest

from bot.channels.weixin.envelope import Envelope
from tests.support.weixin_seal import AES_KEY, TOKEN, seal, sign, unseal

OWNER, AT, NONCE = "ww0123456789abcdef", "1772413200", "n1"
HELLO, BLOCK = "<xml><Content>你好，小邻😀</Content></xml>", "x" * 32
# Sealed by each of them with the token and key of these tests; a journey holds 300 more against them where Node is.
RECORDED = {
    "wechat-crypto": (
        (
            HELLO,
            "r5MR2OfujElBqP2dnnl0icIpWn52DSF9kKNFlLEsAFRaeFN4nsNMSPHvrd8e27keDi/u4xhJMHiMnIkF6UfqXX3tXoOoAPT7"
            "luvibH51ByLvn6olp8PI44iYuIMCaDzC",
            "f5667c6d527eae60c284dc13763b202ce219dcc9",
        ),
        (
            BLOCK,
            "qxps/UPXdkwG0/ixt5O2Y7O5YXHSTMvwr3geM3ri27zHVqBAkkjIS+lBgEtqI7gBds3kLBGfEFzsZnVFagAuPyAq5ptp0tDi"
            "SZCl/Dy35+0ZdkpekE0lJ6DCRzgLTAyc",
            "24722dffb2f5c51b1cff825928c6b66510f0168c",
        ),
    ),
    "@wecom/crypto": (
        (
            HELLO,
            "EQz5mtY2BlhJ8EDJEHXOcXDWqUjplQ8PMRev/bmA5Kyj7MlYq5xlI+SS8h1FVdlQU+avUNgIH/1H9akJB4tzC1783sJccRtn"
            "cH6AlCTwmLRvORvJPHfrhMGf6ssKUs7L",
            "c96765036fbe73e900e788bc3c869e8d8908d7a4",
        ),
        (
            BLOCK,
            "laZOjO5fESEkyGH4R0ABbhgalEVZVXh58VVQQJcxBaax0y7xQF0Laqyx19Ivu/TITG6HCuA2r67RfF+7ZUvhS7qygRT3itBI"
            "+/AAGnm2+SYaryi2QsdPi2HmNJyCq3vM",
            "905f55e57ab2a5f7b750e527be278d81f3a51e6d",
        ),
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_what_another_implementation_sealed_is_read(name: str) -> None:
    envelope = Envelope(TOKEN, AES_KEY, OWNER)
    for text, sealed, signature in RECORDED[name]:
        assert envelope.open(sealed, signature, AT, NONCE) == text


def test_random_messages_go_both_ways() -> None:
    envelope, chance = Envelope(TOKEN, AES_KEY, OWNER), Random(20260302)
    for n in range(300):
        text = "".join(chance.choices("abc<>&]楼道灯坏了。😀\n", k=1 + n % 97))
        inside = seal(text, OWNER)
        assert envelope.open(inside, sign(TOKEN, AT, NONCE, inside), AT, NONCE) == text
        sealed, signature = envelope.seal(text, AT, NONCE)
        assert signature == sign(TOKEN, AT, NONCE, sealed) and unseal(sealed) == (text, OWNER)


@pytest.mark.parametrize("key", ["", "short", "x" * 42, "x" * 44, "!" * 43])
def test_a_key_that_is_none_is_said_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Envelope(TOKEN, key, OWNER)
