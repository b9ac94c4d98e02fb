"""`calcinet node`: studies from the hospital's network into the queue of the server, their results to archives."""
