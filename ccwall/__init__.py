"""The core: bytes from many sources, normalised events, one state, small patches to many screens.

Pure, except the modules that docs/decisions and the import contracts in pyproject.toml name.
"""

__version__ = "0.1.0"
