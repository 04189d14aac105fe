"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.39,
    "asks": -0.22,
    "called": -0.28,
    "complaint": 0.20,
    "danger": 1.18,
    "elsewhere": -1.63,
    "local": 0.87,
    "mine": -0.34,
    "notice": -0.79,
    "past": -0.31,
    "place": 0.74,
    "place and trouble": -0.01,
    "plan": -0.01,
    "play": -1.57,
    "reacts": 0.18,
    "short": -1.74,
    "solved": -1.47,
    "trouble": 0.43,
}
BIAS = -1.58
