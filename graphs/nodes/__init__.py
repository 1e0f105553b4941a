"""Bodies of the graphs' nodes, one file a family; each is small and takes its ports from the runtime context."""
