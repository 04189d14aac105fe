"""The envelope against two implementations that were not written here: 300 random messages each way through each."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bot.channels.weixin.envelope import Envelope, signature
from tests.support.weixin_seal import AES_KEY, TOKEN

pytestmark = pytest.mark.journey

PACKAGES = {"@wecom/crypto": "1.0.1", "wechat-crypto": "0.0.2"}
MESSAGES = 300
SCRIPT = """
const { token, key, id, times, nonce, texts, sealed } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const old = new (require("wechat-crypto"))(token, key, id);
const wecom = require("@wecom/crypto");
const opened = (found) => [found.message, found.id];
console.log(JSON.stringify({
  "wechat-crypto": {
    opened: sealed.map(one => opened(old.decrypt(one))),
    sealed: texts.map(one => { const s = old.encrypt(one); return [s, old.getSignature(times, nonce, s)]; }),
  },
  "@wecom/crypto": {
    opened: sealed.map(one => opened(wecom.decrypt(key, one))),
    sealed: texts.map(one => {
      const s = wecom.encrypt(key, one, id);
      return [s, wecom.getSignature(token, times, nonce, s)];
    }),
  },
}));
"""


def installed() -> Path:
    """The folder the packages lie in; fetched once a machine. Skips, loudly, where npm or Node is not to be had."""
    named = os.environ.get("LINLI_TEST_NODE_CACHE")
    home = Path(named) if named else Path(tempfile.gettempdir()) / f"linli-test-node-crypto-{os.getuid()}"
    if all((home / "node_modules" / name / "package.json").is_file() for name in PACKAGES):
        return home
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("SKIPPED LOUDLY: no Node here, so the envelope was not held against other implementations")
    with tempfile.TemporaryDirectory() as fresh:
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", fresh, *wanted]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"SKIPPED LOUDLY: npm could not install them: {done.stderr[-300:]}")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(fresh, home, dirs_exist_ok=True)
    return home


def messages(seed: int) -> list[str]:
    """Texts of every length around the blocks, in many scripts."""
    chance = random.Random(seed)
    letters = "abc<>&]楼道灯坏了。😀\n\t é"
    return ["".join(chance.choices(letters, k=n % 97 + chance.randrange(3))) or "x" for n in range(MESSAGES)]


def test_three_implementations_read_each_other() -> None:
    home, seed = installed(), random.randrange(2**32)
    print(f"seed {seed}")
    texts, envelope = messages(seed), Envelope(TOKEN, AES_KEY, "ww0123456789abcdef")
    at, nonce = "1772413200", "n1"
    ours = [envelope.seal(text, at, nonce)[0] for text in texts]
    told = {"token": TOKEN, "key": AES_KEY, "id": envelope.owner, "times": at, "nonce": nonce}
    answer = subprocess.run(
        ["node", "-e", SCRIPT],
        input=json.dumps({**told, "texts": texts, "sealed": ours}),
        env={**os.environ, "NODE_PATH": str(home / "node_modules"), "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    for name in PACKAGES:
        assert found[name]["opened"] == [[text, envelope.owner] for text in texts], name
        for text, (sealed, signed) in zip(texts, found[name]["sealed"], strict=True):
            assert signed == signature(TOKEN, at, nonce, sealed)
            assert envelope.open(sealed, signed, at, nonce) == text, name
