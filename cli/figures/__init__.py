"""How well messages are read: measured on labelled files, drawn, and written onto one page."""
