"""Random tables with relations of all kinds: totals, linked tables, percentages, releases."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

Table = dict[str, dict[str, int | str]]


class MadeTables:
    """One set of tables: rating by service, services within service groups, a subset and a later release."""

    def __init__(self, chance: random.Random, rows: int = 3, columns: int = 3) -> None:
        self.chance = chance
        self.rows = [f"service {at}" for at in range(rows)]
        self.columns = [f"answer {at}" for at in range(columns)]
        self.tables: dict[str, Table] = {}
        self.relations: list[str] = []
        everybody = {row: {column: self._number() for column in self.columns} for row in self.rows}
        self._add("ratings", everybody, percent=chance.random() < 0.6)
        if chance.random() < 0.5:
            self._add_parts(everybody)
        if chance.random() < 0.5:
            self._add_subset(everybody)
        if chance.random() < 0.5:
            self._add_release(everybody)
        if chance.random() < 0.4:
            self._add_quotes(everybody)
        chance.shuffle(self.relations)

    def _number(self) -> int:
        return self.chance.choice([0, 1, 2, 3, 4, 6, 8, 11, 15, 23, 40, 61])

    def _add(self, name: str, cells: Mapping[str, Mapping[str, int]], *, percent: bool = False) -> None:
        table: Table = {row: dict(values) for row, values in cells.items()}
        for values in table.values():
            values["total"] = sum(int(value) for value in values.values())
        table["All"] = {
            column: sum(int(table[row][column]) for row in cells) for column in (*self.columns, "total")
        }
        self.relations.append(f"sum {name} col total = {' + '.join(self.columns)}")
        self.relations.append(f"sum {name} row All = {' + '.join(cells)}")
        if percent:
            parts = self.columns[: self.chance.randint(1, len(self.columns) - 1)]
            self.relations.append(f"pct {name} % good = {' + '.join(parts)} / total")
            for values in table.values():
                part, whole = sum(int(values[column]) for column in parts), int(values["total"])
                values["% good"] = f"{(200 * part + whole) // (2 * whole)}%" if whole else ""
        self.tables[name] = table

    def _add_parts(self, everybody: Mapping[str, Mapping[str, int]]) -> None:
        """Add the kinds of the first service, in a table without a total."""
        row, column = self.rows[0], "total"
        whole = sum(everybody[row].values())
        first = min(whole, self.chance.choice([1, 2, 3, 7]))
        self.tables["kinds"] = {"kind a": {"people": first}, "other": {"people": whole - first}}
        self.relations.append(f"link ratings[{row}|{column}] = kinds[kind a|people] + kinds[other|people]")

    def _add_subset(self, everybody: Mapping[str, Mapping[str, int]]) -> None:
        """Add a table of everybody except carers; the numbers left out only have names."""
        left_out = {
            row: {c: min(n, self.chance.choice([0, 0, 1, 2])) for c, n in values.items()}
            for row, values in everybody.items()
        }
        self._add(
            "not-carers",
            {row: {c: n - left_out[row][c] for c, n in values.items()} for row, values in everybody.items()},
        )
        for row in self.rows:
            for column in self.columns:
                self.relations.append(
                    f"link ratings[{row}|{column}] = not-carers[{row}|{column}] + carers {row} {column}"
                )

    def _add_release(self, everybody: Mapping[str, Mapping[str, int]]) -> None:
        """Add the same table a month later, when a few people have been added."""
        row, columns = self.chance.choice(self.rows), self.columns
        came = {column: self.chance.choice([0, 0, 1, 2]) for column in columns}
        later = {name: dict(values) for name, values in everybody.items()}
        for column in columns:
            later[row][column] += came[column]
        self._add("later", later)
        for name in self.rows:
            for column in columns:
                more = f" + came {column}" if name == row else ""
                self.relations.append(f"link later[{name}|{column}] = ratings[{name}|{column}]{more}")
        self.relations.append(f"link {' + '.join(f'came {column}' for column in columns)} = came")
        self.relations.append(f"know came {sum(came.values())} {sum(came.values())}")
        self.relations += [f"watch came {column}" for column in columns if came[column]]

    def _add_quotes(self, everybody: Mapping[str, Mapping[str, int]]) -> None:
        row, column = self.rows[-1], self.columns[-1]
        self.tables["quotes"] = {row: {column: self.chance.randint(0, everybody[row][column])}}
        self.relations.append(f"link ratings[{row}|{column}] >= quotes[{row}|{column}]")

    def write(self, folder: Path) -> Path:
        """Write the true tables and the relations."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables.items():
            columns: Sequence[str] = list(next(iter(table.values())))
            with (folder / f"true-{name}.csv").open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["", *columns])
                writer.writerows(
                    [row, *(values[column] for column in columns)] for row, values in table.items()
                )
        (folder / "relations.txt").write_text("\n".join(self.relations) + "\n")
        return folder
