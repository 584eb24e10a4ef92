"""Options on which part of a file of figures is meant and how to read its signs, for every command that reads one."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.parameters import option

Districts = Annotated[
    list[str] | None,
    option(
        "--districts",
        "NAME,NAME…",
        "The districts that the figures are of, by name or code, with commas between.",
    ),
]
Dimension = Annotated[
    str,
    option(
        "--dimension",
        "NAME",
        "What the groups differ in: ethnic, religion, orientation, disability, age, gender.",
    ),
]
Organisation = Annotated[
    str, option("--org", "CODE", "The organisation, by code or name, if the file has several.")
]
Period = Annotated[str, option("--period", "NAME", "The period, if the file has several.")]
Source = Annotated[
    str, option("--source", "NAME", "Whose stars and rounding the file has: tt, fft, hes, ten or exact.")
]
Dash = Annotated[str, option("--dash", "MEANING", "What a dash means: zero, missing or star.")]
Sheet = Annotated[str | None, option("--sheet", "NAME", "The sheet, if the workbook has several.")]
