"""Who belongs to the network: this device, the roster, the rules."""
