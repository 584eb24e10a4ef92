"""How records travel: keys, signatures, bundles, invitations, merging."""
