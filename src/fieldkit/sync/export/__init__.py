"""Bundles and invitations going out."""
