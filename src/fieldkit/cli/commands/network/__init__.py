"""Commands on the network and its laptops: set-up, trust, keys."""
