"""The one HTTP client of the house, and the guard that decides which hosts it may reach."""
