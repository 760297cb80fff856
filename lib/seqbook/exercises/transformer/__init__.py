"""The exercises of the part transformer."""
