"""The contract of the chat API."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.messages import MAX_TEXT
from bot.runtime import Runtime
from bot.tables import ConversationRow, InboxRow, QuestionRow
from bot.web.app import WebParts, create_app
from bot.web.limits import Limits, Rate
from bot.web.requests import MAX_BODY
from tests.web.conftest import replace


def chat(client: TestClient, **body: object) -> dict:
    response = client.post("/api/chat", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_first_contact_gets_a_session_the_notice_and_the_menu(client: TestClient) -> None:
    reply = chat(client, payload="v1:home")
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,64}", reply["session"])
    assert "máy trả lời tự động" in reply["messages"][0]["text"]
    buttons = reply["messages"][-1]["buttons"]
    assert buttons[0] == {"label": "🆘 Đang bị lừa? Bấm đây", "payload": "v1:danger", "number": 1}
    assert {"label": "🙋 Gặp người hỗ trợ", "payload": "v1:human", "nav": True} in buttons


def test_every_message_has_the_documented_fields(client: TestClient) -> None:
    for message in chat(client, payload="v1:home")["messages"]:
        assert set(message) == {"text", "buttons", "media", "urgent", "text_size"}


@pytest.mark.parametrize("session", [None, ""])
def test_a_missing_session_is_made_anew_each_time(client: TestClient, session: str | None) -> None:
    made = {chat(client, session=session, payload="v1:home")["session"] for _ in range(2)}
    assert len(made) == 2


def test_an_unknown_session_is_a_first_contact_and_keeps_its_id(client: TestClient) -> None:
    reply = chat(client, session="never-seen_1", payload="v1:home")
    assert reply["session"] == "never-seen_1"
    assert "Xin chào" in reply["messages"][0]["text"]


def test_a_session_remembers_and_numbers_work_as_buttons(client: TestClient) -> None:
    session = chat(client, payload="v1:home")["session"]
    again = chat(client, session=session, payload="v1:home")
    assert len(again["messages"]) == 1, "the notice is shown once"
    assert chat(client, session=session, text="1")["messages"][-1]["urgent"] is True


@pytest.mark.parametrize("question", ["làm sao để cài đặt VNeID", "lam sao de cai dat vneid"])
def test_a_question_with_and_without_accents_leads_to_its_topic(client: TestClient, question: str) -> None:
    messages = chat(client, text=question)["messages"]
    shown = json.dumps(messages, ensure_ascii=False)
    assert "vneid-cai-dat" in shown or "Cài ứng dụng VNeID" in shown


def test_a_repeated_message_id_is_answered_once_with_the_same_reply(client: TestClient, runtime: Runtime) -> None:
    body = {"session": "repeats", "text": "mã otp là gì", "message_id": "m-1"}
    first, second = chat(client, **body), chat(client, **body)
    assert first == second
    with runtime.database.reading() as session:
        kept = select(func.count()).select_from(InboxRow).where(InboxRow.channel == "web", InboxRow.person == "repeats")
        assert session.scalar(kept) == 1


def test_the_same_message_id_in_two_sessions_is_two_messages(client: TestClient) -> None:
    replies = [chat(client, session=name, payload="v1:home", message_id="same")["messages"] for name in ("one-x", "two-x")]
    assert len(replies[0]) == len(replies[1]) == 2


BAD = [
    ("not json", 400, "bad_json"),
    ("", 400, "bad_json"),
    ("[]", 400, "bad_json"),
    ('"text"', 400, "bad_json"),
    ('{"text": "a"', 400, "bad_json"),
    ('{"text": "\\ud800"}', 400, "bad_json"),
    ("[" * 5000, 400, "bad_json"),
    ("{}", 422, "text_or_payload"),
    ('{"session": "abc"}', 422, "text_or_payload"),
    ('{"text": "a", "payload": "v1:home"}', 422, "text_or_payload"),
    ('{"text": 5}', 422, "bad_text"),
    ('{"text": ["a"]}', 422, "bad_text"),
    ('{"payload": {"a": 1}}', 422, "bad_payload"),
    ('{"session": 7, "text": "a"}', 422, "bad_session"),
    ('{"session": "có dấu", "text": "a"}', 422, "bad_session"),
    ('{"session": "../../etc", "text": "a"}', 422, "bad_session"),
    (json.dumps({"session": "s" * 65, "text": "a"}), 422, "bad_session"),
    ('{"session": "a\\u0000b", "text": "a"}', 422, "bad_session"),
    ('{"session": "abc\\n", "text": "a"}', 422, "bad_session"),
    (json.dumps({"text": "a", "message_id": "m" * 129}), 422, "bad_message_id"),
    ('{"text": "a", "message_id": ""}', 422, "bad_message_id"),
    ('{"text": "a", "message_id": "a b"}', 422, "bad_message_id"),
    (json.dumps({"text": "a" * (MAX_BODY + 1)}), 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD, ids=[f"{code}-{at}" for at, (_, _, code) in enumerate(BAD)])
def test_a_bad_request_is_refused_with_a_clear_sentence(client: TestClient, body: str, status: int, code: str) -> None:
    response = client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert re.search(r"[ạảãàáâậầấẩẫăđêếơưộọụợ]", error["message"]), "in Vietnamese"


def test_invalid_utf8_is_refused(client: TestClient) -> None:
    assert client.post("/api/chat", content=b'{"text": "\xff\xfe"}').status_code == 400


ODD = {
    "empty": "",
    "spaces": " \n\t ",
    "nul": "a\0b",
    "only nul": "\0",
    "emoji": "😀😂🤣❤️👨‍👩‍👧‍👦🇻🇳",
    "zalgo": "".join(c + "\u0336\u0489\u0352\u0317" * 12 for c in "cài đặt"),
    "ten thousand": "cài đặt VNeID " * 715,
    "just over": "x" * (MAX_TEXT + 1),
    "one word": "x" * 10_000,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE conversations; --",
    "template": "{you} {0} %s ${7*7} {{7*7}}",
    "right to left": "\u202eabc\u202c مرحبا",
    "control": "\x01\x02\x7f\x1b[31m",
    "private use": "\ue000\uffff\U0010ffff",
    "number of no choice": "99",
    "digits": "9" * 500,
    "payload typed": "v1:nothing:here",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_whatever_is_typed_gets_a_polite_reply(client: TestClient, text: str) -> None:
    messages = chat(client, text=text)["messages"]
    assert messages and all(message["text"].strip() for message in messages)
    assert "\0" not in json.dumps(messages)


@pytest.mark.parametrize(
    "payload", ["", "v1:", "v1:gone:away", "v9:home", "x" * 10_000, "v1:topic:../../x", "v1:step:otp:999", "\0", "é", "v1:topic"]
)
def test_an_unknown_button_leads_to_the_menu(client: TestClient, payload: str) -> None:
    assert chat(client, payload=payload)["messages"][-1]["buttons"]


def test_an_overlong_text_is_answered_with_a_word_about_it(client: TestClient) -> None:
    text = "\n".join(m["text"] for m in chat(client, text="mã otp là gì " * 300)["messages"])
    assert "chỉ đọc được đoạn đầu và câu cuối" in text


def test_personal_numbers_are_not_kept(client: TestClient, runtime: Runtime) -> None:
    chat(client, session="secret-s", text="số căn cước của tôi là 038090123456 thì cài vneid thế nào")
    with runtime.database.reading() as session:
        kept = session.scalars(select(QuestionRow.text_masked)).all()
    assert not any("038090123456" in text for text in kept)


def test_a_bare_code_is_kept_nowhere_and_the_reply_says_what_is_kept(client: TestClient, runtime: Runtime) -> None:
    reply = chat(client, session="code-s", text="482 913")
    assert reply["said"] == "[mã bí mật]" and "đừng đọc mã cho ai" in str(reply["messages"])
    told = chat(client, session="code-s", text="nó vừa gửi 482913 về máy")
    assert told["said"] == "nó vừa gửi [mã bí mật] về máy" and "đừng đọc mã cho ai" in str(told["messages"])
    assert chat(client, session="code-s", payload="v1:home")["said"] is None
    with runtime.database.reading() as session:
        kept = [*session.scalars(select(QuestionRow.text_masked)), *session.scalars(select(ConversationRow.state))]
    assert not any("913" in text for text in kept)


def test_too_many_messages_are_asked_to_wait(parts: WebParts) -> None:
    tight = replace(parts, limits=Limits(session=Rate(2, 0.1), address=Rate(5, 0.1)))
    with TestClient(create_app(tight)) as client:
        answers = [client.post("/api/chat", json={"session": "fast", "payload": "v1:home"}) for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert answers[2].json()["error"]["code"] == "too_many"
        assert int(answers[2].headers["retry-after"]) >= 1
        others = [client.post("/api/chat", json={"payload": "v1:home"}).status_code for _ in range(5)]
        assert others.count(429) >= 3, "new sessions do not get round the limit of the address"


class Broken:
    """Conversations whose database is away, or that have a fault."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def sanitised(self, incoming: object) -> object:
        return incoming

    def converse(self, _incoming: object) -> None:
        raise self.error


FAULTS = [
    (OperationalError("select", {}, Exception("locked")), 503, "busy"),
    (ZeroDivisionError("secret detail"), 500, "internal"),
]


@pytest.mark.parametrize(("error", "status", "code"), FAULTS)
def test_a_fault_of_ours_is_told_without_its_details(parts: WebParts, error: Exception, status: int, code: str) -> None:
    broken = replace(parts, conversations=Broken(error))  # type: ignore[arg-type]
    with TestClient(create_app(broken), raise_server_exceptions=False) as client:
        response = client.post("/api/chat", json={"text": "a"})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/chat", 405), ("GET", "/api/nothing", 404), ("POST", "/", 405)]
)
def test_wrong_addresses_get_the_same_shape_of_error(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"code", "message"}


def test_the_api_is_described_with_request_and_reply(app: FastAPI) -> None:
    schema = app.openapi()
    operation = schema["paths"]["/api/chat"]["post"]
    fields = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert set(fields) == {"session", "text", "payload", "message_id"}
    assert "ChatReply" in json.dumps(operation["responses"]["200"])
    assert {"/api/chat/events", "/healthz", "/readyz", "/metrics"} <= set(schema["paths"])
