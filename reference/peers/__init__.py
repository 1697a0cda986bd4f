"""What time_peers.py measures; reference/README.md says how it is used."""
