"""Settings from environment variables ``HOCVUSO_*`` or a ``.env`` file (see `.env.example`)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting has a default that works offline on one PC; secrets never print themselves."""

    model_config = SettingsConfigDict(env_prefix="HOCVUSO_", env_file=".env", env_file_encoding="utf-8", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = ""  # empty: SQLite in the data folder
    host: str = "127.0.0.1"
    port: int = 8080
    embedder: str = "onnx"
    nlu: str = "embedded"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")  # empty: the file rasa.token in the data folder, written by `run.py rasa`
    rasa_timeout_ms: int = Field(default=300, gt=0, le=5000)
    public_url: str = ""
    secure_cookies: bool = False
    home_province: str = ""  # name or code of the province offered first to learners
    mong_script: Literal["hmn-VN", "hmn-Latn-rpa", "both"] = "hmn-VN"  # which script this province uses for Mông
    quiz_pass_share: float = Field(default=0.7, gt=0, le=1)  # share of right answers that passes a quiz
    secret_key: SecretStr = SecretStr("")  # encrypts stored platform tokens; empty: a key file in the data folder

    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr = SecretStr("")

    zalo_oa_app_id: str = ""
    zalo_oa_app_secret: SecretStr = SecretStr("")
    zalo_oa_secret_key: SecretStr = SecretStr("")
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    zalo_oa_api_url: str = "https://openapi.zalo.me"
    zalo_oa_oauth_url: str = "https://oauth.zaloapp.com"

    zalo_bot_token: SecretStr = SecretStr("")
    zalo_bot_secret: SecretStr = SecretStr("")
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"

    @field_validator("nlu")
    @classmethod
    def _known_nlu(cls, value: str) -> str:
        if value not in {"embedded", "rasa"}:
            raise ValueError("HOCVUSO_NLU must be 'embedded' or 'rasa'")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("HOCVUSO_SECRET_KEY must have at least 32 characters")
        return value

    @property
    def hidden_languages(self) -> frozenset[str]:
        """Languages of the registry that this province does not offer: Mông in the script it does not use."""
        return frozenset({"hmn-VN", "hmn-Latn-rpa"} - {self.mong_script}) if self.mong_script != "both" else frozenset()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'hocvuso.db').as_posix()}"
