"""Commands about how messages are read: `understand`, its figures, and the page they stand on."""
