"""An installation with an empty home, and the files that can be drawn without any library's help."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consent import settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CONSENT_HOME", str(tmp_path))
    settings.current.cache_clear()
    yield tmp_path
    settings.current.cache_clear()
