"""What a reader may rely on anywhere in the program."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import consent.audit  # noqa: F401 - for the table it declares
import migrations
from consent.queue import Job
from consent.settings import Settings

ROOT = Path(__file__).parents[2]
MODULES = sorted([*ROOT.glob("consent/**/*.py"), *ROOT.glob("web/**/*.py")])
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
BANNED = {
    "utils",
    "helpers",
    "common",
    "misc",
    "core",
    "base",
    "manager",
    "handler",
    "processor",
    "service",
    "services",
}


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_is_too_long_to_read_at_once() -> None:
    lengths = {str(module.relative_to(ROOT)): len(module.read_text().splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{module.relative_to(ROOT)}:{function.name}": function.end_lineno - function.lineno + 1
        for module in MODULES
        for function in functions(module)
        if function.end_lineno is not None
    }
    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [str(module) for module in MODULES if not ast.get_docstring(ast.parse(module.read_text()))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(module) for module in MODULES if module.stem in BANNED] == []


def test_every_job_that_can_be_asked_for_has_a_workflow() -> None:
    source = ast.parse((ROOT / "consent/jobs/workflows.py").read_text())
    named = {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)}
    assert {job.name for job in Job} <= named


def test_every_table_is_known_to_the_migrations() -> None:
    env = Path(migrations.__path__[0], "env.py").read_text()
    packages = sorted(path.parent.name for path in ROOT.glob("consent/*/tables.py"))
    assert [name for name in packages if f"consent.{name}.tables" not in env] == []
    assert "audit_entry" in SQLModel.metadata.tables


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_says_what_it_means(name: str) -> None:
    assert len(Settings.model_fields[name].description or "") > 20


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_documentation(name: str) -> None:
    assert f"`CONSENT_{name.upper()}`" in (ROOT / "docs/operations.md").read_text()
