"""How well secrets, personal data and instructions in text are found: figures on labelled texts."""
