"""What goes out to a Zalo Official Account: buttons, numbers instead of them, errors by code."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.zalo_oa_errors import AdminNeeded, error_of
from bot.delivery import Rejected, Retry, SendError, Unreachable
from bot.messages import Button, Media, Outgoing
from bot.paging import utf16_length
from storage import Database
from tests.channels.zalo_world import MENU, PERSON, Clock, Oa, opened_oa, sqlite_copy
from tests.peers.fake_zalo import APP_SECRET, FakeZalo, serving


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    opened = sqlite_copy(sqlite_template, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def oa(zalo: FakeZalo, database: Database, clock: Clock) -> Iterator[Oa]:
    with opened_oa(zalo, database, clock) as opened:
        yield opened


def buttons(zalo: FakeZalo) -> list[dict[str, object]]:
    return zalo.sent[-1]["message"]["attachment"]["payload"]["buttons"]


def test_a_menu_has_buttons_that_come_back_as_payloads(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(MENU)
    assert zalo.sent[0]["recipient"] == {"user_id": PERSON}
    assert zalo.texts(PERSON) == ["Chào bạn!\n• Chọn một mục:"]
    assert buttons(zalo) == [
        {"title": "Làm căn cước", "type": "oa.query.hide", "payload": "v1:topic:can-cuoc"},
        {"title": "Trang chính thức", "type": "oa.open.url", "payload": {"url": "https://vneid.gov.vn"}},
        {"title": "🏠 Trang chủ", "type": "oa.query.hide", "payload": "v1:home"},
    ]


def test_a_text_without_choices_has_no_attachment(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(Outgoing("Xin chào"))
    assert zalo.sent[0]["message"] == {"text": "Xin chào"}


def test_a_long_text_comes_in_pieces_with_the_buttons_below_the_last(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(replace(MENU, text="\n\n".join(f"Đoạn {n}: " + "đọc kỹ 🌾 " * 40 for n in range(12))))
    texts = zalo.texts(PERSON)
    assert len(texts) > 2 and all(utf16_length(text) <= 2000 for text in texts)
    assert [("attachment" in sent["message"]) for sent in zalo.sent] == [False] * (len(texts) - 1) + [True]
    assert "".join(texts).count("đọc kỹ") == 12 * 40


def test_more_buttons_than_zalo_shows_become_numbers(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(Outgoing("Chọn:", tuple(Button(f"mục {n}", f"v1:topic:t{n}") for n in range(1, 8))))
    assert "7 – mục 7" in zalo.texts(PERSON)[0] and "attachment" not in zalo.sent[0]["message"]


def test_an_account_without_buttons_gets_numbers_and_is_remembered(oa: Oa, zalo: FakeZalo, clock: Clock) -> None:
    zalo.allows_buttons = False
    oa.send(MENU)
    oa.send(MENU)
    assert len(zalo.calls) - zalo.refreshes == 3  # one refusal, then text at once
    assert zalo.texts(PERSON) == [zalo.texts(PERSON)[0]] * 2
    assert "1 – Làm căn cước" in zalo.texts(PERSON)[0] and "2 – Trang chính thức: https://vneid.gov.vn" in zalo.texts(PERSON)[0]
    zalo.allows_buttons = True
    clock.forward(hours=20)
    oa.send(MENU)
    assert "attachment" not in zalo.sent[-1]["message"]
    clock.forward(hours=5)  # the package may have been upgraded
    oa.send(MENU)
    assert len(buttons(zalo)) == 3


def test_buttons_not_understood_become_numbers_for_this_message_only(oa: Oa, zalo: FakeZalo) -> None:
    zalo.fail("send", body={"error": -201, "message": "buttons is invalid!"})
    oa.send(MENU)
    assert "1 – Làm căn cước" in zalo.texts(PERSON)[0]
    oa.send(MENU)
    assert len(buttons(zalo)) == 3


def test_what_was_taken_before_a_refusal_of_buttons_is_not_sent_again(oa: Oa, zalo: FakeZalo) -> None:
    zalo.allows_buttons = False
    message = replace(MENU, text="a" * 1990 + "\n\n" + "b" * 1990)
    zalo.fail("send", body={"error": -216})  # renewed and sent
    oa.send(message)
    zalo.allows_buttons = True
    assert [text[0] for text in zalo.texts(PERSON)][:2] == ["a", "b"]


def test_a_fault_after_the_first_piece_leaves_only_the_rest(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(Outgoing("đầu"))
    zalo.sent.clear()
    zalo.on_send = lambda _token: zalo.fail("send", status=503) if not zalo.sent else None
    with pytest.raises(Retry) as fault:
        oa.send(replace(MENU, text="a" * 1990 + "\n\n" + "b" * 1990))
    rest = fault.value.rest
    assert rest is not None and rest.text == "b" * 1990 and rest.buttons == MENU.buttons and rest.nav == MENU.nav
    zalo.on_send = lambda _token: None
    oa.send(rest)
    assert [text[0] for text in zalo.texts(PERSON)] == ["a", "b"]


def test_a_fault_while_falling_back_to_numbers_leaves_the_numbers(oa: Oa, zalo: FakeZalo) -> None:
    zalo.allows_buttons = False
    zalo.fail("send", body={"error": -224})
    zalo.fail("send", status=500)
    with pytest.raises(Retry) as fault:
        oa.send(MENU)
    assert fault.value.rest is not None and "1** – Làm căn cước" in fault.value.rest.text


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, Rejected) for code in (-100, -201, -210, -218, -233, -240, -248)),
        *((code, Unreachable) for code in (-213, -217, -227, -230, -232, -244)),
        *((code, AdminNeeded) for code in (-204, -205, -209, -211, -212, -219, -221, -223, -224, -235, -320, -321)),
        *((code, Retry) for code in (-32, -200, -249, -9999, 12)),
    ],
)
def test_errors_by_code(oa: Oa, zalo: FakeZalo, code: int, kind: type[SendError]) -> None:
    zalo.person_errors[PERSON] = code
    with pytest.raises(SendError) as error:
        oa.send(Outgoing("Xin chào"))
    assert type(error.value) is kind
    assert str(code) in str(error.value)


def test_the_tries_of_a_passing_rate_limit_do_not_count() -> None:
    error = error_of(-32)
    assert isinstance(error, Retry) and error.after


def test_what_an_administrator_has_to_mend_is_surfaced_until_it_is_mended(
    oa: Oa, zalo: FakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    oa.send(Outgoing("Xin chào"))
    assert oa.channel.problem() is None
    zalo.person_errors[PERSON] = -221
    for _ in range(2):
        with pytest.raises(AdminNeeded):
            oa.send(Outgoing("Xin chào"))
    assert "not verified" in str(oa.channel.problem())
    assert [r.levelno for r in caplog.records if r.name == "bot.channels.zalo_oa"] == [logging.ERROR]  # said once
    zalo.person_errors.clear()
    oa.send(Outgoing("Xin chào"))
    assert oa.channel.problem() is None


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        ({"status": 429, "headers": {"Retry-After": "7"}}, 7.0),
        ({"status": 429}, 15.0),
        ({"status": 500}, None),
        ({"status": 502, "body": b"<html>"}, None),
        ({"status": 200, "body": b"<html>"}, None),
        ({"status": 200, "body": []}, None),
        ({"status": 200, "body": {"message": "?"}}, None),
        ({"status": 404, "body": {"oops": 1}}, None),
    ],
)
def test_faults_of_the_platform_are_tried_again(oa: Oa, zalo: FakeZalo, fault: dict[str, object], after: float | None) -> None:
    zalo.fail("send", **fault)
    with pytest.raises(Retry) as error:
        oa.send(Outgoing("Xin chào"))
    assert error.value.after == after
    oa.send(Outgoing("Xin chào"))
    assert zalo.texts(PERSON) == ["Xin chào"]


def test_no_answer_in_time_is_tried_again(oa: Oa, zalo: FakeZalo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.TIMEOUT", 0.2)
    zalo.fail("send", delay=0.6)
    with pytest.raises(Retry, match="in time"):
        oa.send(Outgoing("Xin chào"))


def test_a_platform_that_is_away_is_tried_again(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with opened_oa(zalo, database, clock) as oa:
        oa.send(Outgoing("Xin chào"))
        oa.channel._url = "http://127.0.0.1:9/v3.0/oa/message/cs"
        with pytest.raises(Retry, match="not reachable"):
            oa.send(Outgoing("Xin chào"))


PICTURE = Outgoing("Đây là thẻ mẫu.", media=(Media("image", "media/thẻ mẫu.png", "Mặt trước thẻ căn cước"),))


def test_pictures_go_by_their_address(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with opened_oa(zalo, database, clock, public_url="https://bot.example.gov.vn/") as oa:
        oa.send(PICTURE)
    element = zalo.sent[0]["message"]["attachment"]["payload"]["elements"][0]
    assert element == {"media_type": "image", "url": "https://bot.example.gov.vn/media/th%E1%BA%BB%20m%E1%BA%ABu.png"}
    assert zalo.texts(PERSON) == ["Mặt trước thẻ căn cước", "Đây là thẻ mẫu."]


def test_without_a_public_address_pictures_become_words(oa: Oa, zalo: FakeZalo) -> None:
    oa.send(PICTURE)
    assert zalo.texts(PERSON) == ["Mặt trước thẻ căn cước", "Đây là thẻ mẫu."]


def test_a_picture_zalo_will_not_take_becomes_words(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with opened_oa(zalo, database, clock, public_url="https://bot.example.gov.vn") as oa:
        zalo.fail("send", body={"error": -201, "message": "url is invalid!"})
        oa.send(PICTURE)
    assert zalo.texts(PERSON)[0].startswith("Mặt trước thẻ căn cước: https://")


def test_recordings_become_a_link(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with opened_oa(zalo, database, clock, public_url="https://bot.example.gov.vn") as oa:
        oa.send(Outgoing("Nghe bài này:", media=(Media("audio", "media/bai.mp3", "Bản đọc"),)))
    assert zalo.texts(PERSON)[0] == "Bản đọc: https://bot.example.gov.vn/media/bai.mp3"


def test_no_token_in_logs_errors_or_representations(oa: Oa, zalo: FakeZalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")  # Telegram's channel quietens it for the whole process
    seen = [APP_SECRET, zalo.refresh_token]
    zalo.on_send = seen.append
    errors = []
    for fault in ({"status": 500}, {"body": {"error": -216}}, {"body": {"error": -201, "message": zalo.access_token}}, {}):
        if fault:
            zalo.fail("send", **fault)
        try:
            oa.send(Outgoing("Xin chào"))
        except SendError as error:
            errors.append(repr(error) + str(error))
    zalo.expire()
    zalo.spent.add(zalo.refresh_token)
    zalo.refresh_token = "changed-meanwhile"
    with pytest.raises(AdminNeeded) as refusal:
        oa.send(Outgoing("Xin chào"))
    said = (
        caplog.text + " ".join(errors) + repr(refusal.value) + repr(oa.stored) + repr(oa.tokens._app) + str(oa.channel.problem())
    )
    seen += [oa.stored.access_token, oa.stored.refresh_token]
    assert len(set(seen)) >= 4 and errors
    assert [token for token in seen if token in said] == []
