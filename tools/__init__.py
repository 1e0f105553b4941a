"""The hands: typed clients of the core bank's HTTP contract, and the executor, the only caller of anything that writes."""
