"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.51,
    "asks": -0.20,
    "called": -0.28,
    "complaint": 0.19,
    "danger": 0.80,
    "elsewhere": -1.64,
    "local": 0.90,
    "mine": -0.35,
    "notice": -0.95,
    "past": -0.39,
    "place": 0.69,
    "place and trouble": -0.00,
    "plan": 0.01,
    "play": -1.59,
    "reacts": 0.20,
    "short": -1.55,
    "solved": -1.44,
    "trouble": 0.45,
}
BIAS = -1.50
