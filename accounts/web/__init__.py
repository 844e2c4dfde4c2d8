"""What every app's API, sockets and background parts are made of.

It lives in the lowest app because each app above may import it; the server
puts the pieces together.
"""
