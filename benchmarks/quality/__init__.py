"""How well Watchdesk knows what is new: every figure of quality, with the errors behind it and the peers beside it."""
