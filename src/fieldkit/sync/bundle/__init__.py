"""The bundle file: container, signature, manifest, payload."""
