"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.31,
    "asks": -0.27,
    "called": -0.31,
    "complaint": 0.16,
    "danger": 0.43,
    "elsewhere": -1.62,
    "local": 0.82,
    "mine": -0.22,
    "notice": -0.57,
    "past": -0.48,
    "place": 0.70,
    "place and trouble": 0.21,
    "plan": 0.08,
    "play": -1.75,
    "reacts": 0.16,
    "short": -1.42,
    "solved": -1.27,
    "trouble": 0.42,
}
BIAS = -1.70
