"""The exercises of the part rnn."""
