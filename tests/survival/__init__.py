"""The real program under kills, floods and long hours: what `make torture` and `make soak` run."""
