"""What Wireloom costs, each figure beside its reference in the same run. Nothing here fails by time."""
