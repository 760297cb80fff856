"""The exercises of the part vision."""
