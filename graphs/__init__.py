"""The picture: the conversation graph and one graph per flow, with their nodes, replies and utterances beside them."""
