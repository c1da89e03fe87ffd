"""Every write the console can make leaves its line in the audit log, named after who made it."""

from __future__ import annotations

from sqlalchemy import select

from admin.tables import AuditRow
from tests.admin.conftest import HOME, PASSWORD, VARIANT, Console
from tests.admin.test_editing import edit, state_of
from tests.admin.test_languages import draft_word
from tests.admin.test_office import CONTACTS, dead_letter
from tests.admin.test_permissions import EXPECTED, V
from tests.admin.test_queue import ask

WRITES_NOTHING = {f"POST {V}/form", f"POST {V}/preview", "POST /admin/queue/what-if", "POST /admin/queue/confirm"}


class Recorder:
    """Makes writes and remembers which addresses were written to."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.done: set[str] = set()

    def lines(self) -> list[AuditRow]:
        with self.console.database.reading() as session:
            return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))

    def write(self, address: str, path: str, form: dict[str, object], who: str = "admin") -> None:
        browser = self.console.browser(who)
        before = len(self.lines())
        answer = browser.post(path, form)  # type: ignore[arg-type]
        assert answer.status_code == 303, (address, answer.status_code, answer.text)
        added = self.lines()[before:]
        assert [line.actor for line in added] == [who], address
        assert added[0].object and (added[0].before or added[0].after or address.endswith("sign-out")), address
        self.done.add(f"POST {address}")

    def step(self, name: str, **form: object) -> None:
        self.write(f"{V}/{name}", f"{VARIANT}/{name}", form)

    def draft(self, text: str, **more: str) -> None:
        self.write(f"{V}/edit", f"{VARIANT}/edit", dict(edit(self.console.browser("admin"), **{"text.summary": text, **more})))


def test_every_write_is_on_record(console: Console) -> None:
    recorder = Recorder(console)
    _texts(recorder)
    _questions(recorder)
    for name in ("retry", "drop"):
        letter = dead_letter(console)
        recorder.write(f"/admin/letters/{{letter}}/{name}", f"/admin/letters/{letter}/{name}", {})
    recorder.write("/admin/directory/{code}", f"/admin/directory/{HOME}", dict(CONTACTS))
    _users(recorder)
    recorder.write("/admin/languages/{language}/trial", "/admin/languages/khm/trial", {"on": "1"})
    draft_word(console)
    recorder.write(
        "/admin/languages/{language}/words", "/admin/languages/khm/words", {"reviewer": "Sư Thạch", "word": "label.back=ថយ"}
    )
    addresses = {address for address in EXPECTED if address.startswith("POST")}
    assert recorder.done | WRITES_NOTHING | {"POST /admin/sign-in"} == addresses
    assert any(line.action == "sign_in" for line in recorder.lines())
    everything = " ".join(line.before + line.after for line in recorder.lines())
    assert PASSWORD not in everything


def _texts(recorder: Recorder) -> None:
    recorder.step("confirm", revision="1")
    recorder.draft("Bản một.", substantive="1")
    recorder.step("discard")
    recorder.draft("Bản hai.", substantive="1")
    recorder.step("submit")
    recorder.step("return", note="sửa lại")
    recorder.step("publish", draft="3")
    recorder.step("rollback", number="1")
    simple = VARIANT.replace("standard", "simple")
    recorder.write(f"{V}/still-current", f"{simple}/still-current", {})


def _questions(recorder: Recorder) -> None:
    first, second = ask(recorder.console, "chuyện một", "a"), ask(recorder.console, "việc hai", "b")
    recorder.write("/admin/queue/dismiss", "/admin/queue/dismiss", {"ids": str(first)})
    form: dict[str, object] = {"ids": str(second), "text": "việc hai", "topic": "otp"}
    recorder.write("/admin/queue/example", "/admin/queue/example", form)
    draft = state_of(recorder.console)[1]
    assert draft
    recorder.write("/admin/queue/undo", "/admin/queue/undo", {"topic": "otp", "revision": str(draft.number)})
    recorder.write("/admin/queue/publish", "/admin/queue/publish", form)


def _users(recorder: Recorder) -> None:
    person = {"name": "hoa", "full_name": "Hoa", "role": "editor", "commune": "", "active": "1", "password": PASSWORD}
    recorder.write("/admin/users", "/admin/users", dict(person))
    number = max(_user_ids(recorder.console))
    recorder.write("/admin/users/{user}", f"/admin/users/{number}", {**person, "role": "viewer"})
    recorder.write("/admin/users/{user}/password", f"/admin/users/{number}/password", {"password": "mat-khau-moi-tinh"})
    new = "mot-mat-khau-khac"
    recorder.write("/admin/account", "/admin/account", {"old": PASSWORD, "new": new, "again": new}, who="viewer")
    recorder.write("/admin/sign-out", "/admin/sign-out", {}, who="viewer")


def _user_ids(console: Console) -> list[int]:
    from admin.accounts import list_users

    with console.database.reading() as session:
        return [row.id for row in list_users(session)]
