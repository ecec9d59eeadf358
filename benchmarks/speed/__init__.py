"""How fast a worker is beside the engine itself and beside other ways: ``make bench`` writes benchmarks/RESULTS.md."""
