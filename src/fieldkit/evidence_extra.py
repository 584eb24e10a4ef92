"""The packages of the extra `evidence`: statistics, charts and documents. Recording and sync work without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from fieldkit.errors import FieldkitError

PACKAGES = frozenset({"scipy", "matplotlib", "docx"})
"""The extra's packages by their import names."""

INSTALL = "Install it with: python3 -m pip install 'fieldkit[evidence]'"


class ExtraMissing(FieldkitError):
    """A package of the extra `evidence` is not installed."""

    title = "A part of fieldkit is not installed"


def evidence_installed() -> bool:
    """Whether the extra's statistics are installed. Finds the package without loading it."""
    return find_spec("scipy") is not None


@contextmanager
def evidence_extra() -> Iterator[None]:
    """A context for imports of the extra's packages.

    Raises:
        ExtraMissing: one of them is not installed. Any other import error passes through unchanged.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise ExtraMissing(
            f"fieldkit's part for evidence is not installed ({package} is missing).",
            kept="Recording, exchange and the summary work without it.",
            hint=INSTALL,
        ) from None
