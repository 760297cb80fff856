"""PyTorch's own modules and others' checkpoints, carried over: the one place that knows their names."""
