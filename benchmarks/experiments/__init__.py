"""The statistics of tests, measured; `python -m benchmarks.experiments`."""
