"""How far one Redis reaches: many workers, and many articles that wait. See ``python -m benchmarks.scale --help``."""
