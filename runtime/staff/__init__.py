"""The people of the bank: who they are, what they sign off, what they put into force."""
