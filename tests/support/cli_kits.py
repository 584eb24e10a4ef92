"""The kits of a coordinator and two laptops on the command line, and what is recorded in them."""

from __future__ import annotations

from pathlib import Path

from commanding import Run

Kits = tuple[Path, Path, Path]


def with_answers(*answers: str) -> list[str]:
    """FIELD=VALUE answers as options of `fieldkit record` and `fieldkit edit`."""
    return [part for answer in answers for part in ("--set", answer)]


def only(run: Run, kit: Path, name: str = "feedback") -> str:
    """The id of the newest record of a kind."""
    return str(run("--kit", kit, "list", name, "--json").json[0]["id"])


def recorded(run: Run, kit: Path, *more: str) -> str:
    """The id of a new feedback record."""
    return str(
        run(
            "--kit", kit, "record", "feedback", *with_answers("consent_record=Y", "rating=2"), *more, "--json"
        ).json["id"]
    )


def fingerprint(run: Run, kit: Path) -> str:
    """The fingerprint of a kit's laptop."""
    return str(run("--kit", kit, "status", "--json").json["device"]["fingerprint"])
