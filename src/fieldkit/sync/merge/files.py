"""Which files a merge reads: the named files, and the bundles in named folders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.errors import NotFound
from fieldkit.paths import BUNDLE_ENDINGS
from fieldkit.removable_media import files_below


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The named files, and for a folder every bundle in it and below, sorted by name.

    Files that operating systems keep on sticks are skipped, unless named.

    Raises:
        NotFound: a name that leads nowhere, or a folder without bundles.
    """
    gathered: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                inside = sorted(
                    file for file in files_below(path, BUNDLE_ENDINGS) if _is_inside(file, path.resolve())
                )
                if not inside:
                    raise NotFound(
                        f"There are no bundles in “{path}”.",
                        hint="Bundles end in .fkb; is it the right stick?",
                    )
                gathered += inside
            elif path.exists() or path.is_symlink():  # a broken link is reported when it is read
                gathered.append(path)
            else:
                raise NotFound(f"There is no file “{path}”.", hint="Is the stick still in? Check the name.")
        except OSError as error:
            raise disk_error(error, path) from error
    return list(dict.fromkeys(gathered))


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is a file, or a link to one, in `folder`: a link may lead out of the named folder.

    A path that can't be examined counts as one: it is reported when it is read, and stops no other file.
    """
    try:
        if path.is_symlink():
            return path.is_file() and path.resolve().is_relative_to(folder)
        return path.is_file() or path.is_dir()
    except OSError:
        return True
