"""Drawn histories take as long as they take, and in CI they are the same ones every time."""

import os

from hypothesis import settings

settings.register_profile("histories", deadline=None, max_examples=300)
settings.register_profile("ci", deadline=None, max_examples=300, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "histories")
