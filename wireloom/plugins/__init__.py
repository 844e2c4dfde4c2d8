"""Node types and tools that other packages bring."""

from wireloom.plugins.loading import Brought, Fault, Plugins, load_plugins

__all__ = ["Brought", "Fault", "Plugins", "load_plugins"]
