"""Bodies of the conversation graph's nodes: read the inputs, act on the plan, word the reply. Above the flows, which know nothing of it."""
