"""The outside programs and means that tests lean on: age, jq, ssh-keygen, tar, zstd, OpenSSL's library, mounts …"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test and say why, or fail it where CI=true asks for all."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> str:
    """The path of an outside program; without it the test is skipped, or fails where CI=true asks for all."""
    if path := shutil.which(name):
        return path
    lacking(f"{name} is not installed, so what fieldkit writes was not checked against it")
