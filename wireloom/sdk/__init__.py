"""What a plain script uses: workflows drawn in code, an executor without a server."""
