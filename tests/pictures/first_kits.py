"""The kits that flows start with, made by commands in the flow's home folder."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import coordinator_kits
import desk_kits
import exchange_kits
from desk_kits import PASSPHRASE
from names_kit import NAMES

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PLACE
from networks import Laptop
from terminal import environment, program

_LEAD = "--safeguarding-lead 'Grace Obi, 0116 496 0000'"
_NETWORK = "'Leicester Faith Network for Health'"
_FAIR = "--set title='Vaisakhi health fair' --set date=today --set event_kind='health & wellbeing fair'"

_LONG = (
    "Together for Better Health: Diabetes, Heart Disease and Mental Health Day of the Belgrave Neighbourhood"
)

#: Kit -> the commands that make it; all work in one folder, where `kit` is the kit that is opened.
KITS: dict[str, tuple[str, ...]] = {
    # Nothing yet: the program begins with the first run.
    "empty": (),
    # A coordinator's kit with the whole demonstration.
    "demo": ("demo --keep kit",),
    # The same, with files of figures beside it.
    "figures": ("demo --keep kit",),
    # The same at the stall of an event of today.
    "stall": (
        "demo --keep kit",
        f"--kit kit record event {_FAIR} --set place='Guru Nanak Gurdwara, Leicester'",
        "--kit kit checkin --choose --event 'Vaisakhi health fair'",
    ),
    # The demonstration with long names, names of other scripts, similar ones, and a record in the trash.
    "names": ("demo --keep kit", *NAMES),
    # The same with people who share a name, at the stall of an event with a long title.
    "crowd": (
        "demo --keep kit",
        *NAMES,
        "--kit kit record person --no-code --set name='Mohammed Iqbal' --set consent_record=yes",
        f"--kit kit record event --set title='{_LONG}' --set date=today --set event_kind='health & wellbeing fair'",
        f"--kit kit checkin --choose --event '{_LONG}'",
    ),
    # A coordinator's kit with a passphrase and a long name, and no records.
    "locked": (f"--kit kit network create {_NETWORK} --as 'St Mary' {_LEAD}",),
    # A volunteer's laptop that has joined the network of the coordinator in `hub`.
    "field": (
        "demo --keep hub",
        "--kit hub network invite -o network.fkn",
        f"--kit kit join network.fkn --as 'Sunday laptop' --no-passphrase {_LEAD}",
    ),
}


def _figures(folder: Path) -> list[Laptop]:
    """Files of published figures beside the kit, with a name in them."""
    for file in (Path(__file__).parents[1] / "data").glob("*-*-*.csv"):
        shutil.copy(file, folder)
    return []


#: Kit -> the function that makes it and the kits of other laptops.
MADE: dict[str, Callable[[Path], list[Laptop]]] = {
    "stick": exchange_kits.stick,
    "merged": exchange_kits.merged,
    "disputed": coordinator_kits.disputed,
    "erasing": coordinator_kits.erasing,
    "deputised": coordinator_kits.deputised,
    "receipted": coordinator_kits.receipted,
    "forgotten": desk_kits.forgotten,
    "workbook": desk_kits.workbook,
    "unmatched": desk_kits.unmatched,
    "figures": _figures,
}


def make(name: str, folder: Path) -> None:
    """Make a kit in an empty folder; raises CalledProcessError with the command's output."""
    folder.mkdir()
    for laptop in MADE[name](folder) if name in MADE else ():
        laptop.kit.close()
    for command in KITS.get(name, ()):
        subprocess.run(
            [*program(), *shlex.split(command)], cwd=folder, env=environment(folder, FIELDKIT_PASSPHRASE=PASSPHRASE),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
    for place in (path.parent for path in folder.glob("*/fieldkit.db")):
        # Its copies are not copies of a laptop: each adopts the place where it is first opened.
        with Kit.open(place, PASSPHRASE if name in {"locked", "forgotten"} else None) as kit:
            kit.settings.put(PLACE, None)
