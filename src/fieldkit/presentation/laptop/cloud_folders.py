"""Folders that a service copies to other computers: a kit in one leaves the laptop, and two copies of it may change at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

#: Folder names of services, in lower case; a longer name that begins with one (`OneDrive - NHS`) counts too.
_NAMES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mobile documents": "iCloud",
    "iclouddrive": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pclouddrive": "pCloud",
    "pcloud drive": "pCloud",
    "megasync": "MEGA",
    "box sync": "Box",
    "syncthing": "Syncthing",
    "cloudstorage": "a cloud service",
}
#: What a service leaves in the folder that it copies.
_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
}
_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


def cloud_service(folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """The service that copies `folder`, judged by the names and marks of the folders above it; "" if none is known."""
    environment = os.environ if environment is None else environment
    real = Path(os.path.realpath(folder))
    for variable in _VARIABLES:
        if (root := environment.get(variable)) and real.is_relative_to(os.path.realpath(root)):
            return "OneDrive"
    for part in (*folder.parts, *real.parts):
        small = part.casefold()
        for name, service in _NAMES.items():
            if small == name or small.startswith((f"{name} - ", f"{name}-", f"{name} (")):
                return service
    for above in (real, *real.parents):
        for mark, service in _MARKS.items():
            if os.path.lexists(above / mark):
                return service
    return ""
