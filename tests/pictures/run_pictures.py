"""Pictures of every flow in a real terminal, at four sizes, by hand: what a person meets, to be looked at.

    python tests/pictures/run_pictures.py                        all flows at all sizes
    python tests/pictures/run_pictures.py stall --size 60x20     one of them
    python tests/pictures/run_pictures.py --jobs 4 --out DIR

A flow is a script in `flows`, a step a line; a line that begins with # is a comment.

    kit NAME            the kit to start with: demo, locked, field, empty (see `first_kits.py`); the first step
    file PATH           lay a copy of this file, of tests/data, beside the kit
    run ARGUMENTS       a fieldkit command on the kit, before the program starts or after it ended
    start [ARGUMENTS]   start the program in a terminal; with a command: what it prints and asks; what runs goes on behind
    tall ROWS           what is started next has so many rows, so that all that it prints can be seen
    wait TEXT           wait until this regular expression is found on the screen
    keys KEY ...        press keys, by the names in tests/support/terminal.py, or a letter
    type TEXT           type text as it is
    back TEXT           press Esc until this regular expression is found
    shot NAME           keep the screen, once nothing moves on it
    colours NAME        keep it in the colours that are chosen and in the three that follow; then the first are back
    resize SIZE         give the window another size, for example 60x20
    only SIZE ...       the steps that follow are for these sizes alone, until `only` without any
    quit                end the program, in whatever state it is; that which runs behind it is in front again

Sheets of screens, `FLOW-SIZE-N.png`, lie in --out, with the text of each screen beside them. A step that never comes true
is a dead end: the flow stops there, with the screen on its sheet, and the whole ends with exit code 1. Needs rsvg-convert.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from desk_kits import PASSPHRASE  # noqa: E402  beside this file, whatever folder it is run in
from first_kits import make  # noqa: E402
from screen_drawing import Screen, sheet, write_png  # noqa: E402

import terminal  # noqa: E402
from terminal import Terminal, environment, program  # noqa: E402

FLOWS = HERE / "flows"
SIZES = ("60x20", "80x24", "120x40", "200x50")
#: By the width of screens: how many are beside each other on a sheet, and how many on a sheet in all.
ACROSS = {60: (3, 9), 80: (3, 6), 120: (2, 4), 200: (1, 2)}
#: The number of Esc presses that leave the deepest place.
MOST_ESCAPES = 12
#: The longest time, in seconds, for a key to have an effect; a key without one takes as long.
SLOWEST = 2.0
#: The longest wait for a step, in seconds, while other pictures are taken at the same time.
terminal.PATIENCE = 60.0


STEPS = (
    "kit", "file", "run", "start", "tall", "wait", "keys", "type", "back", "shot", "colours", "resize", "only", "quit",
)  # fmt: skip


class Flow:
    """A flow at one size, whose script runs in a separate folder."""

    def __init__(self, script: Path, size: str, kits: Path, out: Path) -> None:
        self.name, self.size, self._out = script.stem, size, out
        self._steps = script.read_text(encoding="utf-8").splitlines()
        self._kits = kits
        self._columns, self._rows = map(int, size.split("x"))
        self._screens: list[Screen] = []
        self._terminals: list[Terminal] = []

    def follow(self) -> str:
        """Run the script to its end, and draw its sheets; returns what needs attention, or ""."""
        notes: list[str] = []
        with tempfile.TemporaryDirectory() as name:
            self._home = Path(name)
            try:
                meant = True
                for number, line in enumerate(self._steps, 1):
                    verb, _, rest = line.strip().partition(" ")
                    if verb == "only":
                        meant = not rest or self.size in rest.split()
                    elif verb and not verb.startswith("#") and meant:
                        try:
                            getattr(self, f"_{verb}")(rest)
                        except AssertionError as error:
                            notes.append(f"line {number}, “{line}”: {error}".split("\n")[0])
                            if self._terminals:
                                self._shot(f"DEAD END at line {number}")
                            break
            finally:
                while self._terminals:
                    self._quit("")
        self._draw()
        return "".join(f"\n    {note}" for note in notes)

    def _kit(self, name: str) -> None:
        shutil.copytree(self._kits / name, self._home, dirs_exist_ok=True)

    def _file(self, path: str) -> None:
        shutil.copy(HERE.parent / "data" / path, self._home)

    def _run(self, arguments: str) -> None:
        done = subprocess.run(
            [*program(), "--kit", "kit", *shlex.split(arguments)],
            cwd=self._home, env=environment(self._home, FIELDKIT_PASSPHRASE=PASSPHRASE), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in {0, 3}, f"exit code {done.returncode}: {done.stderr[-300:]}"

    def _start(self, arguments: str) -> None:
        given = ["--kit", "kit", *shlex.split(arguments)]
        size = self._columns, self._rows
        self._terminals.append(Terminal(given, self._home, *size, {"COLORTERM": "truecolor"}))

    def _tall(self, rows: str) -> None:
        self._rows = int(rows)

    def _quit(self, _: str) -> None:
        self._shown.__exit__(None, None, None)
        self._terminals.pop()

    @property
    def _shown(self) -> Terminal:
        assert self._terminals, "Nothing was started."
        return self._terminals[-1]

    def _wait(self, pattern: str) -> None:
        self._shown.until(lambda text: bool(re.search(pattern, text)), pattern)

    def _keys(self, names: str) -> None:
        for key in names.split():
            self._give("\x20" if key == "space" else key)

    def _give(self, keys: str) -> None:
        """Press a key or type text; then, like a person watching, continue once it has shown, if it ever does."""
        before = self._shown.text
        self._shown.press(keys)
        self._shown.until_another(before, SLOWEST)
        # What follows too soon after Esc is read as a key with Alt.
        self._shown.until_still(0.6 if keys == "esc" else 0.2)

    def _type(self, text: str) -> None:
        self._give(text)

    def _back(self, pattern: str) -> None:
        for _ in range(MOST_ESCAPES):
            if re.search(pattern, self._shown.text):
                return
            self._give("esc")
            if not re.search(pattern, self._shown.text):
                # A page that is still being read comes in two steps: another Esc would leave it.
                self._shown.until_another(self._shown.text, SLOWEST)
        self._wait(pattern)

    def _shot(self, name: str) -> None:
        self._shown.until_still(0.8)
        self._screens.append(
            Screen(f"{self.name} {self.size}: {name}", self._shown.cells, self._shown.cursor)
        )

    def _colours(self, name: str) -> None:
        for colours in ("", ", next colours", ", third colours", ", fourth colours"):
            self._shot(name + colours)
            self._keys("ctrl+t")

    def _resize(self, size: str) -> None:
        columns, rows = map(int, size.split("x"))
        self._shown.resize(columns, rows)

    def _draw(self) -> None:
        across, most = ACROSS.get(self._columns, (1, 2))
        for number, start in enumerate(range(0, len(self._screens), most), 1):
            path = self._out / f"{self.name}-{self.size}-{number}.png"
            write_png(sheet(self._screens[start : start + most], across), path)
        texts = [f"=== {screen.name}\n{_text(screen)}\n" for screen in self._screens]
        (self._out / f"{self.name}-{self.size}.txt").write_text("\n".join(texts), encoding="utf-8")


def _text(screen: Screen) -> str:
    return "\n".join("".join(cell.data for cell in row).rstrip() for row in screen.cells)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the requested pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("flows", nargs="*", help="names of flows; else all")
    parser.add_argument("--size", action="append", help="for example 80x24; else all four")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "fieldkit-pictures")
    parser.add_argument("--kits", type=Path, help="where kits lie that were made before, and are kept")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    scripts = [FLOWS / f"{name}.flow" for name in given.flows] or sorted(FLOWS.glob("*.flow"))
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        kits = given.kits or Path(name)
        wanted = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
        for kit in sorted(set(re.findall(r"^kit (\w+)$", wanted, re.MULTILINE))):
            if not (kits / kit).exists():
                make(kit, kits / kit)
        flows = [Flow(script, size, kits, given.out) for script in scripts for size in given.size or SIZES]
        lost = 0
        with ThreadPoolExecutor(given.jobs) as pool:
            for flow, notes in zip(flows, pool.map(Flow.follow, flows), strict=True):
                lost += bool(notes)
                print(f"{flow.name} {flow.size}{notes}", flush=True)  # noqa: T201
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
