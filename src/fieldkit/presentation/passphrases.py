"""What people are told about the passphrase of their kit."""

from __future__ import annotations

#: Said once, by the opening that renewed it.
LOCK_RENEWED = (
    "The lock on this kit's key was weaker than it should be. It was renewed; the passphrase stays the same."
)
