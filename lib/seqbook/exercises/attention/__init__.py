"""The exercises of the part attention."""
