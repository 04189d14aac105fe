"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.40,
    "asks": -0.22,
    "called": -0.28,
    "complaint": 0.20,
    "danger": 1.20,
    "elsewhere": -1.64,
    "local": 0.87,
    "mine": -0.34,
    "notice": -0.80,
    "past": -0.31,
    "place": 0.74,
    "place and trouble": -0.02,
    "plan": -0.01,
    "play": -1.59,
    "reacts": 0.18,
    "short": -1.75,
    "solved": -1.48,
    "trouble": 0.44,
}
BIAS = -1.58
