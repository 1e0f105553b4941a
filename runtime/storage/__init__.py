"""The service's own tables and the plain functions that read and write them."""
