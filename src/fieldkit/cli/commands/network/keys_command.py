"""`fieldkit keys`: the coordinator's key, kept safe or changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import add, new_app
from fieldkit.cli.parameters import option
from fieldkit.cli.passphrase_options import new_secret
from fieldkit.errors import Misuse
from fieldkit.file_writing import write_private_file
from fieldkit.paths import lies_in
from fieldkit.presentation.wording import counted
from fieldkit.store.db import scrypt_process
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import rotate_key

keys = new_app("Keep the coordinator's key safe, or change it.")


@keys.callback()
def _keys() -> None:
    """Keep the coordinator's key safe, or change it."""


@command()
def export(
    kit: Kit,
    target: Annotated[Path, option("--out -o", "FILE", "Where to write it.")],
    passphrase_file: Annotated[
        Path | None,
        option(
            "--keys-passphrase-file",
            "FILE",
            "A file with the key's own passphrase; else FIELDKIT_KEYS_PASSPHRASE, else you are asked.",
        ),
    ] = None,
) -> Answer:
    """Write the coordinator's age key, protected by a passphrase of its own.

    With it, bundles can be opened by hand: age -d -i FILE payload.jsonl.zst.age
    """
    path, me = path_of(target), identity(kit)
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Bundles are sealed to the coordinator; this laptop is not the coordinator's.",
            kept="Nothing was written.",
            hint="Run this on the coordinator's laptop.",
        )
    if lies_in(path, kit.folder):
        raise Misuse(
            "The key is for the day when this laptop is lost: keep it outside the kit's own folder.",
            kept="Nothing was written.",
            hint="Write it to a stick that is kept elsewhere.",
        )
    if path.exists():
        raise Misuse(
            f"There is already something called {path}.",
            kept="It was left as it is.",
            hint="Choose another name.",
        )
    made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"# created: {made}\n# public key: {me.age_public}\n{me.age_secret}\n"
    secret = new_secret(
        passphrase_file,
        "FIELDKIT_KEYS_PASSPHRASE",
        "--keys-passphrase-file",
        (me.name, me.network_name),
    )
    write_private_file(path, scrypt_process.wrap(text.encode(), secret))
    return Answer(
        {"path": str(path), "public_key": me.age_public},
        [
            f"Wrote the key: {path}",
            "Keep it away from this laptop: with it and its passphrase, every bundle of the network can be read.",
        ],
    )


@command(writes=True)
def rotate(
    kit: Kit,
    days: Annotated[
        int, option("--days", "N", "For so many days the older key still opens bundles.", min=0, max=3650)
    ] = 180,
) -> Answer:
    """Give the coordinator a new age key. Bundles sealed to the older one still open for a stated time.

    The other laptops seal to the new key once they have merged the next network file.
    """
    renewed = rotate_key(kit, identity(kit), days)
    return Answer(
        {"public_key": renewed.age_public, "older_opens_days": days},
        [
            f"The new key is {renewed.age_public}",
            f"Bundles sealed to the older one open for {counted(days, 'more day', 'more days')}.",
            "Give the new one to the other laptops: fieldkit network invite -o FILE.fkn",
            "Keep it safe as well: fieldkit keys export -o FILE",
        ],
    )


add(keys, "export", export)
add(keys, "rotate", rotate)
