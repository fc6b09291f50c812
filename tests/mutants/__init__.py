"""One small fault at a time, planted in a copy of the tree: do the tests notice? `python -m tests.mutants --help`."""
