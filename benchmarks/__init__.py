"""Measure llmkg against its peers: ``python -m benchmarks``; see README.md."""
