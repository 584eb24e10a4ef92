"""Writing bundles and invitations."""
