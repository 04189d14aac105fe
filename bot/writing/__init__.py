"""Effect -> rows, by subject; bot/effects.py hands each effect to its module."""
