"""The outside programs that judge what fieldkit writes: age, jq, ssh-keygen, tar, zstd …"""

from __future__ import annotations

import os
import shutil

import pytest


def tool(name: str) -> str:
    """The path of an outside program; without it the test is skipped, or fails where CI=true asks for all."""
    if path := shutil.which(name):
        return path
    reason = f"{name} is not installed, so what fieldkit writes was not checked against it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
