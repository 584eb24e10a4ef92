"""The result of an import, done or rehearsed; and the reasons for refusing a whole file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.importing.choices import Doubt
from fieldkit.importing.reading.rows import Problem
from fieldkit.importing.understanding import ColumnMeaning


@dataclass
class Imported:
    """What an import did: rows = stored + refused + here + totals + hidden.

    `here` counts rows that repeat a record of the kit or an earlier row, `totals` rows that sum up others, `hidden` rows that
    the spreadsheet hides; `left` lists each with its line. `unmapped` are columns that went into no field although nobody
    left them out. `understood` says what each column and value became.
    """

    rows: int = 0
    stored: int = 0
    refused: int = 0
    here: int = 0
    totals: int = 0
    hidden: int = 0
    refused_file: str = ""
    number: int = 0
    """The number that `undo --import` takes."""
    again: str = ""
    """A sentence if this same file was imported before, so that its rows may be here twice; also the first of `notes`."""
    ground_missing: bool = False
    """Nothing says that the people of the file agreed; only a dry run continues then."""
    problems: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    understood: list[ColumnMeaning] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """The doubts that are not resolved yet; only a dry run continues with any."""
    resolved: list[Doubt] = field(default_factory=list)
    """The doubts resolved as fieldkit understood them, because the user confirmed all of them."""
    columns: list[str] = field(default_factory=list)
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class Doubtful(Misuse):
    """A file can be understood in more than one way, and the user has not chosen one.

    `found` is the result of a dry run; its `doubts` say what to check.
    """

    title = "This file needs another look"

    def __init__(self, imported: Imported) -> None:
        super().__init__(
            "\n".join(
                f"“{doubt.column}”: {doubt.sentence}" if doubt.column else doubt.sentence
                for doubt in imported.doubts
            ),
            kept="Nothing was stored.",
            hint="--dry-run --json shows how each value was read. If all of it is right, add --understood.",
        )
        self.imported = imported


class GroundMissing(Misuse):
    """Nothing says that the people of a file agreed to be recorded; `found` is the result of a dry run."""

    title = "Consent is not known"

    def __init__(self, imported: Imported) -> None:
        super().__init__(NO_GROUND, kept="Nothing was stored.", hint=GROUND_HINT)
        self.imported = imported


NO_GROUND = "Nothing in this file says that its people agreed to be recorded."
GROUND_HINT = (
    'Say on what ground they agreed: --consent "GROUND". '
    "If a column holds their answer, map it instead: --map COLUMN=consent_record"
)
