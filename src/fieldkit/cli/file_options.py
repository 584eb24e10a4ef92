"""Options that say which part of a file of figures is meant and how its signs are read, for every command that reads one."""

from __future__ import annotations

from typing import Annotated

import typer

Organisation = Annotated[
    str,
    typer.Option("--org", metavar="CODE", help="The organisation, by code or name, if the file has several."),
]
Period = Annotated[str, typer.Option("--period", metavar="NAME", help="The period, if the file has several.")]
Source = Annotated[
    str,
    typer.Option(
        "--source", metavar="NAME", help="Whose stars and rounding the file has: tt, fft, hes, ten or exact."
    ),
]
Dash = Annotated[
    str, typer.Option("--dash", metavar="MEANING", help="What a dash means: zero, missing or star.")
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="The sheet, if the workbook has several.")
]
