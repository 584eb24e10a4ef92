"""External programs and facilities that tests need: age, jq, ssh-keygen, tar, zstd, OpenSSL's library, mounts …"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test with this reason, or fail it if CI=true demands all tests."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> str:
    """The path of an external program; without it the test is skipped, or fails if CI=true demands all tests."""
    if path := shutil.which(name):
        return path
    lacking(f"{name} is not installed, so what fieldkit writes was not checked against it")
