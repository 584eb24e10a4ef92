"""What replicas report in the headers of bundles, and what is stored of each report."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fieldkit.store.local.known_settings import Ancestor


class Report(msgspec.Struct, omit_defaults=True):
    """The latest report of one replica of a laptop.

    `number` is that of its bundle, `at` when a coordinator merged the bundle (milliseconds since 1970).
    """

    number: int = 0
    at: int = 0
    ancestors: list[Ancestor] = []
    """The replicas that it descends from, the nearest first."""
    own: dict[str, int] = {}
    """The last seq that it holds of each stream of its own laptop."""
    marks: dict[str, tuple[int, int]] = {}
    """Origin -> the last seq held of it, and the number that identifies the erasing ops held up to that seq."""


class Replica(Report, omit_defaults=True):
    """What is stored of one replica. `lost_here` gives the last seqs that it holds of this kit's own streams where they are
    missing here (0: it has a receipt under that origin). `via` names the coordinators who passed its report on, the latest first,
    separated by spaces.
    """

    lost_here: dict[str, int] = {}
    via: str = ""


Replicas = Mapping[str, Replica]
"""The origin of a replica ("" if its program does not state it) -> what is stored of it."""


class PassedReport(msgspec.Struct, omit_defaults=True):
    """A report as a coordinator passes it on: `marks` are table indexes; `via`, who passed it on before, the latest first."""

    number: int = 0
    at: int = 0
    ancestors: list[Ancestor] = []
    own: dict[str, int] = {}
    marks: list[int] = []
    via: list[str] = []


class PassedReports(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a coordinator knows of other replicas: a table of marks (origin, last seq, number), and the report of each."""

    marks: list[tuple[str, int, int]] = []
    reports: dict[str, PassedReport] = {}
