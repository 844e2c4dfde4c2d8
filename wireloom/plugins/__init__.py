"""Node types and tools that other packages bring."""

from wireloom.plugins.loading import Brought, Fault, Plugins, load_plugins
from wireloom.plugins.required import BrokenPlugin, required_plugins

__all__ = ["BrokenPlugin", "Brought", "Fault", "Plugins", "load_plugins", "required_plugins"]
