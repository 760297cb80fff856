"""The exercises of the part beyond."""
