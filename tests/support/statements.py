"""Signed statements of sealing keys, written only from docs/bundle-format.md."""

from __future__ import annotations

import base64

from nacl.signing import SigningKey

from other_program import device_id


def statement(
    key: SigningKey, sealing_key: str, made: int | str, replaces: str = "-", *, laptop: str = ""
) -> str:
    """A laptop's signed statement of its own sealing key, or of the key of another `laptop` (its id)."""
    laptop = laptop or device_id(bytes(key.verify_key))
    parts = ["fieldkit-statement@v1", "sealing key", laptop, sealing_key, str(made), replaces]
    message = b"".join(len(part).to_bytes(4, "big") + part.encode() for part in parts)
    signature = base64.b64encode(key.sign(message).signature).decode()
    return f"{sealing_key} {made} {replaces} {signature}"
