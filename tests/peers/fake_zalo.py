"""A stand-in for Zalo: Official Account API, OAuth v4 and Bot Platform on one loopback port, and a sender of webhooks.

No sandbox exists for either platform. What it accepts and refuses follows the published rules (limits, required fields,
single-use refresh tokens, error envelopes); `test_zalo_peers.py` has independent clients drive it, so that its shapes are not
only our own idea. Codes the documentation does not give (a spent refresh token) are placeholders.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID = "840285093686170967"
APP_SECRET = "app-secret-of-the-tests"
OA_SECRET_KEY = "test-oa-secret"
OA_ID = "1945001651380238465"
BOT_TOKEN = "1234567890:bot-token-of-the-tests"
STYLES = {"b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20", "lst_1", "lst_2"}
BUTTON_TYPES = {"oa.query.hide", "oa.query.show", "oa.open.url", "oa.open.sms", "oa.open.phone"}


@dataclass
class Fault:
    """The next call of a kind ("send", "oauth", "bot") goes wrong. `after_work`: the platform did its part first."""

    kind: str
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    after_work: bool = False


class FakeZalo:
    """The server's memory. Everything a test looks at or prepares is an attribute."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.url = ""
        self.access_token = "first-access-token"
        self.refresh_token = "first-refresh-token"
        self.spent: set[str] = set()
        self.codes = {"consent-code"}
        self.refreshes = 0
        self.oauth_delay = 0.0
        self.sent: list[dict[str, Any]] = []  # message/cs bodies taken
        self.bot_sent: list[tuple[str, dict[str, Any]]] = []  # method and body of what a bot sent
        self.actions: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.allows_buttons = True
        self.person_errors: dict[str, int] = {}  # user id → error code
        self.faults: deque[Fault] = deque()
        self.updates: deque[dict[str, Any]] = deque()
        self.idle_seconds = 0.05
        self.webhook: dict[str, str] | None = None
        self.on_send: Callable[[str], None] = lambda _token: None

    # --- what tests do ---

    def expire(self) -> None:
        """The access token is no longer accepted."""
        self.access_token = "nobody-has-this-" + secrets.token_hex(4)

    def fail(self, kind: str, **fault: Any) -> None:
        self.faults.append(Fault(kind, **fault))

    def texts(self, person: str) -> list[str]:
        """What a person reads on the Official Account."""
        return [s["message"].get("text", "") for s in self.sent if s["recipient"]["user_id"] == person]

    def bot_texts(self, person: str) -> list[str]:
        """What a person reads from the bot."""
        return [b.get("text", b.get("caption", "")) for _, b in self.bot_sent if b["chat_id"] == person]

    def fault(self, kind: str) -> Fault | None:
        with self.lock:
            found = next((f for f in self.faults if f.kind == kind), None)
            if found:
                self.faults.remove(found)
            return found

    # --- OAuth ---

    def oauth(self, secret: str, form: dict[str, str]) -> dict[str, Any]:
        time.sleep(self.oauth_delay)
        with self.lock:
            if secret != APP_SECRET or form.get("app_id") != APP_ID:
                return _oauth_error(-14002, "Invalid appId")
            if form.get("grant_type") == "authorization_code":
                return self._exchanged(form)
            if form.get("grant_type") != "refresh_token":
                return _oauth_error(-14001, "Invalid grant type")
            if form.get("refresh_token") != self.refresh_token:
                return _oauth_error(-14014, "Invalid refresh token")
            self.spent.add(self.refresh_token)
            return self._rotated()

    def _exchanged(self, form: dict[str, str]) -> dict[str, Any]:
        if form.get("code") not in self.codes:
            return _oauth_error(-14019, "Invalid code")
        self.codes.discard(form["code"])
        return self._rotated()

    def _rotated(self) -> dict[str, Any]:
        self.refreshes += 1
        self.access_token = f"access-{self.refreshes}-{secrets.token_hex(8)}"
        self.refresh_token = f"refresh-{self.refreshes}-{secrets.token_hex(8)}"
        return {"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": "90000"}

    # --- Official Account ---

    def oa(self, method: str, path: str, token: str, body: Any) -> dict[str, Any]:
        if token != self.access_token:
            return _error(-216, "Access token has expired")
        routes = {
            ("POST", "/v3.0/oa/message/cs"): self._send,
            ("POST", "/v2.0/oa/message"): lambda b: _done(message_id=secrets.token_hex(8)),
            ("POST", "/v3.0/oa/quota/message"): lambda b: _done(cs_reply={"remain": 8, "total": 8}),
            ("GET", "/v3.0/oa/user/detail"): lambda b: _done(user_id=b["user_id"], display_name="Bà Tư"),
            ("GET", "/v2.0/oa/getoa"): lambda b: _done(oaid=OA_ID, name="Học vụ số"),
            ("POST", "/v2.0/oa/upload/image"): lambda b: _done(attachment_id=secrets.token_hex(8)),
            ("POST", "/v2.0/oa/upload/file"): lambda b: _done(token=secrets.token_hex(8)),
        }
        route = routes.get((method, path))
        return route(body) if route else _error(-240, "no such API")

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        person = body.get("recipient", {}).get("user_id")
        if not isinstance(person, str) or not person:
            return _error(-201, "user_id is invalid!")
        if code := self.person_errors.get(person) or self._wrong(body.get("message", {})):
            return _error(code, "refused")
        self.on_send(self.access_token)
        with self.lock:
            self.sent.append(body)
        return _done(message_id=secrets.token_hex(8), user_id=person, sent_time=str(int(time.time() * 1000)))

    def _wrong(self, message: dict[str, Any]) -> int:
        text, attachment = message.get("text"), message.get("attachment")
        if text is None and attachment is None:
            return -201
        if text is not None and not (isinstance(text, str) and text):
            return -201
        if len((text or "").encode("utf-16-le")) // 2 > 2000:
            return -210
        payload = (attachment or {}).get("payload", {})
        if "buttons" in payload:
            return self._wrong_buttons(payload["buttons"])
        return _wrong_media(payload) if payload.get("template_type") == "media" else 0

    def _wrong_buttons(self, buttons: list[dict[str, Any]]) -> int:
        if not self.allows_buttons:
            return -224
        if not 1 <= len(buttons) <= 5:
            return -210
        return next((code for button in buttons if (code := _wrong_button(button))), 0)

    # --- Bot Platform ---

    def bot(self, token: str, method: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if token != BOT_TOKEN:
            return 401, _not_ok(401, "Unauthorized")
        handler = getattr(self, f"_bot_{method.lower()}", None)
        return handler(body) if handler else (404, _not_ok(404, "Not Found"))

    def _bot_getme(self, _body: Any) -> tuple[int, dict[str, Any]]:
        me = {
            "id": "b1",
            "account_name": "bot.Test",
            "account_type": "BASIC",
            "can_join_groups": False,
            "display_name": "Bot Test",
        }
        return _ok(me)

    def _bot_getupdates(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.webhook:
            return 409, _not_ok(409, "Conflict: a webhook is set")
        deadline = time.monotonic() + min(float(body.get("timeout", 0)), self.idle_seconds)
        while time.monotonic() < deadline or self.updates:
            with self.lock:
                if self.updates:
                    return _ok(self.updates.popleft())
            time.sleep(0.005)
        return 408, {"ok": False, "description": "Request timeout", "error_code": 408}

    def _bot_setwebhook(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not (body.get("url", "").startswith("http") and 8 <= len(body.get("secret_token", "")) <= 256):
            return 400, _not_ok(400, "Bad Request")
        self.webhook = body
        return _ok({"url": body["url"], "updated_at": 1749538250568})

    def _bot_deletewebhook(self, _body: Any) -> tuple[int, dict[str, Any]]:
        self.webhook = None
        return _ok({"url": "", "updated_at": 1749538250568})

    def _bot_getwebhookinfo(self, _body: Any) -> tuple[int, dict[str, Any]]:
        return _ok({"url": self.webhook["url"], "updated_at": 1}) if self.webhook else (404, _not_ok(404, "Not Found"))

    def _bot_sendmessage(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self._bot_take("sendMessage", body, _wrong_bot_text(body.get("text"), body.get("text_styles", [])))

    def _bot_sendphoto(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self._bot_take("sendPhoto", body, not str(body.get("photo", "")).startswith("http"))

    def _bot_sendsticker(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self._bot_take("sendSticker", body, not body.get("sticker"))

    def _bot_sendvoice(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self._bot_take("sendVoice", body, not str(body.get("voice_url", "")).endswith(".aac"))

    def _bot_sendchataction(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if body.get("action") != "typing" or not body.get("chat_id"):
            return 400, _not_ok(400, "Bad Request")
        self.actions.append(body)
        return 200, {"ok": True}

    def _bot_take(self, method: str, body: dict[str, Any], wrong: bool) -> tuple[int, dict[str, Any]]:
        if wrong or not body.get("chat_id"):
            return 400, _not_ok(400, "Bad Request")
        if code := self.person_errors.get(body["chat_id"]):
            return code, _not_ok(code, "refused")
        with self.lock:
            self.bot_sent.append((method, body))
        return _ok({"message_id": secrets.token_hex(8), "date": int(time.time() * 1000)})


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": code, "message": message}


def _oauth_error(code: int, name: str) -> dict[str, Any]:
    return {"error": code, "error_name": name, "error_description": name, "error_reason": name, "ref_doc": "https://…"}


def _done(**data: Any) -> dict[str, Any]:
    return {"data": data, "error": 0, "message": "Success"}


def _ok(result: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"ok": True, "result": result}


def _not_ok(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


def _wrong_button(button: dict[str, Any]) -> int:
    title, kind, payload = button.get("title"), button.get("type"), button.get("payload")
    if not (isinstance(title, str) and 0 < len(title) <= 100 and kind in BUTTON_TYPES):
        return -201
    if kind.startswith("oa.query"):
        return 0 if isinstance(payload, str) and 0 < len(payload) <= 1000 else -201
    return 0 if isinstance(payload, dict) and (kind != "oa.open.url" or payload.get("url", "").startswith("http")) else -201


def _wrong_media(payload: dict[str, Any]) -> int:
    elements = payload.get("elements", [])
    if len(elements) != 1 or elements[0].get("media_type") not in {"image", "gif", "sticker"}:
        return -201
    return 0 if ("url" in elements[0]) != ("attachment_id" in elements[0]) else -201


def _wrong_bot_text(text: Any, styles: list[dict[str, Any]]) -> bool:
    if not isinstance(text, str) or not text:
        return True
    length = len(text.encode("utf-16-le")) // 2
    fits = all(s["start"] >= 0 and s["len"] > 0 and s["start"] + s["len"] <= length and set(s["st"]) <= STYLES for s in styles)
    return length > 2000 or not fits


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    zalo: FakeZalo

    def log_message(self, *_args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self._serve(json.loads(query["data"][0]) if "data" in query else {})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._serve(self._body(raw))

    def _body(self, raw: bytes) -> Any:
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
            return {key: _from_form(value) for key, value in form.items()} if "/bot" in self.path else form
        return json.loads(raw or b"{}") if kind.startswith("application/json") else {}

    def _serve(self, body: Any) -> None:
        path = urlsplit(self.path).path
        kind = "oauth" if path.startswith("/v4/") else "bot" if path.startswith("/bot") else "send"
        self.zalo.calls.append(path)
        fault = self.zalo.fault(kind)
        if fault and not fault.after_work:
            return self._faulty(fault)
        status, answer = self._answer(kind, path, body)
        return self._faulty(fault) if fault else self._reply(status, answer)

    def _answer(self, kind: str, path: str, body: Any) -> tuple[int, Any]:
        if kind == "bot":
            token, _, method = path.removeprefix("/bot").partition("/")
            return self.zalo.bot(token, method, body)
        if kind == "oauth":
            return 200, self.zalo.oauth(self.headers.get("secret_key", ""), body)
        return 200, self.zalo.oa(self.command, path, self.headers.get("access_token", ""), body)

    def _faulty(self, fault: Fault) -> None:
        time.sleep(fault.delay)
        self._reply(fault.status, fault.body if fault.body is not None else {}, fault.headers)

    def _reply(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        raw = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
        try:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def _from_form(value: str) -> Any:
    """Parameters of a form that are not plain strings come as JSON."""
    return json.loads(value) if value[:1] in "[{" else value


@contextmanager
def serving() -> Iterator[FakeZalo]:
    """The stand-in on a free loopback port."""
    zalo = FakeZalo()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"zalo": zalo}))
    server.daemon_threads = True
    zalo.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield zalo
    finally:
        server.shutdown()
        server.server_close()


# --- what Zalo would send to our webhooks ---


def oa_event(name: str, person: str = "2651040744560330253", **parts: Any) -> dict[str, Any]:
    """An Official Account event as it arrives; `message` and other parts as given."""
    common = {"app_id": APP_ID, "sender": {"id": person}, "recipient": {"id": OA_ID}, "event_name": name}
    return {"timestamp": str(int(time.time() * 1000)), "user_id_by_app": "6280932764005168453"} | common | parts


def oa_text(text: str, msg_id: str, person: str = "2651040744560330253") -> dict[str, Any]:
    return oa_event("user_send_text", person, message={"text": text, "msg_id": msg_id})


def signed(event: dict[str, Any], secret: str = OA_SECRET_KEY) -> tuple[bytes, dict[str, str]]:
    """The bytes of an event and its headers, signed the way Zalo does."""
    raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(str(event["app_id"]).encode() + raw + str(event["timestamp"]).encode() + secret.encode())
    return raw, {"X-ZEvent-Signature": f"mac={digest.hexdigest()}", "Content-Type": "application/json"}


def bot_update(name: str, message_id: str, person: str = "6ede9afa66b88fe6d6a9", **message: Any) -> dict[str, Any]:
    """A bot's update, bare, as captured from a bot in use."""
    sender = {"id": person, "display_name": "Ted", "is_bot": False}
    chat = {"id": person, "chat_type": "PRIVATE"}
    common = {"from": sender, "chat": chat, "message_id": message_id, "date": int(time.time() * 1000)}
    return {"event_name": name, "message": common | message}


def bot_text(text: str, message_id: str, person: str = "6ede9afa66b88fe6d6a9") -> dict[str, Any]:
    return bot_update("message.text.received", message_id, person, text=text)
