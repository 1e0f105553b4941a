"""The bank's HTTP routes, one module a subject. Each is thin: whose call is it, what does it ask, one job in one transaction."""
