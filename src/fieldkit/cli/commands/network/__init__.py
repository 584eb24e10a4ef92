"""Commands on the network and its laptops: setting up, trust, keys."""
