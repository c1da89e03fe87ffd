"""What the project says about itself must hold: settings, commands, links, the bootstrap."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^#?(HOCVUSO_[A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == {f"HOCVUSO_{name.upper()}" for name in Settings.model_fields}


def links_of(page: Path) -> list[str]:
    """The page's links to other files of the project; what stands in code is no link."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", prose)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    assert [link for link in links_of(page) if not (page.parent / link).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        found = ((page.parent / link).resolve() for link in links_of(page))
        ahead += [there for there in found if there in PAGES and there not in reached]
    assert set(PAGES) - reached == set()


def commands(group: typer.Typer, before: str = "") -> set[str]:
    own = {f"{before}{command.name or command.callback.__name__}" for command in group.registered_commands if command.callback}
    for inner in group.registered_groups:
        if inner.typer_instance:
            own |= commands(inner.typer_instance, f"{before}{inner.name} ")
    return own


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist(page: Path) -> None:
    known = commands(app) | {"test", "check", "test-models", "test-rasa", "setup", "NAME", "COMMAND"}
    firsts = {command.split()[0] for command in known}
    used = re.findall(
        r"(?:^|[`(])(?:hocvuso|python run\.py|py run\.py) ([a-zA-Z][\w-]*)", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for name in used if name not in firsts] == []


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_told_what_it_needs(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 1))
    with pytest.raises(SystemExit):
        bootstrap.require_python()
    assert "Python 3.9.1 is too old" in capsys.readouterr().err


def test_the_environment_is_made_again_only_when_the_project_changed(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = bootstrap.python_of(tmp_path)
    python.parent.mkdir()
    python.touch()
    assert not bootstrap.is_current(tmp_path, "")
    (tmp_path / "hocvuso.stamp").write_text(bootstrap.stamp("dev"))
    assert bootstrap.is_current(tmp_path, "dev") and bootstrap.is_current(tmp_path, "")
    (tmp_path / "hocvuso.stamp").write_text(bootstrap.stamp(""))
    assert not bootstrap.is_current(tmp_path, "dev")


def test_the_bootstrap_starts_on_any_python_three() -> None:
    """It must be able to say that a Python is too old, so no newer syntax at import."""
    assert subprocess.run([sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, check=True).stdout


def test_the_default_install_has_no_torch() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    default = text.partition("dependencies = [")[2].partition("]\n")[0]
    assert "torch" not in default and "sentence-transformers" not in default
