"""The community file: read, checked as a whole, and written into the database."""
