"""The proof: a slow, obviously right account of a call centre's numbers, and simulated days to compare the engine with.

Nothing in here looks at how the engine counts: only facts go in, and only what anybody may ask comes out.
"""
