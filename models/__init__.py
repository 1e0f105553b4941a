"""What reads and phrases: chat model and encoder in processes of their own, parsers, the intent classifier. It decides nothing."""
