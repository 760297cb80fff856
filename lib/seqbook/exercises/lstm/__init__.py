"""The exercises of the part lstm."""
