"""The voice: reads messages into typed commands and speaks checked replies. No effects, no money, no storage."""
