"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.83,
    "asks": -0.66,
    "called": -0.19,
    "complaint": 0.09,
    "danger": 0.44,
    "elsewhere": -2.46,
    "local": 0.94,
    "mine": -0.19,
    "notice": -0.99,
    "past": -0.57,
    "place": 1.19,
    "place and trouble": 0.15,
    "plan": 0.14,
    "play": -1.49,
    "reacts": 0.10,
    "short": -1.34,
    "solved": -1.69,
    "trouble": 0.83,
}
BIAS = -2.22
