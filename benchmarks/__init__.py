"""How fast the library is: `python -m benchmarks` measures and writes `benchmarks/results.md`."""
