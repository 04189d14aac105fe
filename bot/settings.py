"""Every setting, read once from the environment or one TOML file, validated with messages that say what to do."""

from __future__ import annotations

import json
import os
import re
import secrets
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import Wrong

FILE = "linli.toml"
Understanding = Literal["embedded", "rasa", "chain"]


class Settings(BaseSettings):
    """One frozen set of settings. Environment variables are LINLI_ and the name in capitals; the TOML file (linli.toml,
    or what LINLI_CONFIG names) holds the same names in small letters. The environment wins."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", frozen=True, extra="forbid")

    data_dir: Path = Field(Path(".linli"), description="where the database, photos and the secret live")
    database_url: str = Field(
        "", description="sqlite:///path or postgresql://user@host/name; empty: SQLite in data_dir"
    )
    community: Path | None = Field(
        None, description="community file loaded at the first start; unset: the demo community"
    )
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=0, le=65535, description="its port; 0: any free one")
    health_port: int = Field(
        0, ge=0, le=65535, description="where a process without the web part answers /healthz and /metrics; 0: nowhere"
    )
    public_url: str = Field(
        "", description="how people reach the web pages from outside, such as https://linli.example"
    )
    secret: SecretStr = Field(
        SecretStr(""), description="signs buttons and codes, wraps personal data; empty: made in data_dir"
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="the bot's token from @BotFather; empty: no Telegram")
    telegram_base_url: str = Field("https://api.telegram.org", description="another Bot API server")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="how updates come in")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="required for the webhook: 1-256 of A-Z a-z 0-9 _ -"
    )
    wechat_app_id: str = Field("", description="AppID of a WeChat official account; empty: no WeChat")
    wechat_secret: SecretStr = Field(SecretStr(""), description="its AppSecret")
    wechat_token: SecretStr = Field(SecretStr(""), description="the Token of its server settings")
    wechat_aes_key: SecretStr = Field(
        SecretStr(""), description="its EncodingAESKey, 43 characters; empty: plaintext mode, else only sealed messages"
    )
    wechat_account: str = Field("", description="its original id (gh_…): messages for another account are refused")
    wechat_template: str = Field(
        "", description='a template message that says something waits, as JSON: {"template_id": …, "data": {…}}'
    )
    wechat_subscription: str = Field(
        "", description="a 订阅通知 that says so, as JSON like the template; goes first, to who subscribed to it"
    )
    wechat_base_url: str = Field("https://api.weixin.qq.com", description="another server")
    wecom_corp_id: str = Field("", description="corp id of a WeCom corporation; empty: no WeCom")
    wecom_agent_id: int = Field(0, ge=0, description="AgentId of its app")
    wecom_secret: SecretStr = Field(SecretStr(""), description="the app's Secret")
    wecom_token: SecretStr = Field(SecretStr(""), description="Token of the app's 接收消息 settings")
    wecom_aes_key: SecretStr = Field(SecretStr(""), description="its EncodingAESKey, 43 characters")
    wecom_robots: SecretStr = Field(
        SecretStr(""), description='keys of group robots by name, as JSON: {"west": "…"}; a group is robot:west'
    )
    wecom_bot_token: SecretStr = Field(SecretStr(""), description="Token of an 智能机器人; empty: none")
    wecom_bot_aes_key: SecretStr = Field(SecretStr(""), description="its EncodingAESKey")
    wecom_base_url: str = Field("https://qyapi.weixin.qq.com", description="another server")
    nlu: Understanding = Field(
        "embedded", description="embedded, rasa, or chain (Rasa, the embedded engine when it fails)"
    )
    rasa_url: str = Field("http://127.0.0.1:5005", description="the Rasa server")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what goes to standard error; info: a line a turn"
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError("write sqlite:///path/to/file.db or postgresql://user:password@host/name")
        return value

    @field_validator("wechat_aes_key", "wecom_aes_key", "wecom_bot_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch("[A-Za-z0-9]{43}", value.get_secret_value()):
            raise ValueError("an EncodingAESKey has 43 letters and digits; copy it from the console")
        return value

    @field_validator("wechat_template", "wechat_subscription")
    @classmethod
    def _template(cls, value: str) -> str:
        try:
            fine = not value or "template_id" in json.loads(value)
        except (ValueError, TypeError):
            fine = False
        if not fine:
            raise ValueError('write JSON such as {"template_id": "…", "data": {"thing1": {"value": "社区有消息给您"}}}')
        return value

    @field_validator("public_url", "telegram_base_url", "rasa_url", "wechat_base_url", "wecom_base_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("community")
    @classmethod
    def _there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}; `linli community example` prints one to start from")
        return value

    @model_validator(mode="after")
    def _webhook(self) -> Settings:
        if self.telegram_token.get_secret_value() and self.telegram_mode == "webhook":
            if not self.telegram_webhook_secret.get_secret_value():
                raise ValueError(
                    "LINLI_TELEGRAM_WEBHOOK_SECRET is required with LINLI_TELEGRAM_MODE=webhook: set a long random word"
                )
            if not self.public_url:
                raise ValueError(
                    "LINLI_PUBLIC_URL is required with LINLI_TELEGRAM_MODE=webhook: Telegram must reach us"
                )
        return self

    @field_validator("wecom_robots")
    @classmethod
    def _robots(cls, value: SecretStr) -> SecretStr:
        try:
            found = json.loads(value.get_secret_value() or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(key, str) for key in found.values()):
            raise ValueError('write JSON such as {"west": "the key of its webhook address"}')
        return value

    @model_validator(mode="after")
    def _wecom(self) -> Settings:
        secrets_given = (self.wecom_secret, self.wecom_token, self.wecom_aes_key)
        if self.wecom_corp_id and not (self.wecom_agent_id and all(s.get_secret_value() for s in secrets_given)):
            raise ValueError(
                "LINLI_WECOM_AGENT_ID, LINLI_WECOM_SECRET, LINLI_WECOM_TOKEN and LINLI_WECOM_AES_KEY are required with "
                "LINLI_WECOM_CORP_ID: copy them from the app's page in the WeCom console"
            )
        if self.wecom_corp_id and not self.public_url:
            raise ValueError(
                "LINLI_PUBLIC_URL is required with LINLI_WECOM_CORP_ID: cards lead to the staff page there"
            )
        if self.wecom_bot_token.get_secret_value() and not self.wecom_bot_aes_key.get_secret_value():
            raise ValueError(
                "LINLI_WECOM_BOT_AES_KEY is required with LINLI_WECOM_BOT_TOKEN: both stand in its settings"
            )
        return self

    @model_validator(mode="after")
    def _wechat(self) -> Settings:
        if self.wechat_app_id and not (self.wechat_secret.get_secret_value() and self.wechat_token.get_secret_value()):
            raise ValueError(
                "LINLI_WECHAT_SECRET and LINLI_WECHAT_TOKEN are required with LINLI_WECHAT_APP_ID: "
                "copy both from the official account's console"
            )
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'linli.db'}"


def _file() -> dict[str, Any]:
    named = os.environ.get("LINLI_CONFIG")
    path = Path(named or FILE)
    if not path.is_file():
        if named:
            raise Wrong(f"LINLI_CONFIG: there is no file {path}; correct the path, or unset it to use the defaults")
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"{path}: not valid TOML: {error}") from None
    unknown = sorted(set(found) - set(Settings.model_fields))
    if unknown:
        raise Wrong(f"{path}: there is no setting {unknown[0]!r}; known are {', '.join(Settings.model_fields)}")
    return found


def load(**given: Any) -> Settings:
    """The settings in force; raises Wrong with one line per fault, never showing a secret's value."""
    from_file = _file()
    unknown = [
        k for k in os.environ if k.startswith("LINLI_") and k[6:].lower() not in {*Settings.model_fields, *ELSEWHERE}
    ]
    if unknown:
        raise Wrong(f"{sorted(unknown)[0]}: there is no such setting; known are " + ", ".join(names()))
    values = {k: v for k, v in from_file.items() if f"LINLI_{k.upper()}" not in os.environ} | given
    try:
        return Settings(**values)
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in fault["loc"])
            known = Settings.model_fields.get(name)
            what = known.description if known else ""
            label = f"LINLI_{name.upper()}: " if name else ""
            choices = f" ({', '.join(get_args(known.annotation))})" if known and "literal" in fault["type"] else ""
            lines.append(
                f"{label}{fault['msg'].removeprefix('Value error, ')}{choices}" + (f" — {what}" if what else "")
            )
        raise Wrong("\n".join(lines)) from None


# Read by tests and tools, not settings.
ELSEWHERE = frozenset({"config", "failpoints", "shared", "rasa_python", "rasa_venv", "rasa_journey", "test_node_cache"})


CLOSED = "cannot be written: {why}; name a folder that this user may write"


def names() -> list[str]:
    return [f"LINLI_{name.upper()}" for name in Settings.model_fields]


def secret_of(settings: Settings) -> bytes:
    """The secret: the setting, or one made once and kept in the data directory, readable by its owner only; the
    directory is made where there is none. Raises Wrong."""
    given = settings.secret.get_secret_value()
    if given and len(given) < 16:
        raise Wrong("LINLI_SECRET: too short; use at least 16 random characters, or leave it unset")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return given.encode() or _kept_secret(settings.data_dir / "secret")
    except OSError as error:
        raise Wrong(f"LINLI_DATA_DIR: {settings.data_dir} {CLOSED.format(why=error.strerror)}") from None


def _kept_secret(path: Path) -> bytes:
    if not path.exists():
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32), "utf-8")
        try:
            os.link(made, path)  # exactly one process makes it
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text("utf-8").strip().encode()
