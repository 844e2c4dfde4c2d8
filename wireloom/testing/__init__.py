"""For those who write node types."""
