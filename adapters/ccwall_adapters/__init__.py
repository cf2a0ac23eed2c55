"""One module or package for each protocol; each is found by its `ccwall.adapters` entry point."""
