"""The locations of test files: data in `DATA`, the workers that tests start in `SUPPORT`, the whole project in `ROOT`."""

from pathlib import Path

SUPPORT = Path(__file__).parent
DATA = SUPPORT.parent / "data"
ROOT = SUPPORT.parent.parent
