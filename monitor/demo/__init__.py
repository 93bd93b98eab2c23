"""The demo: a recorded, fictional stream of news served on this machine, and the real program run against it."""
