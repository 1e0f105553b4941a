"""The sandbox core bank: its own ASGI app and database behind the HTTP contract that a real core would serve."""
